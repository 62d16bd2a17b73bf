"""The migrator against real databases: what it applies, and what it refuses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from server.assets import share
from server.store.migrations import LOCK, MigrationError, migrate, read_migrations


def write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(sql)
    return folder


async def fetch(url: str, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def test_our_own_migrations_apply_once(empty_database_url: str) -> None:
    folder = share("migrations")
    names = [migration.name for migration in read_migrations(folder)]
    assert await migrate(empty_database_url, folder) == names
    assert await migrate(empty_database_url, folder) == []
    tables = await fetch(empty_database_url, "SELECT tablename FROM pg_tables")
    assert {"resumes", "interviews", "facts"} <= {row["tablename"] for row in tables}


async def test_only_what_is_missing_is_applied(empty_database_url: str, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE a (n int)")
    assert await migrate(empty_database_url, tmp_path) == ["0001_a.sql"]
    write(tmp_path, m0002_b="INSERT INTO a VALUES (1)")
    assert await migrate(empty_database_url, tmp_path) == ["0002_b.sql"]
    assert await migrate(empty_database_url, tmp_path) == []
    assert len(await fetch(empty_database_url, "SELECT n FROM a")) == 1


async def test_four_starters_at_once_apply_it_once(empty_database_url: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        m0001_a="CREATE TABLE a (n int); SELECT pg_sleep(0.3); INSERT INTO a VALUES (1)",
        m0002_b="-- no-transaction\nCREATE INDEX CONCURRENTLY a_n ON a (n)",
    )
    answers = await asyncio.gather(*(migrate(empty_database_url, tmp_path) for _ in range(4)))
    assert sorted(answers) == [[], [], [], ["0001_a.sql", "0002_b.sql"]]
    assert len(await fetch(empty_database_url, "SELECT n FROM a")) == 1
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass"
    assert [row["indisvalid"] for row in await fetch(empty_database_url, valid)] == [True]


async def test_an_edited_file_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    await migrate(empty_database_url, write(tmp_path, m0001_a="CREATE TABLE a (n int)"))
    write(tmp_path, m0001_a="CREATE TABLE a (n bigint)", m0002_b="CREATE TABLE b (n int)")
    with pytest.raises(MigrationError, match="0001_a.sql was edited after it was applied"):
        await migrate(empty_database_url, tmp_path)
    assert await fetch(empty_database_url, "SELECT 1 FROM pg_tables WHERE tablename = 'b'") == []


async def test_other_line_ends_are_no_edit(empty_database_url: str, tmp_path: Path) -> None:
    await migrate(empty_database_url, write(tmp_path, m0001_a="CREATE TABLE a\n(n int)"))
    (tmp_path / "0001_a.sql").write_bytes(b"CREATE TABLE a\r\n(n int)")
    assert await migrate(empty_database_url, tmp_path) == []


async def test_a_newer_database_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE a (n int)", m0002_b="CREATE TABLE b (n int)")
    await migrate(empty_database_url, tmp_path)
    (tmp_path / "0002_b.sql").unlink()
    with pytest.raises(MigrationError, match="the database has 0002_b.sql"):
        await migrate(empty_database_url, tmp_path)


async def test_a_gap_in_the_database_is_refused(empty_database_url: str, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE a (n int)", m0002_b="CREATE TABLE b (n int)")
    await migrate(empty_database_url, tmp_path)
    await fetch(empty_database_url, "DELETE FROM schema_migrations WHERE number = 1")
    with pytest.raises(MigrationError, match="lacks migration 0001"):
        await migrate(empty_database_url, tmp_path)


async def test_a_failing_file_leaves_nothing(empty_database_url: str, tmp_path: Path) -> None:
    write(tmp_path, m0001_a="CREATE TABLE a (n int); SELECT 1/0")
    with pytest.raises(MigrationError, match="0001_a.sql failed: division by zero"):
        await migrate(empty_database_url, tmp_path)
    assert await fetch(empty_database_url, "SELECT 1 FROM pg_tables WHERE tablename = 'a'") == []
    write(tmp_path, m0001_a="CREATE TABLE a (n int)")
    assert await migrate(empty_database_url, tmp_path) == ["0001_a.sql"]


async def test_the_lock_is_waited_for(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.migrations.LOCK_WAIT_S", 0.3)
    write(tmp_path, m0001_a="CREATE TABLE a (n int)")
    holder = await asyncpg.connect(empty_database_url)
    try:
        await holder.execute("SELECT pg_advisory_lock($1)", LOCK)
        with pytest.raises(MigrationError, match="for too long"):
            await migrate(empty_database_url, tmp_path)
    finally:
        await holder.close()
    assert await migrate(empty_database_url, tmp_path) == ["0001_a.sql"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["0001_a.sql", "0003_c.sql"], "0003_c.sql: expected number 0002"),
        (["0001_a.sql", "0001_b.sql"], "0001_b.sql: expected number 0002"),
        (["0002_b.sql"], "0002_b.sql: expected number 0001"),
        (["first.sql"], "first.sql: a migration is called 0001_what_it_does.sql"),
        ([], "there are no migrations"),
    ],
)
def test_files_that_do_not_fit_are_refused(names: list[str], message: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1")
    with pytest.raises(MigrationError, match=message):
        read_migrations(tmp_path)
