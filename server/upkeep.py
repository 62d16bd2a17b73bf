"""What an operator does to what viva keeps: the words of the command ``viva`` that do it.

Each answers its exit status; what it refuses is said on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from server.environment import secret
from server.settings import Settings

NO_DATABASE = "no database: set DATABASE_URL, or start `viva up` with the same VIVA_DATA"


def refused(reason: object) -> int:
    print(f"viva: {str(reason) or type(reason).__name__}", file=sys.stderr, flush=True)
    return 1


def _database(settings: Settings) -> str | None:
    """That of DATABASE_URL, else the one that a running `viva up` brought."""
    from server.embedded import running_database

    return secret(settings.database_url) or running_database(settings.data)


def migrate(settings: Settings) -> int:
    from server.assets import share
    from server.store.migrations import MigrationError
    from server.store.migrations import migrate as run_migrations
    from server.store.pool import STORE_AWAY

    url = secret(settings.database_url)
    if url is None:
        return refused("DATABASE_URL is not set; only `viva up` brings a database of its own")
    try:
        applied = asyncio.run(run_migrations(url, share("migrations")))
    except (MigrationError, *STORE_AWAY) as error:
        return refused(error)
    print("\n".join(applied) or "nothing to migrate")
    return 0


def sign_in(settings: Settings) -> int:
    from server.store.pool import STORE_AWAY
    from server.up import address_of, one_time_link

    url = secret(settings.database_url)
    if url is None:
        return refused("DATABASE_URL is not set; `viva up` makes an address when it starts")
    try:
        link = asyncio.run(one_time_link(url))
    except STORE_AWAY as error:
        return refused(error)
    print(f"{address_of(settings)}/sign-in#link={link}")
    return 0


def organisation(arguments: argparse.Namespace) -> int:
    from server.identity import members
    from server.store.pool import STORE_AWAY, new_id, open_pool
    from server.store.scope import everywhere, within
    from server.up import address_of

    url = _database(arguments.settings)
    if url is None:
        return refused(NO_DATABASE)
    name, email = arguments.name.strip(), arguments.email.strip()
    if not name or "@" not in email[1:-1]:
        return refused("an organisation has a name, and its first administrator an e-mail address")

    async def run() -> str:
        async with await open_pool(url, application_name="viva organisation", max_size=1) as pool:
            with everywhere():
                new = await new_id(pool)
            with within(new):
                return (await members.found(pool, name, email)).token

    try:
        token = asyncio.run(run())
    except STORE_AWAY as error:
        return refused(error)
    print(f"{address_of(arguments.settings)}/sign-in#link={token}")
    return 0


def audit(arguments: argparse.Namespace) -> int:
    from server.audit import verify
    from server.store.pool import STORE_AWAY

    url = _database(arguments.settings)
    if url is None:
        return refused(NO_DATABASE)
    try:
        return asyncio.run(verify(url, arguments.head or ()))
    except STORE_AWAY as error:
        return refused(error)


def scrub(settings: Settings) -> int:
    import asyncpg

    from server.store.pool import STORE_AWAY
    from server.store.scrub import scrub as clean

    url = _database(settings)
    if url is None:
        return refused(NO_DATABASE)

    async def run() -> int:
        connection = await asyncpg.connect(url)
        try:
            return await clean(connection)
        finally:
            await connection.close()

    try:
        tables = asyncio.run(run())
    except STORE_AWAY as error:
        return refused(error)
    print(f"{tables} tables written anew, the write-ahead log turned over")
    return 0


def reseal(settings: Settings) -> int:
    import asyncpg

    from server.store.keys import keys_at
    from server.store.pool import STORE_AWAY, set_codecs
    from server.store.resealing import reseal as seal_anew
    from server.store.scope import EVERYWHERE, enter

    url = _database(settings)
    if url is None:
        return refused(NO_DATABASE)

    async def run() -> tuple[int, int]:
        connection = await asyncpg.connect(url)
        try:
            await set_codecs(connection)
            await enter(connection, EVERYWHERE)
            keys = keys_at(secret(settings.sound_key), settings.data)
            return await seal_anew(connection, keys)
        finally:
            await connection.close()

    try:
        anew, lost = asyncio.run(run())
    except (ValueError, *STORE_AWAY) as error:
        return refused(error)
    print(f"{anew} sealed anew under the newest key")
    return refused(f"{lost} cannot be opened by any of the keys") if lost else 0


def receipt(arguments: argparse.Namespace) -> int:
    import json

    from server.store.keys import keys_at
    from server.store.signing import RECEIPTS, Forged, Signer

    settings = arguments.settings
    try:
        keys = keys_at(secret(settings.sound_key), settings.data)
        kind, claims = Signer(keys).read(RECEIPTS, arguments.file.read_text())
    except (OSError, ValueError, Forged) as error:
        return refused(error)
    print(kind, json.dumps(claims, indent=2, ensure_ascii=False))
    return 0
