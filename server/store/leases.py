"""Which server process drives an interview. ``epoch`` is what facts are written under."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import asyncpg

WANTED = "viva_leases"
"""The channel on which a process learns that another one wants what it drives."""

TAKE = """
INSERT INTO leases (interview_id, epoch, holder, held_until) VALUES ($1, 1, $2, now() + $3)
ON CONFLICT (interview_id) DO UPDATE
    SET epoch = leases.epoch + 1, holder = EXCLUDED.holder, held_until = EXCLUDED.held_until
    WHERE $4 OR leases.holder IS NULL OR leases.holder = $2 OR leases.held_until <= now()
RETURNING epoch
"""
WANT = """
SELECT pg_notify($2, concat_ws(' ', interview_id, epoch, $3::text))
FROM leases WHERE interview_id = $1
"""
FREE = """
SELECT NOT EXISTS (
    SELECT FROM leases WHERE interview_id = $1 AND holder IS NOT NULL AND held_until > now()
)
"""
# Whoever locks several does so in one order, so that no two wait for each other.
RENEW = """
WITH mine AS (
    SELECT interview_id FROM leases
    WHERE (interview_id, epoch) IN (SELECT * FROM unnest($1::uuid[], $2::bigint[]))
    ORDER BY interview_id FOR NO KEY UPDATE
)
UPDATE leases SET held_until = now() + $3 FROM mine WHERE leases.interview_id = mine.interview_id
RETURNING leases.interview_id
"""
GIVE_BACK = """
UPDATE leases SET holder = NULL, held_until = now() WHERE interview_id = $1 AND epoch = $2
"""


async def take(
    pool: asyncpg.Pool, interview_id: UUID, holder: UUID, seconds: float, *, force: bool
) -> int | None:
    """The new epoch; None where another process holds it and it is not to be taken by force."""
    args = interview_id, holder, timedelta(seconds=seconds), force
    epoch: int | None = await pool.fetchval(TAKE, *args)
    return epoch


async def want(pool: asyncpg.Pool, interview_id: UUID, end: str | None = None) -> None:
    """Ask whoever holds it to hand it over, or, for this reason, to ``end`` the interview."""
    await pool.execute(WANT, interview_id, WANTED, end)


async def free(pool: asyncpg.Pool, interview_id: UUID) -> bool:
    """Whether nobody drives it."""
    return bool(await pool.fetchval(FREE, interview_id))


def wanted(payload: str) -> tuple[UUID, int, str | None]:
    """What a notification on ``WANTED`` says: the interview, the epoch that is to end, and why the
    interview is to end with it."""
    interview_id, epoch, *end = payload.split()
    return UUID(interview_id), int(epoch), end[0] if end else None


async def renew(pool: asyncpg.Pool, epochs: Mapping[UUID, int], seconds: float) -> set[UUID]:
    """Those of the interviews that are still ours, for so long from now."""
    args = list(epochs), list(epochs.values()), timedelta(seconds=seconds)
    return {row["interview_id"] for row in await pool.fetch(RENEW, *args)}


async def give_back(pool: asyncpg.Pool, interview_id: UUID, epoch: int) -> None:
    await pool.execute(GIVE_BACK, interview_id, epoch)
