"""A problem that is told in front of the application, where no handler answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar.types import Send

from server.web.problems import PROBLEM_JSON, Kind, details

NONE: Final[Mapping[str, str]] = {}


async def refuse(
    send: Send, kind: Kind, more: Mapping[str, str] = NONE, answer: str = "http.response"
) -> None:
    """``more``: headers; ``answer``: how the messages begin, of ASGI's or an extension's."""
    body = msgspec.json.encode(details(kind.status, kind.code, kind.detail))
    headers = {"content-type": PROBLEM_JSON, "content-length": str(len(body)), **more}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    tell: Any = send
    await tell({"type": f"{answer}.start", "status": kind.status, "headers": raw})
    await tell({"type": f"{answer}.body", "body": body, "more_body": False})
