"""Who follows an interview is counted over all processes, as long as those say so."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg

from server.store import watching
from server.store.watching import Company


async def test_others_count_as_long_as_they_say_so(pool: asyncpg.Pool, interview_id: UUID) -> None:
    here, there, third = uuid4(), uuid4(), uuid4()
    await watching.tell(pool, here, {interview_id: Company(5, 5)})
    await watching.tell(pool, there, {interview_id: Company(2, 1), uuid4(): Company(1, 0)})
    await watching.tell(pool, third, {interview_id: Company(1, 0)})
    assert await watching.elsewhere(pool, here, [interview_id]) == {interview_id: Company(3, 1)}
    await watching.tell(pool, there, {interview_id: Company(1, 1)})
    await watching.tell(pool, third, {})
    assert await watching.elsewhere(pool, here, [interview_id]) == {interview_id: Company(1, 1)}
    await pool.execute("UPDATE watching SET seen_at = seen_at - interval '7 seconds'")
    assert await watching.elsewhere(pool, here, [interview_id]) == {}
    await pool.execute("UPDATE watching SET seen_at = seen_at - interval '1 minute'")
    await watching.tell(pool, uuid4(), {})
    assert await pool.fetchval("SELECT count(*) FROM watching") == 0
