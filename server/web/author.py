"""Who rates, notes and puts lines right, and what they may write."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request

from server.identity.principal import Member
from server.store.scorecards import Author
from server.web.principal import principal_of

Reason = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00]*$")]


Words = Annotated[
    str, msgspec.Meta(min_length=1, max_length=2_000, pattern=r"^[^\x00]*\S[^\x00]*$")
]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class LineOrder(msgspec.Struct):
    """Words ``first`` to ``last`` of the answer in this turn, and what was ``said`` instead."""

    turn: Number
    first: Number
    last: Number
    said: Words


def author_of(request: Request[Any, Any, Any]) -> Author:
    principal = principal_of(request)
    return Author(principal.name, principal.user_id if isinstance(principal, Member) else None)
