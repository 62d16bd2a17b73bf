"""Who calls, made once at the edge for HTTP and sockets; the only reader of credentials."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from server.identity.doorman import Shown
from server.identity.principal import Anybody, Member, Principal, Stranger
from server.store.scope import within
from server.web.problems import NOT_OUR_PAGE, Problem
from server.web.services import Services

BEARER = "bearer "
KEY_PROTOCOL = "openai-insecure-api-key."
"""How a browser, which cannot send a header with a WebSocket, sends its token."""
COOKIE: Final = "viva_session"
CSRF_HEADER: Final = "x-csrf-token"
HERE: Final = "viva_here"
"""In the state of a scope: it was asked under a name of this machine, by somebody on it."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = ASGIConnection[Any, Any, Any, Any]


class Identified:
    """ASGI middleware, behind the routing: puts the principal into ``scope["user"]`` and lets what
    follows work for its organisation. Where a route is open to anyone nobody is asked who they
    are, and nothing in the database can be reached."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = ASGIConnection(scope)
        principal = Stranger() if _open(scope) else await recognised(connection)
        scope["user"] = principal
        _refuse_forgery(connection, principal)
        with _scope(principal):
            await self._app(scope, receive, send)


def principal_of(connection: Connection) -> Principal:
    principal: Principal = connection.scope["user"]
    return principal


async def recognised(connection: Connection) -> Principal:
    """Looked up now, also where that was done before. Raises as asyncpg does."""
    services: Services = connection.app.state.services
    shown = Shown(credential_of(connection), connection.cookies.get(cookie_name(connection), ""))
    known = await services.doorman.recognise(shown)
    if isinstance(known, Anybody) and not connection.scope["state"].get(HERE):
        return Stranger()  # what is open until somebody signs in is so to this machine alone
    return known


def cookie_name(connection: Connection, name: str = COOKIE) -> str:
    """Over TLS a browser takes it from this very host only."""
    return f"__Host-{name}" if is_secure(connection) else name


def kept(connection: Connection, name: str, value: str, max_age: int) -> Cookie:
    """What a browser keeps for us, and sends along from our own pages only; 0 seconds: no more."""
    return Cookie(
        cookie_name(connection, name),
        value=value,
        path="/",
        max_age=max_age,
        secure=is_secure(connection),
        httponly=True,
        samesite="strict",
    )


def is_secure(connection: Connection) -> bool:
    return connection.url.scheme in ("https", "wss")


def credential_of(connection: Connection) -> str:
    """What stands in ``Authorization: Bearer``, or in a WebSocket's subprotocols; else empty."""
    header = connection.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        return header[len(BEARER) :].strip()
    offered: Any = connection.scope.get("subprotocols", ())  # HTTP has none
    return next((p[len(KEY_PROTOCOL) :] for p in offered if p.startswith(KEY_PROTOCOL)), "")


def _open(scope: Scope) -> bool:
    """Whether anyone may use the route, which is said on it; what answers OPTIONS is Litestar's."""
    guards = scope["route_handler"].resolve_guards()
    return all(getattr(guard, "anyone", False) for guard in guards)


def _refuse_forgery(connection: Connection, principal: Principal) -> None:
    """A browser sends the cookie with whatever it is made to send; our pages send more. With a
    WebSocket they cannot: there the origin is what counts, see ``origin.py``. Raises Problem."""
    if not isinstance(principal, Member) or connection.scope["type"] != ScopeType.HTTP:
        return
    if connection.scope["method"] in SAFE:
        return
    sent = connection.headers.get(CSRF_HEADER, "")
    if not secrets.compare_digest(sent.encode(), principal.csrf.encode()):
        raise Problem(NOT_OUR_PAGE)


def _scope(principal: Principal) -> AbstractContextManager[None]:
    organisation = principal.organisation
    return nullcontext() if organisation is None else within(organisation, principal.name)
