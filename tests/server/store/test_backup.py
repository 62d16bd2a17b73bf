"""Every row of a database, in another one, and nothing that rows bring about a second time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from server.assets import share
from server.store import backup
from server.store.backup import About, NotEmpty
from server.store.keys import Keys
from server.store.migrations import MigrationError, migrate, read_migrations
from server.store.scope import LOCAL
from server.store.sealed_file import NotWhole, SealedWriter, read_sealed
from tests.databases import connected
from tests.interviewed import held, recorded
from tests.web.house import company

KEYS = Keys((bytes(32),))
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
ENDED = {"sessions", "links"}
MIGRATIONS = share("migrations")


async def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    async with connected(url) as connection:
        names = [row[0] for row in await connection.fetch(TABLES)]
        found = {}
        for name in names:
            texts = await connection.fetch(f"SELECT t::text FROM {name} AS t")
            found[name] = sorted(row[0] for row in texts)
    return found


async def kept(url: str) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, KEYS, backup.PURPOSE)
    async with connected(url) as connection:
        await backup.dump(connection, writer.write, "1.2.3", {"a": "b"})
    writer.close()
    return file.getvalue()


def opened(content: bytes) -> tuple[About, Iterator[bytes]]:
    pieces = read_sealed(io.BytesIO(content), KEYS, backup.PURPOSE)
    return backup.about(pieces), pieces


@pytest.fixture
async def lived(pool: asyncpg.Pool, database_url: str) -> str:
    """A database in which something of every kind was done."""
    await company(pool, "Acme", LOCAL)
    await company(pool, "Harrow")
    await recorded(pool, await held(pool))
    return database_url


async def test_all_of_it_is_there_again(lived: str, empty_database_url: str) -> None:
    before = await rows(lived)
    assert sum(bool(found) for found in before.values()) >= 30, "a test of much"
    content = await kept(lived)
    assert b"Harrow" not in content
    told, pieces = opened(content)
    assert (told.viva, told.files, len(told.migrations)) == (
        "1.2.3", {"a": "b"}, len(read_migrations(MIGRATIONS)),
    )  # fmt: skip
    await backup.load(empty_database_url, MIGRATIONS, told, pieces)
    after = await rows(empty_database_url)
    assert after.keys() == before.keys()
    for name in after.keys() - ENDED - {"audit", "audit_heads", "schema_migrations"}:
        assert after[name] == before[name], name
    assert [after[name] for name in ENDED] == [[], []], "nobody is signed in"
    assert set(before["audit"]) < set(after["audit"])
    assert len(after["audit"]) == len(before["audit"]) + 2, "one for each organisation"
    async with connected(empty_database_url) as connection:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only grows"):
            await connection.execute("UPDATE audit SET subject = ''")
        add = "INSERT INTO jobs (kind, subject, organisation_id) VALUES ('x', uuidv7(), $1)"
        await connection.execute(add, LOCAL)
        newest: Any = await connection.fetch("SELECT id FROM jobs ORDER BY id DESC LIMIT 2")
        assert newest[0]["id"] == newest[1]["id"] + 1, "numbers go on"


async def test_into_what_holds_something_nothing_is_put(
    lived: str, empty_database_url: str
) -> None:
    content = await kept(lived)
    with pytest.raises(NotEmpty, match=r"holds something already \(resumes\)"):
        await backup.load(lived, MIGRATIONS, *opened(content))
    async with connected(empty_database_url) as connection:
        await connection.execute("CREATE TABLE theirs ()")
        with pytest.raises(NotEmpty, match="not viva's"):
            await backup.load(empty_database_url, MIGRATIONS, *opened(content))
        await connection.execute("DROP TABLE theirs")
    await migrate(empty_database_url, MIGRATIONS)
    await backup.load(empty_database_url, MIGRATIONS, *opened(content))


async def test_a_file_that_is_cut_off_leaves_no_row(lived: str, empty_database_url: str) -> None:
    content = await kept(lived)
    with pytest.raises(NotWhole):
        await backup.load(empty_database_url, MIGRATIONS, *opened(content[:-1]))
    async with connected(empty_database_url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM resumes") == 0
        assert await connection.fetchval("SELECT count(*) FROM organisations") == 1
    await backup.load(empty_database_url, MIGRATIONS, *opened(content))


async def test_what_an_older_version_kept_is_brought_up_to_date(
    empty_database_url: str, tmp_path: Path
) -> None:
    """And what a newer one kept is refused."""
    ours = read_migrations(MIGRATIONS)
    for one in ours[:-1]:
        (tmp_path / one.name).write_text(one.sql)
    await migrate(empty_database_url, tmp_path)
    async with connected(empty_database_url) as connection:
        await connection.execute("UPDATE organisations SET name = 'Old'")
        old = await kept(empty_database_url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await backup.load(empty_database_url, MIGRATIONS, *opened(old))
        assert await connection.fetchval("SELECT name FROM organisations") == "Old"
        count = await connection.fetchval("SELECT count(*) FROM schema_migrations")
        assert count == len(ours)
        newer = await kept(empty_database_url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with pytest.raises(MigrationError, match="with that version or a newer one"):
        await backup.load(empty_database_url, tmp_path, *opened(newer))
