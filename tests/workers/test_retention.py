"""A worker lets go of what is not to be kept, as soon as it runs."""

from __future__ import annotations

import asyncpg

from server.store import resumes
from tests.live import running, until


async def test_it_lets_go(database_url: str, redis_url: str, pool: asyncpg.Pool) -> None:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    await resumes.mark_ready(pool, resume_id, {"header": {}, "meta": {}})
    await pool.execute("UPDATE resumes SET updated_at = now() - interval '8 days'")
    await pool.execute("DELETE FROM jobs")

    async def gone() -> bool | None:
        files = await pool.fetchval("SELECT count(*) FROM resume_files")
        return True if files == 0 else None

    async with running(database_url, redis_url, recording_days=7):
        await until(gone)
    assert await resumes.get(pool, resume_id) is not None
