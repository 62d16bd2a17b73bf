"""The pages and what they are made of.

What they say is filled in from the packs at the start, in the language that the browser asks for;
the other languages lie beside them.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.datastructures import CacheControlHeader
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.static_files import create_static_files_router

from server.core.pack import Packs
from server.doubt import DOUBTED
from server.language.pages import texts
from server.language.speech import NO_ROLE, Pack
from server.web.accepted import preferred
from server.web.guards import Anyone
from server.web.loaded import Loaded, allowed
from server.web.packed import Packed
from server.web.problems import NOT_FOUND, Problem

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src {styles}; connect-src 'self'; "
    "img-src 'self' blob:; media-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cache-control": "no-cache",
}
PAGE = {"vary": "accept-language"}
PAGES = {
    "/": "index.html",
    "/rehearsal": "rehearsal.html",
    "/sign-in": "sign-in.html",
    "/interviewer": "interviewer.html",
    "/interviewer/templates": "templates.html",
    "/interviewer/wording": "wording.html",
    "/interviewer/members": "members.html",
    "/interviewer/openings": "openings.html",
    "/interviewer/openings/{opening_id:uuid}/comparison": "comparison.html",
    "/interviewer/interviews/{interview_id:uuid}": "person.html",
    "/interviewer/interviews/{interview_id:uuid}/print": "print.html",
    "/invitation": "invitation.html",
    "/shared": "shared.html",
}
FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
LOADED = {
    **FOR_EVER,
    "content-security-policy": "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
}
"""A script on a thread of its own has the policy of its file: the line may reach this server."""
PART = re.compile(r"<!-- part: (\w+) -->")
LANG, NOSCRIPT, TEXTS = 'lang=""', "<!-- noscript -->", "<!-- texts -->"


class Texts:
    """What the pages say, by language, each under an address that changes with it."""

    def __init__(self, packs: Packs[Pack], *, reads_pictures: bool = True) -> None:
        self._packs = packs
        self._strings = {language: texts(packs, language) for language in packs.by_language}
        if not reads_pictures:
            for strings in self._strings.values():
                strings["resume.limit"] = strings["resume.limit.text"]
        self.files = {
            self._file(language): Packed(msgspec.json.encode(strings), "application/json")
            for language, strings in self._strings.items()
        }

    def _file(self, language: str) -> str:
        written = msgspec.json.encode(self._strings[language])
        return f"{language}-{hashlib.sha256(written).hexdigest()[:16]}.json"

    def filled(self, html: str, language: str, groups: set[str]) -> bytes:
        """The page as it is sent to who reads this language, with the texts whose keys are one of
        these, or begin with one that ends in a full stop."""
        languages = {
            tag: {"name": pack.manifest.name, "texts": f"/texts/{self._file(tag)}"}
            for tag, pack in self._packs.by_language.items()
        }
        given = {
            "language": language,
            "otherwise": self._packs.otherwise,
            "no_role": NO_ROLE,
            "languages": languages,
            "doubted_below": DOUBTED,
            "strings": {
                key: text
                for key, text in self._strings[language].items()
                if "".join(key.partition(".")[:2]) in groups
            },
        }
        # Nothing in it can end the element it stands in.
        data = json.dumps(given, ensure_ascii=False).replace("<", "\\u003c")
        needed = " ".join(str(strings["noscript"]) for strings in self._strings.values())
        html = html.replace(LANG, f'lang="{escape(language)}"', 1)
        return html.replace(NOSCRIPT, escape(needed), 1).replace(TEXTS, data, 1).encode()


def policy(page: bytes) -> dict[str, str]:
    styles, scripts = allowed(page)
    told = CONTENT_SECURITY_POLICY.format(styles=styles, scripts=scripts)
    return {"content-security-policy": told}


def whole(directory: Path, name: str) -> str:
    """The page with the parts that pages share, each written once in ``parts``; one may hold
    others."""

    def part(found: re.Match[str]) -> str:
        return whole(directory, f"parts/{found[1]}.html").rstrip("\n")

    return PART.sub(part, (directory / name).read_text("utf-8"))


def routers(directory: Path, packs: Packs[Pack], *, reads_pictures: bool = True) -> list[Router]:
    """``directory``: where the static files are."""
    said = Texts(packs, reads_pictures=reads_pictures)

    loaded = Loaded(directory)

    def page(name: str) -> dict[str, Packed]:
        html = loaded.named(whole(directory, name))
        groups = loaded.groups(html)
        return {
            language: Packed(said.filled(html, language, groups), "text/html")
            for language in packs.by_language
        }

    def handler(path: str, name: str) -> HTTPRouteHandler:
        bodies = page(name)
        told = {language: PAGE | policy(body.plain) for language, body in bodies.items()}

        @get(path, include_in_schema=False, sync_to_thread=True)
        def show(request: Request[Any, Any, Any]) -> Response[bytes]:
            asked = request.headers.get("accept-language", "")
            language = preferred(asked, bodies, packs.otherwise)
            return bodies[language].answer(request, told[language])

        return show

    @get("/texts/{name:str}", include_in_schema=False, sync_to_thread=True)
    def strings(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        if name not in said.files:
            raise Problem(NOT_FOUND)
        return said.files[name].answer(request, FOR_EVER)

    @get("/loaded/{name:str}", include_in_schema=False, sync_to_thread=True)
    def load(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        if name not in loaded.files:
            raise Problem(NOT_FOUND)
        return loaded.files[name].answer(request, LOADED)

    plain: Any = create_static_files_router(
        "/static",
        [directory],
        include_in_schema=False,
        guards=[Anyone()],
        cache_control=CacheControlHeader(no_cache=True),  # asked again, answered with 304
    )
    ours = [handler(path, name) for path, name in PAGES.items()]
    return [
        Router("/", route_handlers=ours, response_headers=HEADERS, guards=[Anyone()]),
        Router("/", route_handlers=[strings, load], guards=[Anyone()]),
        plain,
    ]
