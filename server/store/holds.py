"""Legal holds: while one is in force, nothing of what it names is deleted, by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.store import audit, scope
from server.store.pool import Executor, transaction

# The lock makes a hold and a deletion wait for each other.
LOCK = "SELECT id FROM resumes WHERE id = $1 FOR UPDATE"
OF_INTERVIEW = "SELECT resume_id FROM interviews WHERE id = $1"
PLACE = """
INSERT INTO legal_holds (resume_id, interview_id, reason, placed_by) VALUES ($1, $2, $3, $4)
RETURNING id, resume_id, interview_id, reason, placed_by, placed_at
"""
LIFT = """
UPDATE legal_holds
SET lifted_at = coalesce(lifted_at, now()), lifted_by = coalesce(lifted_by, $2)
WHERE id = $1 RETURNING resume_id, old.lifted_at IS NULL AS was_in_force
"""
OF_PERSON = """
SELECT id, resume_id, interview_id, reason, placed_by, placed_at FROM legal_holds
WHERE resume_id = $1 AND lifted_at IS NULL ORDER BY id
"""
ON_INTERVIEW = """
SELECT EXISTS (
    SELECT FROM legal_holds JOIN interviews USING (resume_id)
    WHERE interviews.id = $1 AND lifted_at IS NULL
        AND (legal_holds.interview_id IS NULL OR legal_holds.interview_id = $1)
)
"""


@dataclass(frozen=True, slots=True)
class LegalHold:
    """In force. ``interview_id`` null: on all that is kept of the person."""

    id: UUID
    resume_id: UUID
    interview_id: UUID | None
    reason: str
    placed_by: str
    placed_at: datetime


class OnHold(Exception):
    """It must be kept for a legal matter."""


async def place(
    on: Executor, reason: str, *, resume_id: UUID | None = None, interview_id: UUID | None = None
) -> LegalHold | None:
    """On a person, or on one of their interviews; None where there is none."""
    async with transaction(on) as connection:
        if interview_id is not None:
            resume_id = await connection.fetchval(OF_INTERVIEW, interview_id)
        if await connection.fetchval(LOCK, resume_id) is None:
            return None
        who = scope.actor()
        row = await connection.fetchrow(PLACE, resume_id, interview_id, reason, who)
        assert row is not None
        subject = _subject(resume_id, interview_id)
        await audit.add(connection, "hold.placed", subject, hold=str(row["id"]))
        return LegalHold(**row)


async def lift(on: Executor, hold_id: UUID) -> bool:
    """Twice is once. False where there is none."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(LIFT, hold_id, scope.actor())
        if row and row["was_in_force"]:
            about = f"resume {row['resume_id']}"
            await audit.add(connection, "hold.lifted", about, hold=str(hold_id))
    return row is not None


async def of_person(on: Executor, resume_id: UUID) -> list[LegalHold]:
    """Those in force, the person's and their interviews'."""
    return [LegalHold(**row) for row in await on.fetch(OF_PERSON, resume_id)]


async def refuse_held(on: Executor, interview_id: UUID) -> None:
    """Raises OnHold where the interview, or all of the person, must be kept."""
    if await on.fetchval(ON_INTERVIEW, interview_id):
        raise OnHold


def _subject(resume_id: UUID | None, interview_id: UUID | None) -> str:
    return f"resume {resume_id}" if interview_id is None else f"interview {interview_id}"
