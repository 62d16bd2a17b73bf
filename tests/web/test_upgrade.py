"""A WebSocket that is not made is answered as HTTP, where somebody can read that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from uvicorn.protocols.utils import ClientDisconnected

from server.web.upgrade import NO_TOKEN, REFUSAL, Upgrade


async def told(*messages: Any, kind: str = "websocket", able: bool = True) -> list[Any]:
    """What comes of these messages of an application."""
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    extensions: Any = {REFUSAL: {}} if able else {}
    await Upgrade(application)({"type": kind, "extensions": extensions}, receive, send)  # type: ignore[arg-type]
    return sent


CLOSE = {"type": "websocket.close", "code": NO_TOKEN, "reason": "make one"}
ACCEPT = {"type": "websocket.accept"}


async def test_a_wrong_token_is_401_and_says_what_to_do() -> None:
    sent: list[Any] = []

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        await send(CLOSE)
        await send(CLOSE)

    async def receive() -> Any:
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "websocket", "extensions": {REFUSAL: {}}}
    with pytest.raises(ClientDisconnected):
        await Upgrade(application)(scope, receive, send)
    start, body = sent
    assert (start["type"], start["status"]) == (f"{REFUSAL}.start", 401)
    assert (b"www-authenticate", b"Bearer") in start["headers"]
    assert json.loads(body["body"])["detail"] == "make one"


async def test_whatever_else_is_passed_on() -> None:
    other = {"type": "websocket.close", "code": 1008, "reason": ""}
    assert await told(ACCEPT, CLOSE) == [ACCEPT, CLOSE], "who was let in hears it by the socket"
    assert await told(other) == [other]
    assert await told(CLOSE, able=False) == [CLOSE]
    start = {"type": "http.response.start", "status": 200, "headers": []}
    assert await told(start, kind="http") == [start]
