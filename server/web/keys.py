"""Who may call: an interviewer by the key that viva printed, a candidate by their token."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request

from server.web.errors import Problem

BEARER = "bearer "


def bearer(request: Request[Any, Any, Any]) -> str:
    """What stands in ``Authorization: Bearer``; empty where nothing does."""
    given = request.headers.get("authorization", "")
    return given[len(BEARER) :].strip() if given.lower().startswith(BEARER) else ""


def require_interviewer(request: Request[Any, Any, Any], key: str | None, may: str) -> None:
    """``may``: what only an interviewer may do, for the refusal. Raises Problem."""
    if key is None or not secrets.compare_digest(bearer(request).encode(), key.encode()):
        raise Problem(
            403,
            "interviewer_only",
            f"Only an interviewer may {may}: open the interviewer's address that viva printed.",
        )
