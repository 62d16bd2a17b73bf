"""``viva doctor``: what of this machine viva can use, what is missing, and what that means."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import asyncpg

from server import drift
from server.assets import share
from server.document import ocr
from server.embedded import postgres_binary, running_database, valkey_binary
from server.engines import registry
from server.environment import secret
from server.language.pack import PackError, known
from server.language.pages import missing
from server.readiness import folders, room
from server.settings import Settings, unknown_names
from server.store.migrations import read_migrations, standing
from server.store.pool import CONNECT_S, STORE_AWAY
from server.up import port_is_free
from server.vllm import beside

State = Literal["ok", "note", "missing"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MARKS: dict[State, str] = {"ok": "ok     ", "note": "note   ", "missing": "MISSING"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``missing``: viva cannot run; ``note``: it runs, and something else takes the place."""

    what: str
    state: State
    detail: str


def examine(settings: Settings) -> int:
    """Print every finding; 1 where something is missing that viva cannot do without."""
    findings = list(_findings(settings))
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        print(f"{MARKS[finding.state]}  {finding.what:<{width}}  {finding.detail}")
    return 1 if any(finding.state == "missing" for finding in findings) else 0


def _findings(settings: Settings) -> Iterator[Finding]:
    yield Finding("python", "ok", f"{platform.python_version()} at {sys.executable}")
    yield _database(settings)
    yield _schema(settings)
    yield _queue(settings)
    yield _disk(settings)
    yield _clocks(settings)
    yield _port(settings)
    yield _folder("migrations")
    yield _folder("static")
    yield _packs(settings)
    yield _gpu()
    for role in registry.roles():
        for row in registry.rows(role):
            offer = row.offer(settings)
            yield Finding(row.name, "ok" if offer.ok else "note", offer.detail)
    yield _ocr()
    yield _vllm(settings)
    yield _browser()
    for name in unknown_names(os.environ):
        yield Finding("environment", "note", f"{name} is not a setting of viva and does nothing")


def _database(settings: Settings) -> Finding:
    if settings.database_url:
        return Finding("postgresql", "ok", "at DATABASE_URL")
    return _binary("postgresql", postgres_binary("postgres"), "DATABASE_URL")


def _schema(settings: Settings) -> Finding:
    """Of the database at DATABASE_URL, else of that which a running `viva up` brought."""
    url = secret(settings.database_url) or running_database(settings.data)
    if url is None:
        return Finding("schema", "ok", "viva up brings its own database up to date")

    async def ask() -> tuple[bool, str]:
        connection = await asyncpg.connect(url, timeout=CONNECT_S, command_timeout=CONNECT_S)
        try:
            return await standing(connection, read_migrations(share("migrations")))
        finally:
            await connection.close()

    try:
        ok, detail = asyncio.run(ask())
    except STORE_AWAY as error:
        return Finding("schema", "note", f"the database does not answer ({type(error).__name__})")
    return Finding("schema", "ok" if ok else "note", detail)


def _disk(settings: Settings) -> Finding:
    ok, detail = room(folders(settings.data))
    return Finding("disk", "ok" if ok else "note", detail)


def _queue(settings: Settings) -> Finding:
    if settings.redis_url:
        return Finding("redis", "ok", "at REDIS_URL")
    return _binary("valkey", valkey_binary(), "REDIS_URL")


def _binary(what: str, path: Path | None, variable: str) -> Finding:
    if path is None:
        return Finding(what, "missing", f"none for this platform here; set {variable}")
    try:
        answer = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        reason = type(error).__name__
        return Finding(what, "missing", f"{path} does not run ({reason}); set {variable}")
    return Finding(
        what, "ok", f"{path.name} of its own, {_version(answer.stdout)} ({variable} is not set)"
    )


def _clocks(settings: Settings) -> Finding:
    """Of this machine against those of the stores that it is told of; its own have its own."""
    if not (settings.database_url and settings.redis_url):
        return Finding("clocks", "ok", "the databases are on this machine")
    urls = settings.database_url.get_secret_value(), settings.redis_url.get_secret_value()
    known = asyncio.run(drift.of_this_machine(*urls))
    silent = {"postgresql", "redis"} - {one.of for one in known}
    ok, detail = drift.told(known)
    if silent:
        return Finding("clocks", "note", f"no answer by {' and '.join(sorted(silent))}")
    return Finding("clocks", "ok" if ok else "note", detail)


def _port(settings: Settings) -> Finding:
    where = f"{settings.port} on {settings.host}"
    if port_is_free(settings.host, settings.port):
        return Finding("port", "ok", f"{where} is free")
    return Finding("port", "note", f"{where} is taken (by viva itself?); VIVA_PORT is another")


def _version(text: str) -> str:
    match = re.search(r"(?<![0-9])[0-9]++(\.[0-9]++)+", text)
    return match[0] if match else "version unknown"


def _folder(name: str) -> Finding:
    try:
        return Finding(name, "ok", str(share(name)))
    except FileNotFoundError as error:
        return Finding(name, "missing", str(error))


def _packs(settings: Settings) -> Finding:
    try:
        packs = known(settings.packs)
    except PackError as error:
        return Finding("language packs", "missing", "; ".join(error.problems))
    families = {name for pack in packs.by_language.values() for name in pack.families}
    told = f"{', '.join(packs.by_language)}: {len(families)} role families"
    for language in packs.by_language:
        if left := len(missing(packs, language)):
            told += f"; {language} leaves {left} texts of the pages to {packs.otherwise}"
    return Finding("language packs", "ok", told)


def _gpu() -> Finding:
    from server.engines.whisper import cuda_usable

    usable, reason = cuda_usable()
    if usable:
        return Finding("gpu", "ok", reason)
    return Finding("gpu", "note", f"{reason}; speech is recognised on the CPU")


def _ocr() -> Finding:
    absent = ocr.missing()
    if absent is None:
        return Finding("tesseract", "ok", "scans and photographs of résumés are read")
    return Finding("tesseract", "note", f"{absent}: only PDFs with text can be read")


def _vllm(settings: Settings) -> Finding:
    found = beside(settings)
    if isinstance(found, str):
        return Finding("vllm", "note", f"viva up starts none: {found}")
    share = "on the CPU" if found.share is None else f"with {found.share:.0%} of the GPU's memory"
    return Finding("vllm", "ok", f"viva up starts it with {found.served_name} {share}")


def _browser() -> Finding:
    for name in BROWSERS:
        if found := shutil.which(name):
            return Finding("chromium", "ok", found)
    return Finding("chromium", "note", "not here: only the browser tests need it, they are skipped")
