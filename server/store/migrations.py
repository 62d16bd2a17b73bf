"""Forward-only migrations in plain SQL: ``0001_name.sql``, ``0002_...``, each applied once.

A file is one transaction together with its record. With ``-- no-transaction`` as first line it
holds a single statement that PostgreSQL refuses inside one (``CREATE INDEX CONCURRENTLY``); that
statement is not atomic with its record, so write it to be repeatable.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog

from server.store.pool import Executor

LOCK = 0x76697661  # "viva"; advisory locks are per database
LOCK_WAIT_S = 120.0
NO_TRANSACTION = "-- no-transaction"

CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    number     int PRIMARY KEY,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
APPLIED = "SELECT number, name, sha256 FROM schema_migrations ORDER BY number"
RECORD = "INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)"

log = structlog.get_logger()


class MigrationError(Exception):
    """Files and database do not fit together, or a file failed; the message says which."""


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def transactional(self) -> bool:
        return self.sql.split("\n", 1)[0].strip() != NO_TRANSACTION


def read_migrations(folder: Path) -> list[Migration]:
    """In order. Raises MigrationError for a name that does not fit, a gap or a double."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = re.fullmatch(r"([0-9]{4})_[a-z0-9_]+\.sql", path.name)
        if match is None:
            raise MigrationError(f"{path.name}: a migration is called 0001_what_it_does.sql")
        number = int(match[1])
        if number != len(found) + 1:
            raise MigrationError(f"{path.name}: expected number {len(found) + 1:04}")
        sql = path.read_text(encoding="utf-8")  # newlines are normalised: checkouts differ
        found.append(Migration(number, path.name, sql))
    if not found:
        raise MigrationError(f"there are no migrations in {folder}")
    return found


async def migrate(url: str, folder: Path, newest: int | None = None) -> list[str]:
    """Apply what is missing, up to number ``newest``; returns the names applied. Several starters
    at once are fine."""
    migrations = read_migrations(folder)[:newest]
    connection = await asyncpg.connect(
        url, timeout=5, server_settings={"application_name": "viva migrate", "lock_timeout": "10s"}
    )
    try:
        await _lock(connection)
        await connection.execute(CREATE_TABLE)
        pending = _pending(migrations, await connection.fetch(APPLIED))
        for migration in pending:
            await _apply(connection, migration)
            log.debug("migration applied", name=migration.name)
        if pending:
            log.info("migrations applied", count=len(pending), newest=pending[-1].name)
        return [migration.name for migration in pending]
    finally:
        await connection.close()  # gives the advisory lock back


async def standing(on: Executor, known: Sequence[Migration]) -> tuple[bool, str]:
    """Whether the database has all that this version of viva knows, in words. One that has more is
    that of a newer version, beside which this one may work to its end."""
    try:
        applied = await on.fetch(APPLIED)
        pending = _pending(known, applied)
    except asyncpg.UndefinedTableError:
        return False, "empty: run viva migrate"
    except asyncpg.InsufficientPrivilegeError:  # which the one that lets it be read has not given
        return False, "older than this version of viva: run viva migrate"
    except MigrationError as error:
        return len(applied) > len(known), str(error)
    if pending:
        return False, f"lacks {pending[0].name} and what follows it: run viva migrate"
    return True, known[-1].name.removesuffix(".sql")


async def _lock(connection: asyncpg.Connection) -> None:
    """Polling, because a waiting ``pg_advisory_lock`` holds a snapshot open, and a
    ``CREATE INDEX CONCURRENTLY`` of the one that has the lock would wait for it for ever."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + LOCK_WAIT_S
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
        if clock() > deadline:
            raise MigrationError("another process has been migrating this database for too long")
        await asyncio.sleep(0.1)


def _pending(
    migrations: Sequence[Migration], applied: Sequence[asyncpg.Record]
) -> Sequence[Migration]:
    known = {migration.number: migration for migration in migrations}
    for position, row in enumerate(applied, start=1):
        migration = known.get(row["number"])
        if migration is None:
            raise MigrationError(
                f"the database has {row['name']}, which this version of viva does not know; "
                "install the newer version"
            )
        if row["number"] != position:
            raise MigrationError(f"the database lacks migration {position:04} but has later ones")
        if migration.sha256 != row["sha256"]:
            raise MigrationError(
                f"{migration.name} was edited after it was applied; restore it and add a new file"
            )
    return migrations[len(applied) :]


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    record = (migration.number, migration.name, migration.sha256)
    try:
        if migration.transactional:
            async with connection.transaction():
                await connection.execute(migration.sql)
                await connection.execute(RECORD, *record)
        else:
            await connection.execute(migration.sql)
            await connection.execute(RECORD, *record)
    except asyncpg.PostgresError as error:
        reason = str(error).partition("\n")[0]
        raise MigrationError(f"{migration.name} failed: {reason}") from error
