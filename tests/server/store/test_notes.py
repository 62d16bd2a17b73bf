"""Notes stand on a second or for the whole, and are their author's."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import notes
from server.store.notes import SomebodyElses
from server.store.scorecards import Author


async def test_they_come_in_order_and_only_their_author_removes_them(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    user = await pool.fetchval(
        "INSERT INTO users (name, role, joined_at) VALUES ('Dana', 'admin', now()) RETURNING id"
    )
    dana, key = Author(f"user {user}", user), Author("interviewer")
    first = await notes.add(pool, interview_id, dana, 700_000, "moved the check: own idea?")
    second = await notes.add(pool, interview_id, key, 900_000, "")
    found = await notes.of_interview(pool, interview_id)
    assert [(one.id, one.name, one.at_ms, one.text) for one in found] == [
        (first, "Dana", 700_000, "moved the check: own idea?"), (second, None, 900_000, ""),
    ]  # fmt: skip
    assert await notes.of_interview(pool, interview_id, first, 1) == found[1:]
    with pytest.raises(SomebodyElses):
        await notes.remove(pool, interview_id, first, key.name)
    await notes.remove(pool, interview_id, first, dana.name)
    await notes.remove(pool, interview_id, first, dana.name)
    assert await notes.of_interview(pool, interview_id) == found[1:]


async def test_a_note_of_the_whole_says_something(pool: asyncpg.Pool, interview_id: UUID) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await notes.add(pool, interview_id, Author("interviewer"), None, "")
