"""How an answer travels: to HEAD without its body, not at all to who has it, packed where large."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import brotli  # type: ignore[import-untyped]
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from server.web.accepted import accepted_of
from server.web.packed import SMALLEST

JSON: Final = "application/json"
IN_A_THREAD: Final = 32 * 1024
"""Bytes from which packing would hold up others' voices."""
QUALITY: Final = {"br": 4, "gzip": 5}
"""Each is packed for one reader."""


class Transferred:
    """ASGI middleware of HTTP. An answer in JSON that comes in one piece gets an ``ETag``: of what
    is sent, so that it changes with every word of it. ``methods``: by path what it may be asked."""

    def __init__(self, app: ASGIApp, methods: Callable[[], Mapping[str, set[str]]]) -> None:
        self._app = app
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        asked = scope["method"] in ("GET", "HEAD")
        if scope["method"] == "HEAD":
            inside: Any = {**scope, "method": "GET"}  # the server's own says that no body goes out
            scope = inside

        def allowed() -> set[str]:
            """What the route knows of itself alone: others may have its path too."""
            return self._methods().get(scope.get("path_template", ""), set())

        await self._app(scope, receive, _Answer(scope, send, allowed, asked=asked).take)


class _Answer:
    def __init__(
        self, scope: Scope, send: Send, allowed: Callable[[], set[str]], *, asked: bool
    ) -> None:
        self._headers = Headers.from_scope(scope)
        self._send = send
        self._allowed = allowed
        self._asked = asked
        self._start: Any = None

    async def take(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            _say_allowed(message, self._allowed)
            self._start = message  # goes out with the first piece
            return
        start, self._start = self._start, None
        if start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        if not message["more_body"] and start["status"] == 200 and _is_json(start):
            message = await self._travelling(start, message)
        await self._send(start)
        await self._send(message)

    async def _travelling(self, start: Any, message: Any) -> Any:
        """The body as it goes out; ``start`` tells how."""
        headers = MutableScopeHeaders.from_message(start)
        body: bytes = message["body"]
        if self._asked:
            tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers["etag"] = tag
            if _has(self._headers.get("if-none-match", ""), tag):
                start["status"] = 304
                del headers["content-length"]
                return {**message, "body": b""}
        if len(body) < SMALLEST:
            return message
        headers.add("vary", "accept-encoding")
        taken = {coding for coding, _ in accepted_of(self._headers.get("accept-encoding", ""))}
        coding = next((one for one in QUALITY if one in taken), None)
        if coding is None:
            return message
        if len(body) < IN_A_THREAD:
            body = _packed(body, coding)
        else:
            body = await asyncio.to_thread(_packed, body, coding)
        headers["content-encoding"] = coding
        headers["content-length"] = str(len(body))
        return {**message, "body": body}


def _packed(body: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.compress(body, QUALITY[coding], mtime=0)
    packed: bytes = brotli.compress(body, quality=QUALITY[coding], mode=brotli.MODE_TEXT)
    return packed


def _is_json(start: Any) -> bool:
    headers = MutableScopeHeaders.from_message(start)
    return headers.get("content-type", "").partition(";")[0] == JSON and not (
        "etag" in headers or "content-encoding" in headers
    )


def _has(if_none_match: str, tag: str) -> bool:
    """Whether the client holds this very answer (RFC 9110, 13.1.2: compared weakly)."""
    held = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return tag.removeprefix("W/") in held or "*" in held


def _say_allowed(start: Any, more: Callable[[], set[str]]) -> None:
    """Where something may be had with GET, HEAD may be asked."""
    headers = MutableScopeHeaders.from_message(start)
    if "allow" not in headers:
        return
    allowed = {one.strip() for one in headers["allow"].split(",")} | more()
    head = {"HEAD"} if "GET" in allowed else set()
    headers["allow"] = ", ".join(sorted(allowed | head))
