"""In front of the application while the process leaves: whoever comes is sent elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from server.web.problems import LEAVING
from server.web.refusal import refuse
from server.web.upgrade import REFUSAL

AGAIN: Final = {"Retry-After": "1"}
CANDIDATES: Final = ("/realtime", "/v1/realtime")


class Door:
    """``leaving``: whether it does. Candidates' connections are refused before they are made, so
    that a balancer may take them to another process, and no HTTP connection is kept open."""

    def __init__(self, app: ASGIApp, leaving: Callable[[], bool]) -> None:
        self._app = app
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._leaving():
            await self._app(scope, receive, send)
        elif scope["type"] == ScopeType.HTTP:
            await self._app(scope, receive, _once(send))
        elif scope["path"].rstrip("/") in CANDIDATES:
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _once(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return told


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    answer: Any = send
    if REFUSAL not in (scope.get("extensions") or {}):
        await answer({"type": "websocket.close", "code": 1012, "reason": LEAVING.code})
        return
    await refuse(send, LEAVING, AGAIN, REFUSAL)
    raise ClientDisconnected  # for uvicorn one who returns here has forgotten to answer
