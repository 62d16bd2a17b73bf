"""Only our own pages and programs on this machine may call: Host and Origin are checked."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from server.web.problems import CROSS_ORIGIN, PROBLEM_JSON, WRONG_HOST, Kind, details

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


class SameOrigin:
    """ASGI middleware. A foreign Host is DNS rebinding; a foreign Origin is another site."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts | LOOPBACK_NAMES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(headers.get(b"host", ""), headers.get(b"origin"))
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == ScopeType.HTTP:
            await _refuse(send, refusal)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})

    def _refusal(self, host: str, origin: str | None) -> Kind | None:
        if _hostname(f"//{host}") not in self._hosts:
            return WRONG_HOST
        if origin is not None and urlsplit(origin).netloc != host:
            return CROSS_ORIGIN
        return None


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


async def _refuse(send: Send, kind: Kind) -> None:
    body = msgspec.json.encode(details(kind.status, kind.code, kind.detail))
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": kind.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
