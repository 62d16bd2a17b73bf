"""Who comes to a process that leaves is sent elsewhere, in a way that a balancer understands."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected

from server.web.leaving import Door
from server.web.upgrade import REFUSAL


def scope(kind: str, path: str, **more: Any) -> Any:
    return {"type": kind, "path": path, "headers": [], **more}


async def passed(door: Door, asked: Any) -> list[Any]:
    """What is sent back."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    with suppress(ClientDisconnected):
        await door(asked, receive, send)
    return sent


async def application(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "websocket.accept"})


HERE = Door(application, lambda: False)
LEAVES = Door(application, lambda: True)
EXTENSIONS: dict[str, Any] = {"extensions": {REFUSAL: {}}}


async def test_a_candidates_connection_is_refused_before_it_is_made() -> None:
    for path in ("/realtime", "/v1/realtime", "/v1/realtime/"):
        start, body = await passed(LEAVES, scope("websocket", path, **EXTENSIONS))
        assert (start["type"], start["status"]) == ("websocket.http.response.start", 503)
        assert (b"retry-after", b"1") in start["headers"]
        assert json.loads(body["body"])["code"] == "leaving"
        (closed,) = await passed(LEAVES, scope("websocket", path))
        assert (closed["type"], closed["code"]) == ("websocket.close", 1012)


async def test_whoever_watches_or_asks_is_served_and_not_kept() -> None:
    (accepted,) = await passed(LEAVES, scope("websocket", "/v1/interviews/1/watch", **EXTENSIONS))
    assert accepted["type"] == "websocket.accept"
    start, _ = await passed(LEAVES, scope("http", "/v1/realtime"))
    assert start["headers"] == [(b"a", b"b"), (b"connection", b"close")]


async def test_before_that_nobody_notices_the_door() -> None:
    (accepted,) = await passed(HERE, scope("websocket", "/v1/realtime", **EXTENSIONS))
    assert accepted["type"] == "websocket.accept"
    start, _ = await passed(HERE, scope("http", "/"))
    assert start["headers"] == [(b"a", b"b")]
