"""A database as migrations leave it, and one with nothing in it. Between tests they are emptied: to
make one takes longer than most tests do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from server.assets import share
from server.embedded import Embedded
from server.store.migrations import migrate
from server.store.scope import LOCAL, Scope


class Owner(Scope):
    """Whoever owns the tables: a test may look everywhere, and lock or rename anything."""

    role = "none"


AT_HOME = Owner(LOCAL)
"""What a test adds without saying for whom is the local organisation's."""

KEEP_ROWS = """
CREATE SCHEMA as_migrated;
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE as_migrated.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$
"""

END_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""

ROWS_BACK = """
SET session_replication_role = replica;  -- neither triggers nor the order of references matter
DO $$
DECLARE name text; given text;
BEGIN
    FOR name, given IN
        SELECT relname, string_agg(quote_ident(attname), ', ')
        FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            AND pg_relation_size(pg_class.oid) > 0  -- most of them nobody has ever written to
        GROUP BY relname
    LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        EXECUTE format(
            'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE'
            ' SELECT %2$s FROM as_migrated.%1$I',
            name, given
        );
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE public.%I RESTART', name);
    END LOOP;
END $$
"""

EMPTY = """
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
"""

SHAPE = """
SELECT coalesce(md5(string_agg(shape::text, '' ORDER BY shape::text)), '') FROM (
    SELECT (relname, attname, atttypid, attnotnull)
    FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT (tgrelid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT (conrelid, conname) FROM pg_constraint
    UNION ALL SELECT (setdatabase, setconfig) FROM pg_db_role_setting
) found (shape)
"""


@dataclass
class Kept:
    """One database of these servers; as at first whenever it is asked for, whatever a test did."""

    servers: Embedded
    name: str
    migrated: bool
    lasting: bool = False
    """Asked for by many tests on one loop, where ``close`` ends what is kept for them."""
    made: int = field(default=0, init=False)
    """How often it had to be: emptying takes a fiftieth of the time."""
    _shape: str | None = field(default=None, init=False)
    _at_hand: asyncpg.Connection | None = field(default=None, init=False)
    """It knows the tables already: a new connection takes longer to look them up than to empty
    them."""

    @property
    def url(self) -> str:
        return self.servers.database_url.replace("/viva?", f"/{self.name}?")

    async def fresh(self) -> str:
        """Its URL; nobody else is connected to it."""
        if self._shape is None or not await self._emptied():
            await self._make()
        if not self.lasting:
            self.close()
        return self.url

    def close(self) -> None:
        if self._at_hand is not None:
            self._at_hand.terminate()
            self._at_hand = None

    async def _make(self) -> None:
        self.made += 1
        self.close()
        async with connected(self.servers.database_url) as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            await connection.execute(f"CREATE DATABASE {self.name}")
        if self.migrated:
            await migrate(self.url, share("migrations"))
        async with connected(self.url) as connection:
            await connection.execute(KEEP_ROWS)
            self._shape = await connection.fetchval(SHAPE)

    async def _emptied(self) -> bool:
        """Whether it could be: a test that failed may have left a table under another name."""
        try:
            if self._at_hand is None or self._at_hand.is_closed():
                self._at_hand = await asyncpg.connect(self.url)
            while await self._at_hand.fetchval(END_OTHERS):
                await asyncio.sleep(0.001)  # the database itself would look again after 100 ms
            await self._at_hand.execute(ROWS_BACK if self.migrated else EMPTY)
            return bool(self._shape == await self._at_hand.fetchval(SHAPE))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
