"""What people noted about an interview, on its second or of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.store.pool import Executor
from server.store.scorecards import Author

ADD = """
INSERT INTO notes (interview_id, author, user_id, at_ms, text) VALUES ($1, $2, $3, $4, $5)
RETURNING id
"""
LIST = """
SELECT notes.id, author, users.name, at_ms, text, made_at
FROM notes LEFT JOIN users ON users.id = notes.user_id
WHERE interview_id = $1 AND ($2::uuid IS NULL OR notes.id > $2) ORDER BY notes.id LIMIT $3
"""
OTHERS = "SELECT EXISTS (SELECT FROM notes WHERE interview_id = $1 AND id = $2 AND author <> $3)"
REMOVE = "DELETE FROM notes WHERE interview_id = $1 AND id = $2 AND author = $3"


@dataclass(frozen=True, slots=True)
class Note:
    """``text`` empty: a bookmark. ``name``: of the person, where they have an account."""

    id: UUID
    author: str
    name: str | None
    at_ms: int | None
    text: str
    made_at: datetime


class SomebodyElses(Exception):
    """Only whoever made a note removes it."""


async def add(
    on: Executor, interview_id: UUID, author: Author, at_ms: int | None, text: str
) -> UUID:
    made: UUID = await on.fetchval(ADD, interview_id, author.name, author.user_id, at_ms, text)
    return made


async def of_interview(
    on: Executor, interview_id: UUID, after: UUID | None = None, limit: int | None = None
) -> list[Note]:
    """In the order in which they were made."""
    return [Note(**row) for row in await on.fetch(LIST, interview_id, after, limit)]


async def remove(on: Executor, interview_id: UUID, note_id: UUID, author: str) -> None:
    """Twice is once. Raises SomebodyElses."""
    if await on.fetchval(OTHERS, interview_id, note_id, author):
        raise SomebodyElses
    await on.execute(REMOVE, interview_id, note_id, author)
