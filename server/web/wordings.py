"""An organisation's own wording over the packs: see it, change some of it, keep it as a file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.identity.principal import Member
from server.language import overlay
from server.language.overlay import SEPARATOR, Own, Wording, WordingError
from server.language.schema import Fault
from server.language.speech import Pack
from server.store import wordings
from server.store.wordings import StoredWording
from server.web import authoring
from server.web.guards import Allowed
from server.web.paging import Page, Window
from server.web.principal import principal_of
from server.web.problems import (
    LANGUAGE_NOT_FOUND,
    VERSION_NOT_FOUND,
    WORDING_FAULTY,
    WORDING_FILE,
    Problem,
)
from server.web.services import Services

Text = Annotated[str, msgspec.Meta(max_length=1_000, pattern="^[^\\x00]*$")]
Place = Annotated[str, msgspec.Meta(max_length=200, pattern="^[^\\x00]*$")]
TOLD: Final = 20
"""So many faults of a file at most are told at once."""


class WordingChange(msgspec.Struct):
    """``texts`` by place; null: the pack's own again. What is left out stays."""

    texts: Annotated[dict[Place, Text | None], msgspec.Meta(max_length=2_000)]


class WordingFile(msgspec.Struct):
    """``toml``: as ``GET …/file`` answers it. A text that is left out, or that is the pack's, is
    the pack's."""

    toml: Annotated[str, msgspec.Meta(max_length=2_000_000)]


@dataclass(frozen=True, slots=True)
class TextView:
    """``sort``: what is asked, what is only said, or what an answer is looked at for. ``own`` null:
    the pack's text is used."""

    place: str
    sort: Literal["question", "said", "rubric"]
    pack: str
    own: str | None


@dataclass(frozen=True, slots=True)
class StaleView:
    """``own`` was written in place of ``over``, which the pack says otherwise by now: it is not
    used any more."""

    place: str
    own: str
    over: str


