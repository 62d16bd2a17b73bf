"""Two clocks for what is kept of people, each organisation's own: one for sound, page pictures and
PDFs, one for everything. Both begin when somebody's last interview ended, or with what came later;
what is under legal hold stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from server.store import audit, erasure
from server.store.erasure import NobodyThere
from server.store.holds import OnHold
from server.store.pool import Executor, transaction
from server.store.signing import Signer

BATCH: Final = 100

SPANS = """
SELECT coalesce(media_days, $1) AS media_days, record_days FROM organisations
WHERE id = viva_organisation()
"""
BEGAN = "coalesce(ended_at, started_at, interviews.created_at)"
SOUND_DUE = f"""
SELECT interviews.id, interviews.organisation_id
FROM interviews JOIN organisations ON organisations.id = interviews.organisation_id
WHERE {BEGAN} < $1::timestamptz - make_interval(days => coalesce(media_days, $2))
    AND EXISTS (SELECT FROM recording_chunks WHERE interview_id = interviews.id)
    AND NOT EXISTS (
        SELECT FROM legal_holds AS held
        WHERE held.resume_id = interviews.resume_id AND lifted_at IS NULL
            AND (held.interview_id IS NULL OR held.interview_id = interviews.id)
    )
ORDER BY interviews.id LIMIT {BATCH}
FOR UPDATE OF interviews SKIP LOCKED
"""  # noqa: S608 - no input
DELETE_SOUND = "DELETE FROM recording_chunks WHERE interview_id = $1"

# Of a résumé: when the last thing happened that its time is counted from.
LAST = f"""
greatest(resumes.updated_at, (SELECT max({BEGAN}) FROM interviews WHERE resume_id = resumes.id))
"""  # noqa: S608 - no input
NOT_HELD = """
NOT EXISTS (SELECT FROM legal_holds WHERE resume_id = resumes.id AND lifted_at IS NULL)
"""
PAGES_DUE = f"""
SELECT resumes.id, resumes.organisation_id
FROM resumes JOIN organisations ON organisations.id = resumes.organisation_id
WHERE {LAST} < $1::timestamptz - make_interval(days => coalesce(media_days, $2)) AND {NOT_HELD}
    AND (EXISTS (SELECT FROM resume_files WHERE resume_id = resumes.id)
         OR EXISTS (SELECT FROM resume_pages WHERE resume_id = resumes.id))
ORDER BY resumes.id LIMIT {BATCH}
FOR UPDATE OF resumes SKIP LOCKED
"""  # noqa: S608 - no input
DELETE_FILE = "DELETE FROM resume_files WHERE resume_id = $1"
DELETE_PAGES = "DELETE FROM resume_pages WHERE resume_id = $1"
PEOPLE_DUE = f"""
SELECT resumes.id FROM resumes JOIN organisations ON organisations.id = resumes.organisation_id
WHERE {LAST} < $1::timestamptz - make_interval(days => record_days) AND {NOT_HELD}
    AND ($2::uuid IS NULL OR resumes.id > $2)
ORDER BY resumes.id LIMIT {BATCH}
"""  # noqa: S608 - no input
# Whoever was invited and never brought a résumé.
NOBODY_CAME = f"""
DELETE FROM invitations WHERE id IN (
    SELECT invitations.id FROM invitations
    JOIN organisations ON organisations.id = invitations.organisation_id
    WHERE resume_id IS NULL AND interview_id IS NULL
        AND expires_at < $1::timestamptz - make_interval(days => record_days)
    LIMIT {BATCH} FOR UPDATE OF invitations SKIP LOCKED
)
"""  # noqa: S608 - no input


@dataclass(frozen=True, slots=True)
class Spans:
    """Of one organisation, in days."""

    media_days: int
    record_days: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was let go: interviews' sound, résumés' PDFs and pictures, people whole."""

    sounds: int
    files: int
    people: int


async def spans(on: Executor, media_days: int) -> Spans:
    """Those of the organisation in scope; ``media_days``: of one that has not chosen."""
    row = await on.fetchrow(SPANS, media_days)
    return Spans(**row) if row else Spans(media_days, 0)


async def let_go(pool: asyncpg.Pool, signer: Signer, now: datetime, media_days: int) -> Kept:
    """All whose time has passed by ``now``, of every organisation, in batches; again is harmless,
    and so is being broken off. ``media_days``: of organisations that have not chosen. Raises as
    asyncpg does."""
    sounds = await _media(pool, now, media_days, SOUND_DUE, "interview", DELETE_SOUND)
    files = await _media(pool, now, media_days, PAGES_DUE, "resume", DELETE_FILE, DELETE_PAGES)
    people = await _people(pool, signer, now)
    while await pool.execute(NOBODY_CAME, now) == f"DELETE {BATCH}":
        pass
    return Kept(sounds, files, people)


async def _media(
    pool: asyncpg.Pool, now: datetime, media_days: int, due: str, kind: str, *deletions: str
) -> int:
    done = 0
    while True:
        async with transaction(pool) as connection:
            rows = await connection.fetch(due, now, media_days)
            for row in rows:
                for deletion in deletions:
                    await connection.execute(deletion, row["id"])
            for row in rows:
                organisation = row["organisation_id"]
                about = f"{kind} {row['id']}"
                await audit.add(connection, "media.expired", about, organisation=organisation)
        done += len(rows)
        if len(rows) < BATCH:
            return done


async def _people(pool: asyncpg.Pool, signer: Signer, now: datetime) -> int:
    done, after = 0, None
    while True:
        rows = await pool.fetch(PEOPLE_DUE, now, after)
        for row in rows:
            done += await _erased(pool, row["id"], signer)
        if len(rows) < BATCH:
            return done
        after = rows[-1]["id"]


async def _erased(pool: asyncpg.Pool, resume_id: UUID, signer: Signer) -> bool:
    """What was held or deleted in between is somebody else's."""
    try:
        await erasure.erase(pool, resume_id, signer, "clock")
    except (NobodyThere, OnHold):
        return False
    return True
