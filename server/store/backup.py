"""All rows of the database as pieces of a file, and back into a database that has none.

Rows go by the COPY protocol, so that any PostgreSQL that the servers reach can be kept, without
programs of its version. Tables come from the migrations, whose checksums are kept with the rows.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from server.store import audit
from server.store.migrations import APPLIED, MigrationError, migrate, read_migrations
from server.store.pool import database_now, set_codecs

PURPOSE: Final = "backup"
PIECE_BYTES: Final = 1 << 20
QUICK: Final = 1
"""Of zlib's levels: text becomes a fifth, sealed sound stays as it is."""

# What a generated column holds follows from the others.
COLUMNS = """
SELECT relname AS name, array_agg(attname::text ORDER BY attnum) AS columns
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_migrations'
    AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname ORDER BY relname
"""
REFERENCES = """
SELECT child.relname AS child, parent.relname AS parent FROM pg_constraint
JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
WHERE contype = 'f' AND child.relnamespace = 'public'::regnamespace AND child.oid <> parent.oid
"""
SEQUENCES = """
SELECT sequencename AS name, last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
SET_SEQUENCE = "SELECT setval(format('public.%I', $1::text)::regclass, $2)"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
MIGRATED = "SELECT to_regclass('public.schema_migrations') IS NOT NULL"
TELLING: Final = ("resumes", "interviews", "users", "invitations", "audit", "erasure_receipts")
"""Where rows are as soon as anybody did anything."""
# Whoever was signed out, or whose link was used or revoked, since then would be in again.
END_SESSIONS = ("DELETE FROM sessions", "DELETE FROM links")
ORGANISATIONS = "SELECT id FROM organisations ORDER BY id"


class NotEmpty(Exception):
    """The database holds something already; it says what to do."""


class Table(msgspec.Struct, frozen=True):
    name: str
    columns: list[str]


class About(msgspec.Struct, frozen=True):
    """What the file holds. ``made_at`` by the database's clock; ``migrations``: number, name,
    checksum; ``files``: of the folder of data, by name."""

    made_at: datetime
    viva: str
    migrations: list[tuple[int, str, str]]
    tables: list[Table]
    sequences: dict[str, int]
    files: dict[str, str]


class Rows(msgspec.Struct, frozen=True, array_like=True):
    """Of the table with this place in ``About.tables``: PostgreSQL's binary COPY, compressed."""

    table: int
    data: bytes


async def dump(
    connection: asyncpg.Connection,
    put: Callable[[bytes], None],
    viva: str,
    files: Mapping[str, str],
) -> About:
    """Everything as it is at one moment, while others go on writing. As the tables' owner. Raises
    as asyncpg does."""
    await connection.execute("SET statement_timeout = 0; SET row_security = off")
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        about = About(
            await database_now(connection),
            viva,
            [tuple(row) for row in await connection.fetch(APPLIED)],
            await _tables(connection),
            {row["name"]: row["last_value"] for row in await connection.fetch(SEQUENCES)},
            dict(files),
        )
        put(msgspec.msgpack.encode(about))
        for place, table in enumerate(about.tables):
            packing = _Packing(place, put)
            await connection.copy_from_table(
                table.name, schema_name="public", columns=table.columns,
                output=packing.take, format="binary",
            )  # fmt: skip
            packing.flush()
    return about


async def _tables(connection: asyncpg.Connection) -> list[Table]:
    """Each after those that it refers to."""
    columns = {row["name"]: row["columns"] for row in await connection.fetch(COLUMNS)}
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(columns, ()))
    for row in await connection.fetch(REFERENCES):
        order.add(row["child"], row["parent"])
    return [Table(name, columns[name]) for name in order.static_order()]


