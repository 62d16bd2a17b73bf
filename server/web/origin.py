"""Only our own pages and programs may call: Host and Origin are checked. Where pages of other sites
may, who they are for is asked behind the routing, see ``sites.py``."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from server.web.principal import HERE
from server.web.problems import (
    CROSS_ORIGIN,
    INVALID_REQUEST,
    WRONG_HOST,
    Kind,
)
from server.web.refusal import refuse
from server.web.sites import open_to_sites, told_to_site

LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
ESCAPE_BROKEN: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
PORTS: Final = {"http": 80, "https": 443}


class SameOrigin:
    """ASGI middleware, before the routing. A foreign Host is DNS rebinding; a foreign Origin is
    another site.

    ``host``: what the server listens on. ``public_url``: where it is found behind a proxy, as
    scheme and authority; what is asked there has that scheme, whatever the proxy says of it.
    """

    def __init__(self, app: ASGIApp, host: str, public_url: str | None) -> None:
        self._app = app
        self._hosts = LOOPBACK_NAMES | {host}
        self._public = None if public_url is None else urlsplit(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._admitted(scope)
        if refusal is None:
            await self._app(scope, receive, told_to_site(scope, send))
        elif scope["type"] == ScopeType.HTTP:
            await refuse(send, refusal)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})

    def _admitted(self, scope: Scope) -> Kind | None:
        """Why it is refused; of what is admitted the scope tells afterwards how it came."""
        hosts, origins = _all(scope, b"host"), _all(scope, b"origin")
        host = _split(f"//{hosts[0]}") if len(hosts) == 1 else None
        if host is None:
            return WRONG_HOST
        if not (_legible(scope["raw_path"]) and _legible(scope["query_string"])):
            return INVALID_REQUEST
        if self._public is not None and _same(host, self._public, self._public.scheme):
            ours = self._public
            secure = ours.scheme == "https"
            pair = ("http", "https") if scope["type"] == ScopeType.HTTP else ("ws", "wss")
            scope["scheme"] = pair[secure]
            fine = all(
                (found := _split(one)) is not None
                and found.scheme == ours.scheme
                and _same(found, ours, ours.scheme)
                for one in origins
            )
        elif host.hostname in self._hosts and _is_here(scope):
            scope["state"][HERE] = True
            fine = all(
                (found := _split(one)) is not None and found.netloc == host.netloc
                for one in origins
            )
        else:
            return WRONG_HOST
        if len(origins) == 1 and not fine and _split(origins[0]) is not None:
            fine = open_to_sites(scope, origins[0])
        return None if fine and len(origins) <= 1 else CROSS_ORIGIN


def _legible(encoded: bytes) -> bool:
    """Whether it is percent-encoded UTF-8 without NUL, as nothing behind this has to ask."""
    if ESCAPE_BROKEN.search(encoded):
        return False
    try:
        return "\0" not in unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False


def _all(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def _split(url: str) -> SplitResult | None:
    """None where it is none, or has a part that neither a Host nor an Origin has."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    return None if more else parts


def _same(one: SplitResult, other: SplitResult, scheme: str) -> bool:
    usual = PORTS[scheme]
    return one.hostname == other.hostname and (one.port or usual) == (other.port or usual)


def _is_here(scope: Scope) -> bool:
    """A name of this machine counts by whom is on it: a proxy may pass on any Host."""
    client = scope["client"]
    try:
        return client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
