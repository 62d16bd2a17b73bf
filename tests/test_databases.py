"""What a test does to its database is gone for the next one."""

from __future__ import annotations

import asyncpg
import pytest

from tests.databases import Kept

DEFAULT = "SELECT name, minutes FROM templates"
JOB = "INSERT INTO jobs (kind, subject) VALUES ('read', uuidv7()) RETURNING id"


async def mess(url: str, *statements: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    return connection


async def found(url: str, question: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(question)]
    finally:
        await connection.close()


@pytest.mark.asyncio(loop_scope="session")
async def test_rows_numbers_and_connections_are_as_at_first(migrated: Kept) -> None:
    url = await migrated.fresh()
    made = migrated.made
    before = await found(url, DEFAULT)
    left = await mess(url, JOB, JOB, "UPDATE templates SET minutes = 99", "BEGIN", JOB)
    assert await migrated.fresh() == url
    assert migrated.made == made, "it was made anew, which takes longer than most tests do"
    assert await found(url, DEFAULT) == before
    assert await found(url, "SELECT kind FROM jobs") == []
    assert await found(url, JOB) == [(1,)]
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await left.execute("COMMIT")


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE recording_chunks RENAME TO elsewhere",
        "DROP TABLE facts",
        "CREATE TABLE further (n int)",
        "ALTER TABLE interviews DISABLE TRIGGER interviews_role_is_fixed",
        "ALTER TABLE templates DROP CONSTRAINT templates_minutes_check",
        "ALTER DATABASE test_migrated SET default_transaction_read_only = on",
    ],
)
@pytest.mark.asyncio(loop_scope="session")
async def test_what_cannot_be_emptied_is_made_anew(migrated: Kept, damage: str) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    url = await migrated.fresh()
    before = await found(url, tables)
    await (await mess(url, damage)).close()
    await migrated.fresh()
    assert await found(url, tables) == before
    assert await found(url, JOB) == [(1,)]
    await (await mess(url, "INSERT INTO facts SELECT FROM facts WHERE false")).close()


@pytest.mark.asyncio(loop_scope="session")
async def test_an_empty_one_is_empty_again(empty: Kept) -> None:
    url = await empty.fresh()
    await (await mess(url, "CREATE TABLE a (n serial)")).close()
    await empty.fresh()
    assert (
        await found(url, "SELECT FROM pg_class WHERE relname LIKE 'a%seq' OR relname = 'a'") == []
    )
