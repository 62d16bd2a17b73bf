"""Who rates and notes, and what they may write."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request

from server.identity.principal import Member
from server.store.scorecards import Author
from server.web.principal import principal_of

Reason = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00]*$")]


def author_of(request: Request[Any, Any, Any]) -> Author:
    principal = principal_of(request)
    return Author(principal.name, principal.user_id if isinstance(principal, Member) else None)
