"""What is looked for again and again: interviews that nobody came back to."""

from __future__ import annotations

import asyncpg

from server.store import board
from server.store.board import Asked
from tests.live import running, until
from tests.server.store.test_board import LISTENED, age, another, tell


async def test_who_did_not_come_back_is_found_at_the_start(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    interview_id = await another(pool, "Nora")
    await tell(pool, interview_id, LISTENED)
    for column in ("seen_at", "present_at"):
        await age(pool, column, 3 * 3_600)
    await pool.execute("UPDATE interviews SET started_at = started_at - interval '4 hours'")

    async def abandoned() -> bool | None:
        (row,) = await board.rows(pool, Asked())
        return row["state"] == "abandoned" or None

    async with running(database_url, redis_url, worker=False):
        assert await until(abandoned, 20)
