"""The pool of database connections: JSONB as Python objects, and a limit to every wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from server.store.scope import Scope, Scoped, enter_again, leave

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
Executor = asyncpg.Pool | Connection
"""What one statement runs on, or one transaction: a pool, or a connection that may be in one."""

STORE_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""The database is away, or answers no more: also every time-out, which is an OSError."""
CONNECT_S = 5.0
COMMAND_S = 10.0
SERVER_SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
}
JSONB_VERSION = b"\x01"
NEW_ID: Final = "SELECT uuidv7()"


async def open_pool(
    url: str,
    *,
    application_name: str = "viva",
    min_size: int = 1,
    max_size: int = 10,
    scope: Scope | None = None,
) -> asyncpg.Pool:
    """``jsonb`` columns take and give whatever msgspec can encode. ``scope``: of tasks that have
    none of their own; without it they get no connection. Raises as asyncpg does."""
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        timeout=CONNECT_S,
        command_timeout=COMMAND_S,
        init=set_codecs,
        connection_class=Scoped,
        setup=partial(enter_again, otherwise=scope),
        reset=leave,
        server_settings={**SERVER_SETTINGS, "application_name": application_name},
    )


async def new_id(on: Executor) -> UUID:
    """Made by the database, so that those made later sort later, whichever server asks."""
    made: UUID = await on.fetchval(NEW_ID)
    return made


async def database_now(on: Executor) -> datetime:
    """The database's clock, by which everything that is stored goes: of many machines' clocks no
    two are the same. Of the statement, also within a transaction."""
    at: datetime = await on.fetchval("SELECT clock_timestamp()")
    return at


@asynccontextmanager
async def transaction(on: Executor) -> AsyncIterator[Connection]:
    """Of its own where ``on`` is a pool, else within what the connection is doing."""
    if isinstance(on, asyncpg.Pool):
        async with on.acquire() as connection, connection.transaction():
            yield connection
    else:
        async with on.transaction():
            yield on


async def set_codecs(connection: asyncpg.Connection) -> None:
    """For a connection outside a pool, such as one that listens."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", format="binary", encoder=_encode, decoder=_decode
    )


def _encode(value: object) -> bytes:
    return JSONB_VERSION + msgspec.json.encode(value)


def _decode(data: bytes) -> Any:
    return msgspec.json.decode(data[1:])
