"""Who calls, made once per connection; the only reader of credentials."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from litestar import WebSocket
from litestar.connection import ASGIConnection

from server.store import interviews
from server.store.interviews import StoredInterview
from server.web.services import Services

BEARER = "bearer "
KEY_PROTOCOL = "openai-insecure-api-key."
"""How a browser, which cannot send a header with a WebSocket, sends its token."""

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Interviewer:
    """Has the key that viva printed."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Of one interview, by its token."""

    interview: StoredInterview


@dataclass(frozen=True, slots=True)
class Stranger:
    """Showed nothing that is known here."""


Principal = Interviewer | Candidate | Stranger


async def principal_of(connection: Connection) -> Principal:
    """Looked up when first asked for, then kept with the connection."""
    state = connection.scope["state"]
    if "principal" not in state:
        state["principal"] = await _recognised(connection)
    principal: Principal = state["principal"]
    return principal


async def _recognised(connection: Connection) -> Principal:
    services: Services = connection.app.state.services
    credential = credential_of(connection)
    if not credential:
        return Stranger()
    key = services.interviewer_key
    if key is not None and secrets.compare_digest(credential.encode(), key.encode()):
        return Interviewer()
    interview = await interviews.get_by_token(services.pool, credential)
    return Stranger() if interview is None else Candidate(interview)


def credential_of(connection: Connection) -> str:
    """What stands in ``Authorization: Bearer``, or in a WebSocket's subprotocols; else empty."""
    header = connection.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        return header[len(BEARER) :].strip()
    offered = connection.scope.get("subprotocols", []) if isinstance(connection, WebSocket) else []
    return next((p[len(KEY_PROTOCOL) :] for p in offered if p.startswith(KEY_PROTOCOL)), "")
