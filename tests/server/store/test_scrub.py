"""Tables are written anew; that nothing is left in files ``test_erased_everywhere`` shows."""

from __future__ import annotations

from server.store.scrub import scrub
from tests.databases import connected


async def test_every_table_is_written_anew(database_url: str) -> None:
    where = "SELECT relfilenode FROM pg_class WHERE relname = 'resumes'"
    async with connected(database_url) as connection:
        before = await connection.fetchval(where)
        assert await scrub(connection) > 20
        assert await connection.fetchval(where) != before
