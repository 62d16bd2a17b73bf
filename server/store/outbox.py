"""Jobs that are to be done: written with the row that wants them, gone when they are done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from server.jobs import Kind
from server.store.pool import Connection

# Wanted again: whoever still works on it is fenced, and it has all its attempts before it.
ADD = """
INSERT INTO jobs (kind, subject, organisation_id) VALUES ($1, $2, coalesce(
    (SELECT organisation_id FROM resumes WHERE resumes.id = $2),
    (SELECT organisation_id FROM interviews WHERE interviews.id = $2),
    (SELECT organisation_id FROM mails WHERE mails.id = $2),
    (SELECT organisation_id FROM webhook_deliveries WHERE webhook_deliveries.id = $2)
))
ON CONFLICT (kind, subject) DO UPDATE
    SET attempts = 0, epoch = jobs.epoch + 1, due_at = now(), leased_until = NULL,
        error = NULL, failed_at = NULL
"""
# Several processes look at once; each takes what no other is taking. Of one organisation only a few
# of a kind are on their way that nobody has begun: the rest waits here, not before others' jobs.
TAKE_DUE = """
WITH waiting AS (
    SELECT id, due_at, row_number() OVER (
        PARTITION BY kind, organisation_id, error IS NULL ORDER BY due_at <= now(), due_at
    ) AS place
    FROM jobs
    WHERE failed_at IS NULL AND (leased_until IS NULL OR leased_until <= now())
)
UPDATE jobs SET due_at = now() + $1 WHERE id IN (
    SELECT id FROM jobs JOIN waiting USING (id)
    WHERE jobs.failed_at IS NULL AND jobs.due_at <= now() AND (place <= $2 OR error IS NOT NULL)
    ORDER BY place, jobs.due_at LIMIT 100 FOR UPDATE OF jobs SKIP LOCKED
)
RETURNING id, kind, epoch
"""
SENT_AT_MOST = 8
"""Jobs of one kind and organisation that are sent and not begun."""
# One statement: of two who claim the same the second waits for the row and finds the epoch gone.
CLAIM = """
UPDATE jobs
SET attempts = attempts + 1, epoch = epoch + 1,
    leased_until = now() + $3, due_at = now() + $3,
    error = CASE WHEN leased_until IS NULL THEN error ELSE $4 END
WHERE id = $1 AND epoch = $2 AND failed_at IS NULL
    AND (leased_until IS NULL OR leased_until <= now())
RETURNING subject, attempts, epoch, error, organisation_id AS organisation
"""
WHOSE = "SELECT organisation_id FROM jobs WHERE id = $1 AND epoch = $2"
WORKER_DIED = {"code": "worker_died", "detail": "the process that did it ended"}
RENEW = """
UPDATE jobs SET leased_until = now() + $3, due_at = now() + $3 WHERE id = $1 AND epoch = $2
"""
AGAIN = """
UPDATE jobs SET leased_until = NULL, due_at = now() + $3, error = $4 WHERE id = $1 AND epoch = $2
"""
RELEASE = """
UPDATE jobs SET leased_until = NULL, due_at = now(), attempts = attempts - 1
WHERE id = $1 AND epoch = $2
"""
DONE = "DELETE FROM jobs WHERE id = $1 AND epoch = $2"
FAIL = """
UPDATE jobs SET failed_at = now(), leased_until = NULL, error = $3 WHERE id = $1 AND epoch = $2
"""
FORGET = "DELETE FROM jobs WHERE subject = ANY($1) RETURNING id, epoch"
STATE = """
SELECT attempts, failed_at IS NOT NULL AS failed, error FROM jobs WHERE kind = $1 AND subject = $2
"""

DEPTH = """
SELECT count(*) FILTER (WHERE failed_at IS NULL AND leased_until IS NULL) AS waiting,
       count(*) FILTER (WHERE failed_at IS NOT NULL) AS failed,
       coalesce(extract(epoch FROM now() - min(created_at) FILTER (
           WHERE failed_at IS NULL AND leased_until IS NULL AND error IS NULL
       )), 0)::float8 AS oldest_s
