"""How much of something may still be asked for: told as ``RateLimit-Policy`` and ``RateLimit``, as
draft-ietf-httpapi-ratelimit-headers has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from server.store.attempts import Tally
from server.web.problems import Kind, Problem

TOLD: Final = "viva_allowances"
"""In the state of a scope."""

Unit = Literal["requests", "content-bytes"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """``most`` within ``window_s`` seconds; of these ``left``, until after ``reset_s`` seconds
    there is more."""

    name: str
    most: int
    window_s: int
    left: int
    reset_s: float
    unit: Unit = "requests"

    @classmethod
    def of(cls, name: str, tally: Tally, within: timedelta) -> Allowance:
        window_s = round(within.total_seconds())
        return cls(name, tally.most, window_s, tally.left, tally.seconds)

    @property
    def policy(self) -> str:
        unit = "" if self.unit == "requests" else f';qu="{self.unit}"'
        return f'"{self.name}";q={self.most}{unit};w={self.window_s}'

    @property
    def state(self) -> str:
        return f'"{self.name}";r={max(0, self.left)};t={self.seconds}'

    @property
    def seconds(self) -> int:
        """Whole ones, after which there is more for certain."""
        return max(1, -int(-self.reset_s // 1))


def tell(connection: ASGIConnection[Any, Any, Any, Any], *allowances: Allowance) -> None:
    """With whatever the request is answered."""
    connection.scope["state"].setdefault(TOLD, []).extend(allowances)


def used_up(kind: Kind, allowance: Allowance, **said: Any) -> Problem:
    """The refusal, which says when to try again; ``said`` besides ``minutes``."""
    headers = {
        "retry-after": str(allowance.seconds),
        "ratelimit-policy": allowance.policy,
        "ratelimit": allowance.state,
    }
    minutes = -(-allowance.seconds // 60)
    return Problem(kind, headers=headers, minutes=minutes, **said)


async def told(message: Message, scope: Scope) -> None:
    """Before it is sent: adds what there is to tell, unless the answer is a refusal that does."""
    state: Mapping[str, Any] = scope.get("state", {})
    allowances: list[Allowance] = state.get(TOLD, [])
    if message["type"] == "http.response.start" and allowances:
        headers = MutableScopeHeaders.from_message(message)
        headers.setdefault("ratelimit-policy", ", ".join(one.policy for one in allowances))
        headers.setdefault("ratelimit", ", ".join(one.state for one in allowances))
