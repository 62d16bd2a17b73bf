"""What the candidate said, as sound: sealed chunks, consent, and their deletion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from server.store import audit, holds, notices
from server.store.notices import Told
from server.store.pool import transaction
from server.store.scope import alone

# Of what is heard only the driver's word counts; the locks, taken in the one order of all who take
# several, keep the epochs until this is committed.
ADD = """
WITH driven AS (
    SELECT interview_id, epoch FROM leases
    WHERE (interview_id, epoch) IN (SELECT * FROM unnest($1::uuid[], $2::bigint[]))
    ORDER BY interview_id FOR SHARE
), added AS (
    INSERT INTO recording_chunks
        (interview_id, turn, n, start_ms, duration_ms, lost_ms, answer, sealed, loudness)
    SELECT interview_id, turn, n, start_ms, duration_ms, lost_ms, answer, sealed, loudness
    FROM driven JOIN unnest(
        $1::uuid[], $2::bigint[], $3::integer[], $4::integer[], $5::bigint[], $6::integer[],
        $7::integer[], $8::boolean[], $9::bytea[], $10::bytea[]
    ) AS heard (
        interview_id, epoch, turn, n, start_ms, duration_ms, lost_ms, answer, sealed, loudness
    ) USING (interview_id, epoch)
    ON CONFLICT DO NOTHING
)
SELECT interview_id, epoch FROM driven
"""
LAST = "SELECT coalesce(max(n), -1) FROM recording_chunks WHERE interview_id = $1 AND turn = $2"
END = "SELECT max(start_ms + duration_ms) FROM recording_chunks WHERE interview_id = $1"
REACH_BACK = """
UPDATE recording_chunks SET answer = true
WHERE interview_id = $1 AND turn = $2 AND NOT answer AND start_ms + duration_ms > $3
"""
SETTLE = """
WITH settled AS (
    UPDATE sound_keys SET settled_ms = greatest(settled_ms, $2) WHERE interview_id = $1
)
DELETE FROM recording_chunks AS chunks
WHERE interview_id = $1 AND start_ms + duration_ms <= $2 AND NOT EXISTS (
    SELECT FROM recorded_chunks AS kept
    WHERE kept.interview_id = $1 AND kept.turn = chunks.turn AND kept.n = chunks.n
)
"""
DONE = "UPDATE sound_keys SET due_at = NULL WHERE interview_id = $1"
POSTPONE = "UPDATE sound_keys SET due_at = now() + $2::interval WHERE interview_id = $1"
DUE = """
SELECT interviews.id, leases.holder IS NULL OR interviews.status = 'ended' AS free
FROM sound_keys JOIN interviews ON interviews.id = sound_keys.interview_id
LEFT JOIN leases USING (interview_id)
WHERE due_at <= now() AND (leases.holder IS NULL OR leases.held_until <= now())
ORDER BY free DESC, due_at LIMIT $1
"""
SINCE = "SELECT min(since) FROM pending_segments WHERE interview_id = $1"
BETWEEN = """
SELECT turn, n, start_ms, duration_ms, ogg, sealed FROM recording_chunks
WHERE interview_id = $1 AND start_ms < $3 AND start_ms + duration_ms > $2
ORDER BY start_ms, turn, n
"""
CHUNKS = """
SELECT answers.id AS answer_id, chunks.turn, chunks.n, chunks.start_ms, chunks.duration_ms,
       chunks.lost_ms, chunks.loudness
FROM recorded_chunks AS chunks
LEFT JOIN answers ON answers.interview_id = chunks.interview_id AND answers.turn = chunks.turn
WHERE chunks.interview_id = $1 AND chunks.turn IN (
    SELECT DISTINCT turn FROM recorded_chunks
    WHERE interview_id = $1 AND turn > $2 ORDER BY turn LIMIT $3
)
ORDER BY chunks.turn, chunks.n
"""
SOUND = """
SELECT chunks.turn, chunks.n, start_ms, duration_ms, ogg, sealed
FROM recorded_chunks AS chunks
JOIN answers ON answers.interview_id = chunks.interview_id AND answers.turn = chunks.turn
WHERE answers.interview_id = $1 AND answers.id = $2 ORDER BY chunks.n
"""
CONSENT = """
SELECT recording_consent_at AS given_at, recording_withdrawn_at AS withdrawn_at
FROM interviews WHERE id = $1
"""
AGREE = """
UPDATE interviews SET recording_consent_at = now(), recording_withdrawn_at = NULL
WHERE id = $1 AND recording_consent_at IS NULL RETURNING id
"""
WITHDRAW = """
UPDATE interviews SET recording_withdrawn_at = now(), recording_consent_at = NULL
WHERE id = $1 AND recording_consent_at IS NOT NULL RETURNING id
"""
# What is not words yet stays until it is, but is no recording any more.
DELETE = """
WITH waiting AS (
    SELECT settled_ms FROM sound_keys WHERE interview_id = $1 AND due_at IS NOT NULL
), forgotten AS (
    UPDATE recording_chunks AS chunks SET answer = false FROM waiting
    WHERE interview_id = $1 AND start_ms + duration_ms > settled_ms AND answer RETURNING turn
), deleted AS (
    DELETE FROM recording_chunks AS chunks
    WHERE interview_id = $1 AND NOT EXISTS (
        SELECT FROM waiting WHERE chunks.start_ms + chunks.duration_ms > settled_ms
    )
    RETURNING turn
)
SELECT count(DISTINCT turn) FROM (TABLE forgotten UNION ALL TABLE deleted) AS gone
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Sound of one turn, sealed; ``n`` counts them from 0. ``answer``: of the candidate's answer,
    else heard while the question was spoken. ``loudness`` is sealed, too."""

    turn: int
    n: int
    start_ms: int
    duration_ms: int
    lost_ms: int
    answer: bool
    sealed: bytes
    loudness: bytes | None = None


Heard = tuple[UUID, int, Chunk]
"""A chunk of an interview, and the epoch it is to be stored under."""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """``ogg`` is pages of a file, from before chunks were ``sealed``."""

    turn: int
    n: int
    start_ms: int
    duration_ms: int
    ogg: bytes | None
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Consent:
    """``given_at`` is null where the candidate did not agree, or withdrew."""

    given_at: datetime | None
    withdrawn_at: datetime | None


async def add(pool: asyncpg.Pool, heard: Sequence[Heard]) -> set[tuple[UUID, int]]:
    """Append all of it, each under its lease; twice is once. The interviews, with the epoch, that
    are driven under it: of the others nothing is added, another process has them."""
    columns = [list(column) for column in zip(*map(_row, heard), strict=True)]
    with alone():
        driven = await pool.fetch(ADD, *columns)
    return {(row["interview_id"], row["epoch"]) for row in driven}


def _row(heard: Heard) -> tuple[object, ...]:
    interview_id, epoch, one = heard
    span = one.start_ms, one.duration_ms, one.lost_ms
    return (interview_id, epoch, one.turn, one.n, *span, one.answer, one.sealed, one.loudness)


async def last(pool: asyncpg.Pool, interview_id: UUID, turn: int) -> int:
    """Number of the turn's last chunk; -1 where there is none."""
    with alone():
        number: int = await pool.fetchval(LAST, interview_id, turn)
    return number


