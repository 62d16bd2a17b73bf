"""What people want done with an interview, on its way to whoever drives it, until it is a fact."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from server.core.events import SteppedIn
from server.store import audit
from server.store.pool import Connection, Executor, transaction

ADD = """
INSERT INTO steps (id, interview_id, organisation_id, step)
SELECT $1, id, organisation_id, $3 FROM interviews WHERE id = $2
"""
WAITING = "SELECT interview_id, step FROM steps WHERE interview_id = ANY($1) ORDER BY id"
THEIRS = """
SELECT EXISTS (
    SELECT FROM facts WHERE interview_id = $1 AND kind = 'stepped_in'
    AND data->>'step_id' = $2 AND data->>'by' = $3
) OR EXISTS (
    SELECT FROM steps WHERE interview_id = $1 AND id::text = $2 AND step->>'by' = $3
)
"""
TOLD = "DELETE FROM steps WHERE interview_id = $1 AND ($2::text IS NULL OR id::text = $2)"


async def add(on: Executor, interview_id: UUID, step: SteppedIn) -> None:
    """The log tells of it without its words."""
    async with transaction(on) as connection:
        row: Any = msgspec.to_builtins(step)
        await connection.execute(ADD, UUID(step.step_id), interview_id, row)
        about = f"interview {interview_id}"
        await audit.add(connection, "interview.stepped_in", about, step=step.step)


async def is_theirs(pool: asyncpg.Pool, interview_id: UUID, step_id: UUID, by: str) -> bool:
    """Whether it was this one's right by which it was done, or is to be."""
    found: bool = await pool.fetchval(THEIRS, interview_id, str(step_id), by)
    return found


async def waiting(pool: asyncpg.Pool, interviews: Collection[UUID]) -> list[tuple[UUID, SteppedIn]]:
    """Of these interviews, in order."""
    rows = await pool.fetch(WAITING, list(interviews))
    return [(row["interview_id"], msgspec.convert(row["step"], SteppedIn)) for row in rows]


async def told(connection: Connection, interview_id: UUID, step_id: str | None = None) -> None:
    """It is a fact now; None: the interview is over, and nothing more becomes one."""
    await connection.execute(TOLD, interview_id, step_id)
