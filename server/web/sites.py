"""Pages of other sites: what they may ask at all, and what their browsers are told of it.

An organisation names the sites whose pages may connect to its interviews. Their browsers send no
cookie of ours, and are told nothing by which they could read an answer, unless whoever they come
for is of that organisation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import asyncpg
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server.store import organisations
from server.store.scope import everywhere
from server.web.principal import Connection
from server.web.services import Services

SOCKET: Final = "/v1/realtime"
CALLS: Final = frozenset({"/v1/realtime/client_secrets", "/v1/realtime/calls"})
SITE: Final = "viva_site"
"""In the state of a scope: the Origin, where it is another site's."""
WELCOME: Final = "viva_site_welcome"
READABLE: Final = "Location, Retry-After"
ASKED_AGAIN_S: Final = "600"
SENDABLE: Final = frozenset({"authorization", "content-type", "idempotency-key"})


def open_to_sites(scope: Scope, origin: str) -> bool:
    """Whether it may be asked from elsewhere, if the organisation lets it; noted for whoever asks
    that."""
    path = scope["path"].rstrip("/")
    if scope["type"] == ScopeType.WEBSOCKET:
        fine = path == SOCKET
    else:
        fine = path in CALLS and scope["method"] in ("POST", "OPTIONS")
    if fine:
        scope["state"][SITE] = origin
    return fine


def site_of(connection: Connection) -> str | None:
    """Whose page asks; None: ours, or none."""
    site: str | None = connection.scope["state"].get(SITE)
    return site


async def welcome(connection: Connection) -> bool:
    """Whether the organisation of whoever asks lets the site in. Then its page may read the
    answer."""
    services: Services = connection.app.state.services
    allowed = await organisations.allow(services.pool, str(site_of(connection)))
    connection.scope["state"][WELCOME] = allowed
    return allowed


def told_to_site(scope: Scope, send: Send) -> Send:
    """So that the browser hands the answer over to the page that asked, where it is welcome."""
    site = scope["state"].get(SITE)
    if site is None or scope["type"] != ScopeType.HTTP:
        return send

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            headers.add("vary", "origin")
            if scope["state"].get(WELCOME):
                headers["access-control-allow-origin"] = site
                headers["access-control-expose-headers"] = READABLE
                headers["cross-origin-resource-policy"] = "cross-origin"
        await send(message)

    return told


class Asked:
    """ASGI middleware behind ``SameOrigin``: answers the browser that asks before it sends a token.
    It sends none with this, so that any organisation's site is told yes; whose token it is, and
    whether that one lets the site in, is asked then. ``pool``: of the database."""

    def __init__(self, app: ASGIApp, pool: Callable[[], asyncpg.Pool]) -> None:
        self._app = app
        self._pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        site = scope["state"].get(SITE)
        if site is None or scope["type"] != ScopeType.HTTP or scope["method"] != "OPTIONS":
            await self._app(scope, receive, send)
            return
        with everywhere():
            allowed = await organisations.allow(self._pool(), site)
        scope["state"][WELCOME] = allowed
        answer: Any = send
        told = _may_send(scope) if allowed else {}
        headers = [(name.encode(), value.encode()) for name, value in told.items()]
        await answer({"type": "http.response.start", "status": 204, "headers": headers})
        await answer({"type": "http.response.body", "body": b"", "more_body": False})


def _may_send(scope: Scope) -> dict[str, str]:
    wished = Headers.from_scope(scope).get("access-control-request-headers", "").lower()
    named = [one for one in map(str.strip, wished.split(",")) if _sendable(one)]
    return {
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": ", ".join(named),
        "access-control-max-age": ASKED_AGAIN_S,
    }


def _sendable(name: str) -> bool:
    """SDKs say what they are in headers of their own, which nobody reads here."""
    return name in SENDABLE or name.startswith(("x-openai-", "x-stainless-"))