class _Packing:
    """One table's rows in pieces of about a MiB."""

    def __init__(self, table: int, put: Callable[[bytes], None]) -> None:
        self._table = table
        self._put = put
        self._waiting = bytearray()

    async def take(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) >= PIECE_BYTES:
            self.flush()

    def flush(self) -> None:
        packed = zlib.compress(bytes(self._waiting), QUICK)
        self._put(msgspec.msgpack.encode(Rows(self._table, packed)))
        self._waiting.clear()


def about(pieces: Iterator[bytes]) -> About:
    """Takes the first piece. Raises msgspec.DecodeError, and as ``read_sealed`` does."""
    return msgspec.msgpack.decode(next(pieces), type=About)


async def load(url: str, folder: Path, kept: About, pieces: Iterator[bytes]) -> None:
    """Into a database without rows: the tables as they were, all rows or none, then the migrations
    that came later. ``folder``: of migrations. Raises NotEmpty, MigrationError, NotWhole, and as
    asyncpg does."""
    _known(kept, folder)
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await set_codecs(connection)
        await _refuse_full(connection)
        await migrate(url, folder, kept.migrations[-1][0])
        await connection.execute("SET statement_timeout = 0; SET lock_timeout = '10s'")
        async with connection.transaction():
            await _refuse_full(connection)
            await _fill(connection, kept, pieces)
        await migrate(url, folder)
        async with connection.transaction():
            await _settle(connection, kept)
    finally:
        await connection.close()


def _known(kept: About, folder: Path) -> None:
    """Raises MigrationError."""
    ours = [(one.number, one.name, one.sha256) for one in read_migrations(folder)]
    if ours[: len(kept.migrations)] != kept.migrations:
        raise MigrationError(
            f"it was made by viva {kept.viva}, whose migrations this version does not know; "
            "restore it with that version or a newer one"
        )


async def _refuse_full(connection: asyncpg.Connection) -> None:
    """Raises NotEmpty."""
    advice = "give it an empty one: a new VIVA_DATA, or a new database as DATABASE_URL"
    if not await connection.fetchval(MIGRATED):
        if await connection.fetchval(TABLES):
            raise NotEmpty(f"there are tables in this database that are not viva's; {advice}")
        return
    for name in TELLING:
        found = await connection.fetchval(f"SELECT to_regclass('{name}') IS NOT NULL")
        if found and await connection.fetchval(f"SELECT EXISTS (SELECT FROM {name})"):  # noqa: S608
            raise NotEmpty(f"this database holds something already ({name}); {advice}")


async def _fill(connection: asyncpg.Connection, kept: About, pieces: Iterator[bytes]) -> None:
    """Nothing that a row brings about is brought about again."""
    names = [f'public."{one.name}"' for one in kept.tables]
    for name in names:
        await connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    await connection.execute(f"TRUNCATE {', '.join(names)}")
    unpacking = _Unpacking(pieces)
    for place, table in enumerate(kept.tables):
        await connection.copy_to_table(
            table.name, schema_name="public", columns=table.columns,
            source=unpacking.of(place), format="binary",
        )  # fmt: skip
    unpacking.finish()
    for name, value in kept.sequences.items():
        await connection.execute(SET_SEQUENCE, name, value)
    for name in names:
        await connection.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


class _Unpacking:
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._next = self._read()

    def _read(self) -> Rows | None:
        piece = next(self._pieces, None)
        return None if piece is None else msgspec.msgpack.decode(piece, type=Rows)

    async def of(self, table: int) -> AsyncIterator[bytes]:
        while self._next is not None and self._next.table == table:
            yield zlib.decompress(self._next.data)
            self._next = self._read()

    def finish(self) -> None:
        assert self._next is None


async def _settle(connection: asyncpg.Connection, kept: About) -> None:
    for statement in END_SESSIONS:
        await connection.execute(statement)
    made_at = kept.made_at.isoformat(timespec="seconds")
    organisations: Sequence[UUID] = [row["id"] for row in await connection.fetch(ORGANISATIONS)]
    for one in organisations:
        subject = f"organisation {one}"
        await audit.add(connection, "database.restored", subject, organisation=one, made_at=made_at)
