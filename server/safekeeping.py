"""``viva backup``, ``viva restore`` and the receipts that go with them.

Each answers its exit status; what it refuses is said on stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, Final

import asyncpg
import msgspec

from server.assets import share
from server.embedded import Embedded, EmbeddedError, running_database
from server.environment import secret
from server.here import KEPT_KEY, NO_DATABASE
from server.manual import refused, tell
from server.settings import Settings
from server.store import backup as rows
from server.store import receipts
from server.store.backup import NotEmpty
from server.store.keys import FILE, Keys, read_keys
from server.store.migrations import MigrationError
from server.store.pool import STORE_AWAY, open_pool, set_codecs
from server.store.scope import LOCAL, Scope
from server.store.sealed_file import NotWhole, SealedWriter, read_sealed
from server.store.sealing import Sealed
from server.store.signing import Forged, Signer

KEPT_FILES: Final = (KEPT_KEY,)
"""Of VIVA_DATA, beside the keys, what is in no database."""
REFUSED = (
    ValueError, msgspec.MsgspecError, Forged, NotWhole, Sealed, NotEmpty, MigrationError,
    EmbeddedError, *STORE_AWAY,
)  # fmt: skip


class Refusal(ValueError):
    """The message says what to do."""


def backup(arguments: argparse.Namespace) -> int:
    settings: Settings = arguments.settings
    try:
        keys = _keys_here(settings)
        for path in (arguments.file, arguments.keys):
            if path is not None and path.exists():
                raise Refusal(f"{path} is there already; nothing is written over")
        with _new(arguments.file) as file:
            made = asyncio.run(_dump(settings, file, keys))
        if arguments.keys:
            with _new(arguments.keys) as written:
                lines = [base64.b64encode(one).decode() for one in keys.secrets]
                written.write(("\n".join(lines) + "\n").encode())
    except REFUSED as error:
        return refused(error)
    size = arguments.file.stat().st_size
    told = f"{arguments.file}: {len(made.tables)} tables as of {made.made_at}, {size:,} bytes"
    data = {"file": arguments.file, "tables": len(made.tables), "bytes": size}
    tell(told, **data, made_at=made.made_at.isoformat(), as_json=arguments.json)
    return 0


async def _dump(settings: Settings, file: IO[bytes], keys: Keys) -> rows.About:
    async with _reached(settings) as url:
        connection = await asyncpg.connect(url)
        try:
            writer = SealedWriter(file, keys, rows.PURPOSE)
            made = await rows.dump(connection, writer.write, version("viva"), _files(settings))
            writer.close()
        finally:
            await connection.close()
    return made


def restore(arguments: argparse.Namespace) -> int:
    settings: Settings = arguments.settings
    try:
        keys = _keys_of(arguments, settings)
        signer = Signer(keys)
        told = [
            one
            for path in arguments.receipts or ()
            for one in receipts.read(signer, path.read_text().splitlines())
        ]
        with arguments.file.open("rb") as file:
            pieces = read_sealed(file, keys, rows.PURPOSE)
            kept = rows.about(pieces)
            applied = asyncio.run(_load(settings, kept, pieces, signer, told))
        _put_files(settings, kept, keys)
    except REFUSED as error:
        return refused(error)
    back = f"{arguments.file}: {len(kept.tables)} tables as of {kept.made_at} are back"
    data = {"tables": len(kept.tables), "made_at": kept.made_at.isoformat()}
    if arguments.receipts:
        return _told(arguments, applied, f"{back}\n", **data)
    tell(back, **data, as_json=arguments.json)
    return 0


async def _load(
    settings: Settings,
    kept: rows.About,
    pieces: Iterator[bytes],
    signer: Signer,
    told: list[receipts.Told],
) -> receipts.Applied:
    async with _reached(settings, empty=True) as url:
        await rows.load(url, share("migrations"), kept, pieces)
        try:
            return await _apply(url, signer, told)
        except STORE_AWAY as error:
            raise Refusal(
                f"the rows are back, but those who were deleted since are not out again ({error}): "
                "run `viva receipt apply` before anybody looks"
            ) from error


def export_receipts(arguments: argparse.Namespace) -> int:
    """What the file held stays in it: a database that was restored may not know it yet."""
    settings: Settings = arguments.settings
    path: Path = arguments.file
    try:
        signer = Signer(_keys_here(settings))
        lines = dict.fromkeys(path.read_text().splitlines() if path.exists() else ())
        receipts.read(signer, lines)
        lines |= dict.fromkeys(asyncio.run(_export(settings, signer)))
        with _new(path, instead=True) as file:
            file.write("".join(f"{line}\n" for line in lines).encode())
    except REFUSED as error:
        return refused(error)
    tell(f"{path}: {len(lines)} deletions", deletions=len(lines), as_json=arguments.json)
    return 0


async def _export(settings: Settings, signer: Signer) -> list[str]:
    async with _reached(settings) as url:
        connection = await asyncpg.connect(url)
        try:
            await set_codecs(connection)
            return await receipts.export(connection, signer)
        finally:
            await connection.close()


def apply_receipts(arguments: argparse.Namespace) -> int:
    settings: Settings = arguments.settings
    try:
        signer = Signer(_keys_here(settings))
        lines = [line for path in arguments.file for line in path.read_text().splitlines()]
        applied = asyncio.run(_apply_here(settings, signer, receipts.read(signer, lines)))
    except REFUSED as error:
        return refused(error)
    return _told(arguments, applied)


async def _apply_here(
    settings: Settings, signer: Signer, told: list[receipts.Told]
) -> receipts.Applied:
    async with _reached(settings) as url:
        return await _apply(url, signer, told)


async def _apply(url: str, signer: Signer, told: list[receipts.Told]) -> receipts.Applied:
    local = Scope(LOCAL)
    async with await open_pool(
        url, application_name="viva receipt", max_size=1, scope=local
    ) as pool:
        return await receipts.apply(pool, signer, told)


def _told(
    arguments: argparse.Namespace, applied: receipts.Applied, before: str = "", **data: Any
) -> int:
    told = (
        f"{before}deleted again: {applied.people} people, {applied.recordings} recordings; "
        "viva scrub takes them out of the files"
    )
    tell(told, **data, **asdict(applied), as_json=arguments.json)
    for one in applied.held:
        refused(f"a legal hold that is younger than receipt {one} keeps whom it tells of")
    return 1 if applied.held else 0


@asynccontextmanager
async def _reached(settings: Settings, *, empty: bool = False) -> AsyncIterator[str]:
    """The database of DATABASE_URL, of the running `viva up`, or of the folder of data, started for
    the time. ``empty``: nobody else may be using it, and it is made where there is none. Raises
    Refusal, EmbeddedError."""
    url = secret(settings.database_url)
    if url is None and not empty:
        url = await _running(settings.data)
    if url is not None:
        yield url
        return
    if not empty and not (settings.data / "postgres").exists():
        raise Refusal(NO_DATABASE)
    async with Embedded(settings.data, redis=False) as embedded:
        yield embedded.database_url


async def _running(data: Path) -> str | None:
    url = running_database(data)
    if url is None:
        return None
    try:
        await (await asyncpg.connect(url, timeout=5)).close()
    except STORE_AWAY:  # only its socket is left
        return None
    return url


def _keys_here(settings: Settings) -> Keys:
    """None is made: what it closed nobody else could open. Raises Refusal."""
    keys = _keys_or_none(settings)
    if keys is None:
        raise Refusal(f"{settings.data} has no {FILE}; set VIVA_SOUND_KEY as the servers have it")
    return keys


def _keys_or_none(settings: Settings) -> Keys | None:
    kept, told = settings.data / FILE, secret(settings.sound_key)
    text = kept.read_text() if told is None and kept.exists() else told
    return read_keys(text) if text else None


def _keys_of(arguments: argparse.Namespace, settings: Settings) -> Keys:
    """Of the place that is restored into, or of the file that holds them. Raises Refusal."""
    here = _keys_or_none(settings)
    if arguments.keys is None:
        if here is None:
            raise Refusal(
                "without the keys it was sealed with no backup can be opened; set VIVA_SOUND_KEY, "
                f"put {FILE} into {settings.data}, or give the file that "
                "`viva backup --keys` wrote as --keys"
            )
        return here
    given = read_keys(arguments.keys.read_text())
    if here is not None and not set(given.secrets) <= set(here.secrets):
        place = "VIVA_SOUND_KEY" if settings.sound_key else settings.data / FILE
        raise Refusal(
            f"this place has keys, and not all of {arguments.keys}: add those to {place}, "
            "or sound cannot be opened"
        )
    return here or given


def _put_files(settings: Settings, kept: rows.About, keys: Keys) -> None:
    """Only where there are none yet."""
    texts = {name: kept.files[name] for name in KEPT_FILES if name in kept.files}
    if settings.sound_key is None:
        texts[FILE] = "\n".join(base64.b64encode(one).decode() for one in keys.secrets)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in texts.items():
        with suppress(FileExistsError), _new(settings.data / name) as file:
            file.write(text.encode())


def _files(settings: Settings) -> dict[str, str]:
    paths = [settings.data / name for name in KEPT_FILES]
    return {path.name: path.read_text() for path in paths if path.exists()}


@contextmanager
def _new(path: Path, *, instead: bool = False) -> Iterator[IO[bytes]]:
    """Readable by us only, and there when it is whole. ``instead``: of what is there. Raises
    FileExistsError, OSError."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(aside, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if instead:
            aside.replace(path)
        else:
            os.link(aside, path)
    finally:
        aside.unlink(missing_ok=True)
