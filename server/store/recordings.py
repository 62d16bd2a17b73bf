"""What the candidate said, as sound: chunks of Ogg/Opus, consent, and their deletion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from server.store import notices
from server.store.notices import Told

# The lock makes a chunk and a withdrawal of the consent wait for each other.
ADD = """
WITH consented AS (
    SELECT id FROM interviews WHERE id = $1 AND recording_consent_at IS NOT NULL FOR SHARE
), added AS (
    INSERT INTO recording_chunks
        (interview_id, turn, n, start_ms, duration_ms, lost_ms, pages, granule, ogg)
    SELECT id, $2, $3, $4, $5, $6, $7, $8, $9 FROM consented
    ON CONFLICT DO NOTHING
)
SELECT count(*) FROM consented
"""
LAST = """
SELECT n, pages, granule FROM recording_chunks
WHERE interview_id = $1 AND turn = $2 ORDER BY n DESC LIMIT 1
"""
CHUNKS = """
SELECT answers.id AS answer_id, chunks.turn, chunks.start_ms, chunks.duration_ms, chunks.lost_ms,
       chunks.granule
FROM recording_chunks AS chunks
LEFT JOIN answers ON answers.interview_id = chunks.interview_id AND answers.turn = chunks.turn
WHERE chunks.interview_id = $1 AND chunks.turn IN (
    SELECT DISTINCT turn FROM recording_chunks
    WHERE interview_id = $1 AND turn > $2 ORDER BY turn LIMIT $3
)
ORDER BY chunks.turn, chunks.n
"""
SOUND = """
SELECT string_agg(chunks.ogg, ''::bytea ORDER BY chunks.n)
FROM recording_chunks AS chunks
JOIN answers ON answers.interview_id = chunks.interview_id AND answers.turn = chunks.turn
WHERE answers.interview_id = $1 AND answers.id = $2
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
DELETE = """
WITH deleted AS (DELETE FROM recording_chunks WHERE interview_id = $1 RETURNING turn)
SELECT count(DISTINCT turn) FROM deleted
"""
EXPIRE = """
WITH old AS (
    SELECT DISTINCT interview_id FROM recording_chunks WHERE recorded_at < now() - $1::interval
), deleted AS (
    DELETE FROM recording_chunks USING old WHERE recording_chunks.interview_id = old.interview_id
    RETURNING recording_chunks.interview_id
)
SELECT count(DISTINCT interview_id) FROM deleted
"""


@dataclass(frozen=True, slots=True)
class Chunk:
    """``pages`` and ``granule``: where the turn's Ogg stream stands after it."""

    turn: int
    n: int
    start_ms: int
    duration_ms: int
    lost_ms: int
    pages: int
    granule: int
    ogg: bytes


@dataclass(frozen=True, slots=True)
class Consent:
    """``given_at`` is null where the candidate did not agree, or withdrew."""

    given_at: datetime | None
    withdrawn_at: datetime | None


async def add(pool: asyncpg.Pool, interview_id: UUID, chunk: Chunk) -> bool:
    """Append; twice is once. False where the candidate does not agree: nothing was stored."""
    consented = await pool.fetchval(
        ADD,
        interview_id,
        chunk.turn,
        chunk.n,
        chunk.start_ms,
        chunk.duration_ms,
        chunk.lost_ms,
        chunk.pages,
        chunk.granule,
        chunk.ogg,
    )
    return bool(consented)


async def last(pool: asyncpg.Pool, interview_id: UUID, turn: int) -> tuple[int, int, int]:
    """Number, pages and granule of the turn's last chunk; (-1, 0, 0) where there is none."""
    row = await pool.fetchrow(LAST, interview_id, turn)
    return (row["n"], row["pages"], row["granule"]) if row else (-1, 0, 0)


async def chunks(
    pool: asyncpg.Pool, interview_id: UUID, after: int = -1, turns: int | None = None
) -> list[dict[str, Any]]:
    """Every chunk of so many turns after this one, without its sound, in order; ``answer_id`` is
    null until the answer is given."""
    return [dict(row) for row in await pool.fetch(CHUNKS, interview_id, after, turns)]


async def sound(pool: asyncpg.Pool, interview_id: UUID, answer_id: UUID) -> bytes | None:
    """The Ogg file of one answer."""
    found: bytes | None = await pool.fetchval(SOUND, interview_id, answer_id)
    return found


async def consent(pool: asyncpg.Pool, interview_id: UUID) -> Consent:
    row = await pool.fetchrow(CONSENT, interview_id)
    return Consent(**row) if row else Consent(None, None)


async def agree(pool: asyncpg.Pool, interview_id: UUID, told: Told) -> Consent:
    """``told``: the notice under which; twice is once."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(AGREE, interview_id):
            await notices.add(connection, interview_id, "agreed", told)
    return await consent(pool, interview_id)


async def withdraw(pool: asyncpg.Pool, interview_id: UUID, told: Told) -> Consent:
    """Takes the consent back and deletes what was recorded under it."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(WITHDRAW, interview_id):
            await notices.add(connection, interview_id, "withdrawn", told)
        await connection.execute(DELETE, interview_id)
    return await consent(pool, interview_id)


async def delete(pool: asyncpg.Pool, interview_id: UUID) -> int:
    """Deletes every recording of the interview; the number of answers that had one."""
    deleted: int = await pool.fetchval(DELETE, interview_id)
    return deleted


async def expire(pool: asyncpg.Pool, days: int) -> int:
    """Deletes the recordings of interviews with any older than this; returns their number."""
    expired: int = await pool.fetchval(EXPIRE, timedelta(days=days))
    return expired