async def end_ms(pool: asyncpg.Pool, interview_id: UUID) -> int:
    """Up to where on the audio clock sound is stored; 0 where there is none."""
    return await pool.fetchval(END, interview_id) or 0


async def reach_back(pool: asyncpg.Pool, interview_id: UUID, turn: int, since_ms: int) -> None:
    """What was heard from there on belongs to the answer: it began over the question."""
    with alone():
        await pool.execute(REACH_BACK, interview_id, turn, since_ms)


async def settle(pool: asyncpg.Pool, interview_id: UUID, until_ms: int) -> None:
    """All before this is words: what need not outlive that is deleted."""
    with alone():
        await pool.execute(SETTLE, interview_id, until_ms)


async def due(pool: asyncpg.Pool, limit: int) -> dict[UUID, bool]:
    """Interviews of whose sound something may be left to do, and whether certainly nobody drives
    them; else a lease has only not been renewed, maybe because the database was away."""
    return {row["id"]: row["free"] for row in await pool.fetch(DUE, limit)}


async def postpone(pool: asyncpg.Pool, interview_id: UUID, seconds: float) -> None:
    await pool.execute(POSTPONE, interview_id, timedelta(seconds=seconds))


async def waiting_since(pool: asyncpg.Pool, interview_id: UUID) -> datetime | None:
    """Since when the oldest sound that is not words yet has been waiting."""
    since: datetime | None = await pool.fetchval(SINCE, interview_id)
    return since


async def done(pool: asyncpg.Pool, interview_id: UUID) -> None:
    """Nothing is left to do about its sound."""
    await pool.execute(DONE, interview_id)


async def between(
    pool: asyncpg.Pool, interview_id: UUID, start_ms: int, end_ms: int
) -> list[StoredChunk]:
    """Every chunk with any of this stretch of the audio clock, in order."""
    rows = await pool.fetch(BETWEEN, interview_id, start_ms, end_ms)
    return [StoredChunk(**row) for row in rows]


async def chunks(
    pool: asyncpg.Pool, interview_id: UUID, after: int = -1, turns: int | None = None
) -> list[dict[str, Any]]:
    """Every recorded chunk of so many turns after this one, without its sound, in order;
    ``answer_id`` is null until the answer is given."""
    return [dict(row) for row in await pool.fetch(CHUNKS, interview_id, after, turns)]


async def of_answer(pool: asyncpg.Pool, interview_id: UUID, answer_id: UUID) -> list[StoredChunk]:
    """What was recorded of one answer, in order."""
    return [StoredChunk(**row) for row in await pool.fetch(SOUND, interview_id, answer_id)]


async def consent(pool: asyncpg.Pool, interview_id: UUID) -> Consent:
    row = await pool.fetchrow(CONSENT, interview_id)
    return Consent(**row) if row else Consent(None, None)


async def agree(pool: asyncpg.Pool, interview_id: UUID, told: Told) -> Consent:
    """``told``: the notice under which; twice is once."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(AGREE, interview_id):
            await notices.add(connection, interview_id, "agreed", told)
            await audit.add(connection, "recording.agreed", f"interview {interview_id}")
    return await consent(pool, interview_id)


async def withdraw(pool: asyncpg.Pool, interview_id: UUID, told: Told) -> Consent:
    """Takes the consent back and deletes what was recorded under it. Raises OnHold: then it stays
    as it is."""
    async with pool.acquire() as connection, connection.transaction():
        await holds.refuse_held(connection, interview_id)
        withdrawn = await connection.fetchval(WITHDRAW, interview_id)
        if withdrawn:
            await notices.add(connection, interview_id, "withdrawn", told)
        await connection.execute(DELETE, interview_id)
        if withdrawn:
            await audit.add(connection, "recording.withdrawn", f"interview {interview_id}")
    return await consent(pool, interview_id)


async def delete(pool: asyncpg.Pool, interview_id: UUID) -> int:
    """Deletes every recording of the interview; the number of answers that had one. Raises
    OnHold."""
    async with transaction(pool) as connection:
        await holds.refuse_held(connection, interview_id)
        deleted: int = await connection.fetchval(DELETE, interview_id)
        await audit.add(
            connection, "recording.deleted", f"interview {interview_id}", answers=deleted
        )
    return deleted
