"""How many come from one address at a time: as connections, and with what they ask."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Collection
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from server import metrics
from server.web.problems import TOO_MANY_CONNECTIONS
from server.web.refusal import refuse

AGAIN_S: Final = "10"
LOOPBACK: Final = ("127.0.0.0/8", "::1")


class Crowd:
    """``most`` of one address; 0: as many as come. Whoever is in ``spared``, addresses and
    networks, is not counted: a proxy brings everybody, and programs on this machine are its
    own."""

    def __init__(self, most: int, spared: Collection[str]) -> None:
        self._most = most
        self._spared = [ipaddress.ip_network(one, strict=False) for one in spared]
        self._here: Counter[str] = Counter()

    def come(self, address: str) -> bool:
        """Whether there is room; each that came has to ``leave``."""
        if self._here[address] >= self._most > 0 and not self._is_spared(address):
            metrics.stranger_refused("connections")
            return False
        self._here[address] += 1
        return True

    def leave(self, address: str) -> None:
        self._here[address] -= 1
        if self._here[address] <= 0:
            del self._here[address]

    def _is_spared(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._spared)


class Crowded:
    """ASGI middleware, where it is known for whom a proxy asks: of requests that are being answered
    and WebSockets that are open."""

    def __init__(self, app: ASGIApp, crowd: Crowd) -> None:
        self._app = app
        self._crowd = crowd

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client is None:
            await self._app(scope, receive, send)
            return
        if not self._crowd.come(client[0]):
            await _refuse(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            self._crowd.leave(client[0])


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    kind = TOO_MANY_CONNECTIONS
    answer: Any = send
    if scope["type"] == ScopeType.WEBSOCKET:
        await receive()
        await answer({"type": "websocket.close", "code": 1013, "reason": kind.code})
        return
    await refuse(send, kind, {"retry-after": AGAIN_S})
