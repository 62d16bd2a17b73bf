"""Only our own pages and programs on this machine may call: Host and Origin are checked."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from server.web.errors import PROBLEM_JSON, problem_body

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
            await _refuse(send, *refusal)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})

    def _refusal(self, host: str, origin: str | None) -> tuple[int, str, str] | None:
        if _hostname(f"//{host}") not in self._hosts:
            return 421, "wrong_host", "This server answers on its own address only."
        if origin is not None and urlsplit(origin).netloc != host:
            return 403, "cross_origin", "Open this server's own page; other sites may not call it."
        return None


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


async def _refuse(send: Send, status: int, code: str, detail: str) -> None:
    body = msgspec.json.encode(problem_body(status, code, detail))
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
