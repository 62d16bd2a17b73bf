"""What an operator does to what viva keeps.

Each answers its exit status; what it refuses is said on stderr.
"""

from __future__ import annotations

import argparse
import asyncio

from server import here
from server.environment import secret
from server.manual import refused, tell


def migrate(arguments: argparse.Namespace) -> int:
    from server.assets import share
    from server.store.migrations import MigrationError
    from server.store.migrations import migrate as run_migrations
    from server.store.pool import STORE_AWAY

    url = here.database(arguments.settings)
    if url is None:
        return refused(here.NO_DATABASE)
    try:
        applied = asyncio.run(run_migrations(url, share("migrations")))
    except (MigrationError, *STORE_AWAY) as error:
        return refused(error)
    tell("\n".join(applied) or "nothing to migrate", applied=applied, as_json=arguments.json)
    return 0


def sign_in(arguments: argparse.Namespace) -> int:
    from server.store.pool import STORE_AWAY
    from server.up import address_of, one_time_link

    url = here.database(arguments.settings)
    if url is None:
        return refused(here.NO_DATABASE)
    try:
        link = asyncio.run(one_time_link(url))
    except STORE_AWAY as error:
        return refused(error)
    address = f"{address_of(arguments.settings)}/sign-in#link={link}"
    tell(address, address=address, as_json=arguments.json)
    return 0


def organisation(arguments: argparse.Namespace) -> int:
    from server.identity import members
    from server.store.pool import STORE_AWAY, new_id, open_pool
    from server.store.scope import everywhere, within
    from server.up import address_of

    url = here.database(arguments.settings)
    if url is None:
        return refused(here.NO_DATABASE)
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
    address = f"{address_of(arguments.settings)}/sign-in#link={token}"
    tell(address, address=address, as_json=arguments.json)
    return 0


def audit(arguments: argparse.Namespace) -> int:
    from server.audit import verify
    from server.store.pool import STORE_AWAY

    url = here.database(arguments.settings)
    if url is None:
        return refused(here.NO_DATABASE)
    try:
        return asyncio.run(verify(url, arguments.head or (), as_json=arguments.json))
    except STORE_AWAY as error:
        return refused(error)


def scrub(arguments: argparse.Namespace) -> int:
    import asyncpg

    from server.store.pool import STORE_AWAY
    from server.store.scrub import scrub as clean

    settings = arguments.settings
    url = here.database(settings)
    if url is None:
        return refused(here.NO_DATABASE)

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
    told = f"{tables} tables written anew, the write-ahead log turned over"
    tell(told, tables=tables, as_json=arguments.json)
    return 0


def reseal(arguments: argparse.Namespace) -> int:
    import asyncpg

    from server.store.keys import keys_at
    from server.store.pool import STORE_AWAY, set_codecs
    from server.store.resealing import reseal as seal_anew
    from server.store.scope import EVERYWHERE, enter

    settings = arguments.settings
    url = here.database(settings)
    if url is None:
        return refused(here.NO_DATABASE)

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
    tell(f"{anew} sealed anew under the newest key", sealed=anew, lost=lost, as_json=arguments.json)
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
    told = f"{kind} {json.dumps(claims, indent=2, ensure_ascii=False)}"
    tell(told, kind=kind, claims=claims, as_json=arguments.json)
    return 0
