"""Whom an opening lets one compare, and what each of them was to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.evidence.comparison import Planned
from server.store.pool import Executor

CANDIDATES = """
SELECT interviews.id AS interview_id, resumes.candidate_name, interviews.language,
       interviews.ended_at
FROM interviews JOIN resumes ON resumes.id = interviews.resume_id
JOIN standings ON standings.interview_id = interviews.id
WHERE interviews.opening_id = $1 AND interviews.status = 'ended' AND standings.answers > 0
ORDER BY interviews.ended_at, interviews.id
"""
PLAN = """
SELECT id, ordinal, text, elsewhere FROM questions
WHERE interview_id = $1 AND ordinal IS NOT NULL ORDER BY ordinal
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Somebody whose interview for the opening is over, and who said something in it."""

    interview_id: UUID
    candidate_name: str | None
    language: str
    ended_at: datetime


async def candidates(on: Executor, opening_id: UUID) -> list[Compared]:
    """In the order in which their interviews ended."""
    return [Compared(**row) for row in await on.fetch(CANDIDATES, opening_id)]


async def plan(on: Executor, interview_id: UUID) -> list[Planned]:
    """In its order."""
    return [
        Planned(
            str(row["id"]),
            row["ordinal"],
            frozenset((row["text"], *(row["elsewhere"] or {}).values())),
        )
        for row in await on.fetch(PLAN, interview_id)
    ]
