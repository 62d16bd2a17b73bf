"""What a candidate was told and agreed to is kept as it was, in order."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.store import notices, recordings
from server.store.notices import Told

FIRST = Told("1", "ko", "Hanbit Data", 30, 7)
SECOND = Told("2", "en", None, 60, 7)


async def test_what_was_told_and_agreed_to_stays_as_it_was(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await notices.add(pool, interview_id, "shown", FIRST)
    await recordings.agree(pool, interview_id, FIRST)
    await recordings.agree(pool, interview_id, SECOND)
    await recordings.withdraw(pool, interview_id, SECOND)
    await recordings.withdraw(pool, interview_id, SECOND)
    kept = await notices.of_interview(pool, interview_id)
    assert [(one.kind, one.version) for one in kept] == [
        ("shown", "1"),
        ("agreed", "1"),
        ("withdrawn", "2"),
    ]
    assert (kept[1].who, kept[1].language, kept[1].recording_days) == ("Hanbit Data", "ko", 30)
    assert [one.told_at for one in kept] == sorted(one.told_at for one in kept)
