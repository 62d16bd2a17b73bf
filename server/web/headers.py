"""What every answer tells browsers of itself, errors and files included."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.types import BeforeMessageSendHookHandler, Message, Scope

NOTHING_RUNS: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of what is no page: opened by itself in a browser it loads and runs nothing."""
OF_ALL: Final = {
    "content-security-policy": NOTHING_RUNS,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
TLS_ONLY: Final = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
NOT_KEPT: Final = ("cache-control", "no-store")
"""What tells of somebody stays in no cache; pages and files say themselves how long they may."""
UNCHANGED: Final = 304


def told(public_url: str | None) -> BeforeMessageSendHookHandler:
    """Adds them to every answer that does not bring its own. Where the public address has TLS,
    browsers are told never to come without."""
    secure = (public_url or "").startswith("https:")
    headers = {**OF_ALL, **(TLS_ONLY if secure else {})}

    async def add(message: Message, _: Scope) -> None:
        if message["type"] == "http.response.start":
            own = MutableScopeHeaders.from_message(message)
            for name, value in headers.items():
                own.setdefault(name, value)
            if message["status"] != UNCHANGED:
                own.setdefault(*NOT_KEPT)

    return add
