"""In front of the application: who is refused before a WebSocket is made gets an answer of HTTP,
which is what programs see; browsers see nothing of it, and are told by the socket itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from server.web.problems import NOT_SIGNED_IN
from server.web.refusal import refuse

REFUSAL: Final = "websocket.http.response"
NO_TOKEN: Final = 4401
"""Closed so before it was accepted, a WebSocket is answered with 401."""

CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


class Upgrade:
    """ASGI middleware around what closes WebSockets that it has not accepted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        able = REFUSAL in (scope.get("extensions") or {})
        if scope["type"] != ScopeType.WEBSOCKET or not able:
            await self._app(scope, receive, send)
            return
        accepted = refused = False

        async def told(message: Message) -> None:
            nonlocal accepted, refused
            accepted = accepted or message["type"] == "websocket.accept"
            if refused:
                return
            if message["type"] == "websocket.close" and not accepted and _code(message) == NO_TOKEN:
                refused = True
                said: Any = message
                kind = replace(NOT_SIGNED_IN, detail=said["reason"] or NOT_SIGNED_IN.detail)
                await refuse(send, kind, CHALLENGE, REFUSAL)
            else:
                await send(message)

        await self._app(scope, receive, told)
        if refused:
            raise ClientDisconnected  # for uvicorn one who returns here has forgotten to answer


def _code(message: Any) -> int:
    code: int = message["code"]
    return code
