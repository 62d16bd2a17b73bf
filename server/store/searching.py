"""Finding what was said, in all interviews that are over: sentences, by forms of their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from server.evidence.sentences import Sentence
from server.language.finding import Query, pieces
from server.store.pool import Executor, transaction

MOST: Final = 50
LOOKED_AT: Final = 400
"""Sentences that have all the pieces and are looked at as a whole, the newest first."""

FORGET = "DELETE FROM said_lines WHERE interview_id = $1"
KEEP = """
INSERT INTO said_lines (interview_id, number, answer_id, turn, text, start_ms, pieces)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
FIND = """
SELECT lines.interview_id, lines.number, lines.text, lines.start_ms, resumes.candidate_name,
       interviews.target_role, interviews.language, interviews.opening_id,
       interviews.opening->>'title' AS opening, interviews.ended_at
FROM said_lines AS lines
JOIN interviews ON interviews.id = lines.interview_id
JOIN resumes ON resumes.id = interviews.resume_id
WHERE lines.pieces @> $1::int[] AND ($2::uuid IS NULL OR interviews.opening_id = $2)
ORDER BY interviews.ended_at DESC, lines.interview_id, lines.number LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence, by its number in the interview's report."""

    interview_id: UUID
    number: int
    text: str
    start_ms: int | None
    candidate_name: str | None
    target_role: str
    language: str
    opening_id: UUID | None
    opening: str | None
    ended_at: datetime


async def keep(on: Executor, interview_id: UUID, said: Iterable[Sentence]) -> None:
    """All sentences of an interview, in place of those before."""
    rows = [
        (
            interview_id, one.number, UUID(one.answer_id), one.turn, one.text, one.start_ms,
            pieces(one.text),
        )
        for one in said
    ]  # fmt: skip
    async with transaction(on) as connection:
        await connection.execute(FORGET, interview_id)
        await connection.executemany(KEEP, rows)


async def find(on: Executor, query: Query, opening_id: UUID | None = None) -> list[Hit]:
    """The newest interviews first, in each in the order in which it was said."""
    found: dict[tuple[UUID, int], Hit] = {}
    for needed in query.needs():
        for row in await on.fetch(FIND, needed, opening_id, LOOKED_AT):
            if query.found(row["text"]):
                found.setdefault((row["interview_id"], row["number"]), Hit(**row))
    ordered = sorted(found.values(), key=lambda one: (-one.ended_at.timestamp(), one.number))
    return ordered[:MOST]
