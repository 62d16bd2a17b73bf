"""``viva doctor``: what of this machine viva can use, what is missing, and what that means."""

from __future__ import annotations

import asyncio
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import asyncpg
import httpx

from server import drift, here, mending
from server.assets import share
from server.document import ocr
from server.embedded import postgres_binary, valkey_binary
from server.engines import registry
from server.language.pack import PackError, known
from server.language.pages import missing
from server.manual import tell
from server.mending import Mend, NotMended
from server.readiness import folders, room
from server.settings import Settings, unknown_names
from server.store.accounts import ANY_JOINED
from server.store.keys import FILE
from server.store.migrations import read_migrations, standing
from server.store.pool import CONNECT_S, STORE_AWAY
from server.store.scope import EVERYWHERE, enter
from server.up import port_is_free
from server.vllm import beside

T = TypeVar("T")
State = Literal["ok", "note", "missing"]
Role = Literal["candidate", "interviewer", "operator"]
ROLES: dict[Role, str] = {
    "candidate": "for candidates: to be reached, heard and spoken to",
    "interviewer": "for interviewers: to invite, to follow, to be asked well",
    "operator": "for operators: to keep it running",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASK_S = 1.0
MARKS: dict[State, str] = {"ok": "ok     ", "note": "note   ", "missing": "MISSING"}


@dataclass(frozen=True, slots=True)
class Finding:
    """``missing``: viva cannot run; ``note``: it runs, and something else takes the place.
    ``mend``: by which `--fix` puts it right."""

    role: Role
    what: str
    state: State
    detail: str
    mend: Mend | None = None


def examine(
    settings: Settings, role: Role | None = None, *, fix: bool = False, as_json: bool = False
) -> int:
    """Tells every finding, or what one role needs; 1 where something is missing that viva cannot do
    without. ``fix``: after what can be mended was."""

    def look() -> list[Finding]:
        return [one for one in _findings(settings) if role in {None, one.role}]

    findings = look()
    mended: list[dict[str, object]] = []
    if fix and any(one.mend for one in findings):
        mended = [_mended(one) for one in findings if one.mend]
        findings = look()
    told = "\n".join(_told(findings, mended))
    data = [
        {
            "for": one.role,
            "what": one.what,
            "state": one.state,
            "detail": one.detail,
            "can_be_mended": one.mend is not None,
        }
        for one in findings
    ]
    ok = not any(finding.state == "missing" for finding in findings)
    tell(told, as_json=as_json, ok=ok, findings=data, mended=mended)
    return 0 if ok else 1


def _mended(finding: Finding) -> dict[str, object]:
    assert finding.mend is not None
    try:
        return {"what": finding.what, "done": True, "detail": finding.mend()}
    except NotMended as error:
        return {"what": finding.what, "done": False, "detail": str(error)}


def _told(findings: list[Finding], mended: list[dict[str, object]]) -> Iterator[str]:
    width = max(len(finding.what) for finding in findings)
    for done in mended:
        mark = "mended " if done["done"] else "FAILED "
        yield f"{mark}  {done['what']:<{width}}  {done['detail']}"
    for role, title in ROLES.items():
        if own := [one for one in findings if one.role == role]:
            yield title
            for one in own:
                yield f"  {MARKS[one.state]}  {one.what:<{width}}  {one.detail}"
    if can := [one.what for one in findings if one.mend]:
        yield f"`viva doctor --fix` mends: {', '.join(can)}"


def _findings(settings: Settings) -> Iterator[Finding]:
    yield _address(settings)
    for role in registry.roles():
        for row in registry.rows(role):
            offer = row.offer(settings)
            who: Role = "interviewer" if role == "llm" else "candidate"
            mend = mending.model_here(settings) if row.name == "whisper" else None
            yield Finding(who, row.name, "ok" if offer.ok else "note", offer.detail, mend)
    yield _packs(settings)
    yield _vllm(settings)
    yield _ocr()
    yield _mail(settings)
    yield _accounts(settings)
    yield Finding("operator", "python", "ok", f"{platform.python_version()} at {sys.executable}")
    yield _database(settings)
    yield _schema(settings)
    yield _queue(settings)
    yield _disk(settings)
    yield _clocks(settings)
    yield _keys(settings)
    yield _port(settings)
    yield _folder("migrations")
    yield _folder("static")
    yield _gpu()
    yield _browser()
    for name in unknown_names(os.environ):
        told = f"{name} is not a setting of viva and does nothing"
        yield Finding("operator", "environment", "note", told)


def _address(settings: Settings) -> Finding:
    """Browsers give no microphone to a page that comes over the network without TLS."""
    if settings.public_url is None:
        told = "only on this machine; others reach it by VIVA_PUBLIC_URL, behind TLS"
        return Finding("candidate", "address", "note", told)
    told = settings.public_url
    if not settings.secure:
        return Finding("candidate", "address", "note", f"{told} has no TLS: no microphone there")
    return Finding("candidate", "address", "ok", told)


def _mail(settings: Settings) -> Finding:
    if settings.smtp_url is None:
        told = "no mail server (VIVA_SMTP_URL): links are shown, to be passed on by hand"
        return Finding("interviewer", "mail", "note", told)
    return Finding("interviewer", "mail", "ok", f"from {settings.sender}; no mail was tried")


def _asked(settings: Settings, ask: Callable[[asyncpg.Connection], Awaitable[T]]) -> T | None:
    """What the database answers; None where there is none. Raises as asyncpg does."""
    url = here.database(settings)
    if url is None:
        return None

    async def run() -> T:
        connection = await asyncpg.connect(url, timeout=CONNECT_S, command_timeout=CONNECT_S)
        try:
            return await ask(connection)
        finally:
            await connection.close()

    return asyncio.run(run())


def _accounts(settings: Settings) -> Finding:
    def found(state: State, detail: str) -> Finding:
        return Finding("interviewer", "accounts", state, detail)

    async def ask(connection: asyncpg.Connection) -> bool:
        await enter(connection, EVERYWHERE)
        return bool(await connection.fetchval(ANY_JOINED))

    try:
        joined = _asked(settings, ask)
    except STORE_AWAY:
        return found("note", "not known: the database does not answer, or is empty")
    if joined is None:
        return found("ok", "`viva up` prints the address that signs the first one in")
    if joined:
        return found("ok", "somebody has signed in: everything takes an account or a link")
    return found("note", "nobody has signed in yet: open to everybody on this machine (sign-in)")


def _keys(settings: Settings) -> Finding:
    def found(state: State, detail: str, mend: Mend | None = None) -> Finding:
        return Finding("operator", "keys", state, detail, mend)

    if opened := mending.open_files(settings.data):
        names = ", ".join(str(path) for path in opened)
        return found("note", f"others of this machine may read {names}", mending.closed(opened))
    if settings.sound_key:
        return found("ok", "VIVA_SOUND_KEY; without it backups and sound cannot be opened")
    if settings.database_url:
        told = f"each machine makes its own {FILE}: several servers need one VIVA_SOUND_KEY"
        return found("note", told)
    path = settings.data.expanduser() / FILE
    kept = f"{path}; keep a copy elsewhere: without it backups and sound cannot be opened"
    return found("ok", kept if path.exists() else "made when viva first runs")


def _database(settings: Settings) -> Finding:
    if settings.database_url:
        return Finding("operator", "postgresql", "ok", "at DATABASE_URL")
    return _binary("postgresql", postgres_binary("postgres"), "DATABASE_URL")


def _schema(settings: Settings) -> Finding:
    """Of the database at DATABASE_URL, else of that which a running `viva up` brought."""

    def found(state: State, detail: str, mend: Mend | None = None) -> Finding:
        return Finding("operator", "schema", state, detail, mend)

    url, ours = here.database(settings), read_migrations(share("migrations"))
    try:
        answer = _asked(settings, lambda connection: standing(connection, ours))
    except STORE_AWAY as error:
        return found("note", f"the database does not answer ({type(error).__name__})")
    if url is None or answer is None:
        return found("ok", "viva up brings its own database up to date")
    ok, detail = answer
    return found("ok", detail) if ok else found("note", detail, mending.up_to_date(url))


def _disk(settings: Settings) -> Finding:
    ok, detail = room(folders(settings.data))
    return Finding("operator", "disk", "ok" if ok else "note", detail)


def _queue(settings: Settings) -> Finding:
    if settings.redis_url:
        return Finding("operator", "redis", "ok", "at REDIS_URL")
    return _binary("valkey", valkey_binary(), "REDIS_URL")


def _binary(what: str, path: Path | None, variable: str) -> Finding:
    if path is None:
        return Finding("operator", what, "missing", f"none for this platform here; set {variable}")
    try:
        answer = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        reason = type(error).__name__
        return Finding(
            "operator", what, "missing", f"{path} does not run ({reason}); set {variable}"
        )
    return Finding(
        "operator",
        what,
        "ok",
        f"{path.name} of its own, {_version(answer.stdout)} ({variable} is not set)",
    )


def _clocks(settings: Settings) -> Finding:
    """Of this machine against those of the stores that it is told of; its own have its own."""
    if not (settings.database_url and settings.redis_url):
        return Finding("operator", "clocks", "ok", "the databases are on this machine")
    urls = settings.database_url.get_secret_value(), settings.redis_url.get_secret_value()
    known = asyncio.run(drift.of_this_machine(*urls))
    silent = {"postgresql", "redis"} - {one.of for one in known}
    ok, detail = drift.told(known)
    if silent:
        return Finding("operator", "clocks", "note", f"no answer by {' and '.join(sorted(silent))}")
    return Finding("operator", "clocks", "ok" if ok else "note", detail)


def _port(settings: Settings) -> Finding:
    where = f"{settings.port} on {settings.host}"
    if port_is_free(settings.host, settings.port):
        return Finding("operator", "port", "ok", f"{where} is free")
    if _answers(settings):
        return Finding("operator", "port", "ok", f"{where}: viva runs and answers there")
    return Finding("operator", "port", "note", f"{where} is taken; VIVA_PORT is another")


def _answers(settings: Settings) -> bool:
    """Whether it is a viva that is alive."""
    with suppress(httpx.HTTPError, ValueError):
        told = httpx.get(f"{here.base(settings)}/health/live", timeout=ASK_S)
        return bool(told.json()["status"] == "ok") if told.is_success else False
    return False


def _version(text: str) -> str:
    match = re.search(r"(?<![0-9])[0-9]++(\.[0-9]++)+", text)
    return match[0] if match else "version unknown"


def _folder(name: str) -> Finding:
    try:
        return Finding("operator", name, "ok", str(share(name)))
    except FileNotFoundError as error:
        return Finding("operator", name, "missing", str(error))


def _packs(settings: Settings) -> Finding:
    try:
        packs = known(settings.packs)
    except PackError as error:
        return Finding("candidate", "language packs", "missing", "; ".join(error.problems))
    families = {name for pack in packs.by_language.values() for name in pack.families}
    told = f"{', '.join(packs.by_language)}: {len(families)} role families"
    for language in packs.by_language:
        if left := len(missing(packs, language)):
            told += f"; {language} leaves {left} texts of the pages to {packs.otherwise}"
    return Finding("candidate", "language packs", "ok", told)


def _gpu() -> Finding:
    from server.engines.whisper import cuda_usable

    usable, reason = cuda_usable()
    if usable:
        return Finding("operator", "gpu", "ok", reason)
    return Finding("operator", "gpu", "note", f"{reason}; speech is recognised on the CPU")


def _ocr() -> Finding:
    absent = ocr.missing()
    if absent is None:
        return Finding(
            "interviewer", "tesseract", "ok", "scans and photographs of résumés are read"
        )
    return Finding("interviewer", "tesseract", "note", f"{absent}: only PDFs with text can be read")


def _vllm(settings: Settings) -> Finding:
    found = beside(settings)
    if isinstance(found, str):
        return Finding("interviewer", "vllm", "note", f"viva up starts none: {found}")
    share = "on the CPU" if found.share is None else f"with {found.share:.0%} of the GPU's memory"
    return Finding(
        "interviewer", "vllm", "ok", f"viva up starts it with {found.served_name} {share}"
    )


def _browser() -> Finding:
    for name in BROWSERS:
        if found := shutil.which(name):
            return Finding("operator", "chromium", "ok", found)
    return Finding(
        "operator", "chromium", "note", "not here: only the browser tests need it, they are skipped"
    )
