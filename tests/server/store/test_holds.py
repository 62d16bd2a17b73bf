"""While a hold is in force nothing is deleted of what it names; see also ``test_erasure``."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import holds, interviews, recordings
from server.store.holds import OnHold
from server.store.notices import Told

TOLD = Told("1", "en", None, 30, 7)


async def test_a_hold_on_one_interview_leaves_the_others(
    pool: asyncpg.Pool, resume_id: UUID, interview_id: UUID
) -> None:
    other = await interviews.create(pool, resume_id)
    assert other is not None
    await recordings.agree(pool, interview_id, TOLD)
    hold = await holds.place(pool, "a claim", interview_id=interview_id)
    assert hold is not None
    with pytest.raises(OnHold):
        await recordings.delete(pool, interview_id)
    with pytest.raises(OnHold):
        await recordings.withdraw(pool, interview_id, TOLD)
    assert (await recordings.consent(pool, interview_id)).given_at is not None
    assert await recordings.delete(pool, other.interview_id) == 0
    assert await holds.place(pool, "all of it", resume_id=resume_id)
    with pytest.raises(OnHold):
        await recordings.delete(pool, other.interview_id)
    await holds.lift(pool, hold.id)
    with pytest.raises(OnHold):
        await recordings.delete(pool, interview_id)


async def test_nobody_is_held_who_is_not_there(pool: asyncpg.Pool) -> None:
    assert await holds.place(pool, "a claim", resume_id=uuid4()) is None
    assert await holds.place(pool, "a claim", interview_id=uuid4()) is None