@dataclass(frozen=True, slots=True)
class WordingView:
    """``version`` null: nothing was ever put in other words. ``families``: their names, by the part
    of a place that is theirs."""

    language: str
    version: UUID | None
    made_at: datetime | None
    made_by: str | None
    texts: list[TextView]
    stale: list[StaleView]
    families: dict[str, str]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What had better be looked at again; ``code`` is stable, ``detail`` is for the author."""

    place: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Worded:
    """``own``: how many texts are in the organisation's own words now."""

    version: UUID | None
    own: int
    warnings: list[Doubt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VersionView:
    """``texts``: how many were in own words."""

    id: UUID
    made_at: datetime
    made_by: str | None
    texts: int


@get("/", refuses=[LANGUAGE_NOT_FOUND])
async def show(language: FromPath[str], services: NamedDependency[Services]) -> WordingView:
    """Every text that may be put in other words, in the pack's order. Interviews that were created
    before a change keep what they began with."""
    pack = _pack(services, language)
    stored = await wordings.newest(services.pool, language)
    settled = overlay.settled(pack, stored.texts if stored else {})
    return WordingView(
        language,
        stored.id if stored else None,
        stored.made_at if stored else None,
        stored.made_by if stored else None,
        [
            TextView(place, overlay.sort(place), text, settled.own.get(place))
            for place, text in overlay.texts(pack).items()
        ],
        [StaleView(place, one.text, one.over) for place, one in settled.stale.items()],
        {f"families/{name}": family.name for name, family in pack.families.items()},
    )


@patch("/", refuses=[LANGUAGE_NOT_FOUND, WORDING_FAULTY])
async def change(
    language: FromPath[str],
    data: JSONBody[WordingChange],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Worded:
    """Put some texts in other words, or in the pack's again."""
    given = {place: _trimmed(text) for place, text in data.texts.items()}
    return await _changed(request, services, language, given, whole=False)


@get("/file", refuses=[LANGUAGE_NOT_FOUND], media_type="text/plain; charset=utf-8")
async def download(language: FromPath[str], services: NamedDependency[Services]) -> Response[str]:
    """All of it as TOML, a table for each file of the pack; what is in own words has the pack's
    beside it."""
    pack = _pack(services, language)
    stored = await wordings.newest(services.pool, language)
    own = overlay.settled(pack, stored.texts if stored else {}).own
    name = f"viva-wording-{language}.toml"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(_toml(overlay.texts(pack), own), headers=headers)


@put("/file", refuses=[LANGUAGE_NOT_FOUND, WORDING_FAULTY, WORDING_FILE])
async def upload(
    language: FromPath[str],
    data: JSONBody[WordingFile],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Worded:
    """In place of all that held."""
    return await _changed(request, services, language, dict(_read(data.toml)), whole=True)


@get("/versions", refuses=[LANGUAGE_NOT_FOUND])
async def list_versions(
    language: FromPath[str],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[VersionView]:
    """The newest first."""
    _pack(services, language)
    before = window.after(UUID)
    found = await wordings.versions(services.pool, language, before, window.fetch)
    views = [VersionView(one.id, one.made_at, one.made_by, len(one.texts)) for one in found]
    return window.page(views, lambda one: one.id)


@post(
    "/versions/{version_id:uuid}/again",
    status_code=HTTP_200_OK,
    refuses=[LANGUAGE_NOT_FOUND, VERSION_NOT_FOUND, WORDING_FAULTY],
)
async def bring_back(
    language: FromPath[str],
    version_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Worded:
    """An older version is the newest again."""
    pack = _pack(services, language)
    found = await wordings.version(services.pool, language, version_id)
    if found is None:
        raise Problem(VERSION_NOT_FOUND)
    own = overlay.settled(pack, found.texts).own
    return await _changed(request, services, language, dict(own), whole=True)


async def _changed(
    request: Request[Any, Any, Any],
    services: Services,
    language: str,
    given: dict[str, str | None],
    *,
    whole: bool,
) -> Worded:
    """``given``: texts by place, of ``whole`` the only ones. Raises Problem."""
    pack = _pack(services, language)
    known = overlay.texts(pack)
    wanted = {place: text for place, text in given.items() if text != known.get(place)}
    before = await wordings.newest(services.pool, language)
    had = overlay.settled(pack, before.texts if before else {}).own
    fresh = {
        place: text for place, text in wanted.items() if text is not None and text != had.get(place)
    }
    _refuse(_faults(services, pack, fresh))  # before anything is judged by its meaning
    faults, warnings = await _looked_at(services, pack, fresh)
    _refuse(faults)

    def settle(held: Wording) -> Wording:
        """Where two change it at the same time, together."""
        now = overlay.settled(pack, held)
        own = {} if whole else {at: text for at, text in now.own.items() if at not in given}
        own |= {place: text for place, text in wanted.items() if text is not None}
        _refuse(_faults(services, pack, own))
        stale = {} if whole else {at: one for at, one in now.stale.items() if at not in given}
        return {**stale, **{place: Own(text, known[place]) for place, text in own.items()}}

    principal = principal_of(request)
    by = principal.user_id if isinstance(principal, Member) else None
    stored = await wordings.change(services.pool, language, settle, by)
    return Worded(stored.id if stored else None, _count(pack, stored), warnings)


def _faults(services: Services, pack: Pack, own: Mapping[str, str]) -> list[Fault]:
    try:
        worded = overlay.laid_over(pack, own)
    except WordingError as error:
        return list(error.faults)
    return list(overlay.twice(worded, own, services.packs))


async def _looked_at(
    services: Services, pack: Pack, own: Mapping[str, str]
) -> tuple[list[Fault], list[Doubt]]:
    """By the guard, as what stands in a template is."""
    faults, warnings = [], []
    for place, text in own.items():
        if overlay.sort(place) == "rubric":
            continue
        asks = overlay.sort(place) == "question"
        judgement = await authoring.judged(services, pack, text)
        if asks and judgement is not None and authoring.refused(judgement):
            faults.append(Fault(place, "private", authoring.unlawful(judgement.rule)))
        elif code := authoring.doubted(pack, text, judgement, asks=asks):
            warnings.append(Doubt(place, code, authoring.explained(code, asks=asks)))
    return faults, warnings


def _refuse(faults: list[Fault]) -> None:
    if not faults:
        return
    codes = {fault.code for fault in faults}
    code = f"wording_{codes.pop()}" if len(codes) == 1 else WORDING_FAULTY.code
    said = " ".join(f"{str(fault).rstrip('.')}." for fault in faults[:TOLD])
    more = f" And {len(faults) - TOLD} more." if len(faults) > TOLD else ""
    known = (WORDING_FAULTY.code, *WORDING_FAULTY.other_codes)
    raise Problem(WORDING_FAULTY, code=code if code in known else known[0], faults=said + more)


def _pack(services: Services, language: str) -> Pack:
    pack = services.packs.by_language.get(language)
    if pack is None:
        raise Problem(LANGUAGE_NOT_FOUND)
    return pack


def _count(pack: Pack, stored: StoredWording | None) -> int:
    return len(overlay.settled(pack, stored.texts).own) if stored else 0


def _trimmed(text: str | None) -> str | None:
    return None if text is None else text.strip()


def _toml(texts: Mapping[str, str], own: Mapping[str, str]) -> str:
    lines, table = [], ""
    for place, text in texts.items():
        file, _, key = place.partition(SEPARATOR)
        if file != table:
            table = file
            lines += ["", f"[{_quoted(file)}]"]
        if place in own:
            lines.append(f"# {text}")
        lines.append(f"{_quoted(key)} = {_quoted(own.get(place, text))}")
    return "\n".join(lines[1:]) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which takes all that JSON writes in one."""
    return json.dumps(text, ensure_ascii=False)


def _read(toml: str) -> Iterator[tuple[str, str]]:
    try:
        read = tomllib.loads(toml.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Problem(WORDING_FILE, why=f"{error}.") from error
    for file, table in read.items():
        if not isinstance(table, dict):
            raise Problem(WORDING_FILE, why=f"{file} is no table.")
        for key, text in table.items():
            if not isinstance(text, str) or "\0" in text:
                raise Problem(WORDING_FILE, why=f"{file}{SEPARATOR}{key} is no text.")
            yield f"{file}{SEPARATOR}{key}", text.strip()


router = Router(
    "/wordings/{language:str}",
    route_handlers=[show, change, download, upload, list_versions, bring_back],
    guards=[Allowed("plan", "see and change the organisation's own wording")],
    tags=["wordings"],
)
