"""What is said again and again: who is there, and who has not come back."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.realtime.pulse import Pulse
from server.store import board
from server.store.board import Asked
from tests.server.store.conftest import interview_id, resume_id  # noqa: F401 - fixtures
from tests.server.store.test_board import LISTENED, age, tell


async def test_a_beat_says_who_is_there_and_looks_for_who_is_not(
    pool: asyncpg.Pool,
    interview_id: UUID,  # noqa: F811
) -> None:
    await tell(pool, interview_id, LISTENED)
    await age(pool, "seen_at", 60)
    pulse = Pulse(pool, lambda: [interview_id])
    await pulse.beat()
    (row,) = await board.rows(pool, Asked())
    assert row["here"]
    for column in ("seen_at", "present_at"):
        await age(pool, column, 3 * 3_600)
    await pool.execute("UPDATE interviews SET started_at = started_at - interval '4 hours'")
    await Pulse(pool, list).beat()
    (row,) = await board.rows(pool, Asked())
    assert row["state"] == "abandoned"
