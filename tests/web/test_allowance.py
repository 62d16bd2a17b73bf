"""What is left of what may be asked for, as the draft of the IETF has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from litestar.connection import ASGIConnection

from server.store.attempts import Tally
from server.web import allowance
from server.web.allowance import Allowance, tell, used_up
from server.web.problems_accounts import ADDRESS_MANY

UPLOADS = Allowance("uploads", 60, 3_600, 12, 899.2)
BYTES = Allowance("resume-bytes", 10_485_760, 86_400, -3, 0.0, "content-bytes")


def test_a_policy_and_what_is_left_of_it() -> None:
    assert (UPLOADS.policy, UPLOADS.state) == ('"uploads";q=60;w=3600', '"uploads";r=12;t=900')
    assert BYTES.policy == '"resume-bytes";q=10485760;qu="content-bytes";w=86400'
    assert BYTES.state == '"resume-bytes";r=0;t=1', "never less than nothing, never at once"


@pytest.mark.parametrize(("reset_s", "seconds"), [(0.0, 1), (0.2, 1), (1.0, 1), (1.01, 2)])
def test_after_so_many_whole_seconds_there_is_more_for_certain(
    reset_s: float, seconds: int
) -> None:
    assert Allowance("x", 1, 1, 0, reset_s).seconds == seconds


def test_a_refusal_says_when_to_try_again() -> None:
    late = Allowance.of("uploads", Tally(60, -1, 61.0), timedelta(hours=1))
    refused = used_up(ADDRESS_MANY, late, what="uploads")
    assert refused.headers == {
        "retry-after": "61",
        "ratelimit-policy": '"uploads";q=60;w=3600',
        "ratelimit": '"uploads";r=0;t=61',
    }
    assert "2 min" in refused.details.detail


async def test_all_that_was_told_comes_with_the_answer() -> None:
    scope: Any = {"type": "http", "state": {}}
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    assert await sent(scope) == {}, "nothing is counted"
    tell(connection, UPLOADS)
    tell(connection, BYTES)
    assert await sent(scope) == {
        "ratelimit-policy": f"{UPLOADS.policy}, {BYTES.policy}",
        "ratelimit": f"{UPLOADS.state}, {BYTES.state}",
    }
    own = await sent(scope, (b"ratelimit", b"of a refusal"))
    assert own["ratelimit"] == "of a refusal"


async def sent(scope: Any, *own: tuple[bytes, bytes]) -> dict[str, str]:
    message: Any = {"type": "http.response.start", "status": 200, "headers": list(own)}
    await allowance.told(message, scope)
    return {name.decode(): value.decode() for name, value in message["headers"]}