FROM jobs
"""


@dataclass(frozen=True, slots=True)
class Depth:
    """Jobs of everybody: ``waiting`` are in nobody's hands, the one that waits for the longest to
    be begun for ``oldest_s``; ``failed`` were given up."""

    waiting: int
    failed: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Due:
    """A job to be sent; ``epoch`` tells one sending of it from the next."""

    id: int
    kind: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in our hands until the lease ends. ``attempts`` counts this one; ``error`` is
    ``{code, detail}`` of the one before; ``organisation``: the subject's."""

    id: int
    epoch: int
    subject: UUID
    attempts: int
    error: dict[str, str] | None
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that is not done: ``failed`` for good, or still to come."""

    attempts: int
    failed: bool
    error: dict[str, str] | None


async def add(connection: Connection, kind: Kind, subject: UUID) -> None:
    """To be called in the transaction that makes the job wanted. Raises as asyncpg does."""
    await connection.execute(ADD, kind.name, subject)


async def add_all(connection: Connection, kind: Kind, subjects: Sequence[UUID]) -> None:
    """The same for many."""
    await connection.executemany(ADD, [(kind.name, subject) for subject in subjects])


async def take_due(pool: asyncpg.Pool, again_s: float) -> list[Due]:
    """At most a hundred that are to be sent now, of each organisation no more than a few of a kind;
    each is due once more ``again_s`` later."""
    rows = await pool.fetch(TAKE_DUE, timedelta(seconds=again_s), SENT_AT_MOST)
    return [Due(**row) for row in rows]


async def whose(pool: asyncpg.Pool, job_id: int, epoch: int) -> UUID | None:
    """The organisation of a job that was sent; None also where it is not to be done any more."""
    found: UUID | None = await pool.fetchval(WHOSE, job_id, epoch)
    return found


async def claim(pool: asyncpg.Pool, job_id: int, epoch: int, lease_s: float) -> Claim | None:
    """None where it is done, in somebody's hands, or was sent anew since."""
    lease = timedelta(seconds=lease_s)
    row = await pool.fetchrow(CLAIM, job_id, epoch, lease, WORKER_DIED)
    return Claim(id=job_id, **row) if row else None


async def renew(pool: asyncpg.Pool, claim: Claim, lease_s: float) -> bool:
    """Whether it is still ours."""
    done = await pool.execute(RENEW, claim.id, claim.epoch, timedelta(seconds=lease_s))
    return done == "UPDATE 1"


async def again(pool: asyncpg.Pool, claim: Claim, after_s: float, error: dict[str, str]) -> None:
    """This attempt failed; the next one may begin ``after_s`` from now."""
    await pool.execute(AGAIN, claim.id, claim.epoch, timedelta(seconds=after_s), error)


async def release(pool: asyncpg.Pool, claim: Claim) -> None:
    """Given back unfinished by a worker that stops; it does not count as an attempt."""
    await pool.execute(RELEASE, claim.id, claim.epoch)


async def done(pool: asyncpg.Pool, claim: Claim) -> None:
    await pool.execute(DONE, claim.id, claim.epoch)


async def fail(connection: Connection, claim: Claim, error: dict[str, str]) -> None:
    """Given up: the row stays, to be seen, until the job is wanted anew."""
    await connection.execute(FAIL, claim.id, claim.epoch, error)


async def forget(connection: Connection, subjects: Sequence[UUID]) -> list[tuple[int, int]]:
    """Whatever was to be done about them is not; number and epoch of each."""
    return [(row["id"], row["epoch"]) for row in await connection.fetch(FORGET, subjects)]


async def waiting(pool: asyncpg.Pool, kind: Kind, subject: UUID) -> Waiting | None:
    row = await pool.fetchrow(STATE, kind.name, subject)
    return Waiting(**row) if row else None


async def depth(pool: asyncpg.Pool) -> Depth:
    row = await pool.fetchrow(DEPTH)
    assert row is not None
    return Depth(**row)
