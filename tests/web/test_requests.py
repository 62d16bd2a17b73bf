"""Who begins a request has to send it, and from one address come only so many, over real
sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import connect

from server.web import requests
from server.web.crowd import Crowd
from server.web.requests import Bounded, Bounds
from server.web.sockets import Sockets
from tests.live import until

SOON_S = 0.3
LATER_S = 60.0
GET = b"GET / HTTP/1.1\r\nHost: viva\r\n"


CALLERS: list[asyncio.StreamWriter] = []
"""Connections of the test that runs."""


class Echo:
    """An application that answers with what it was sent, and says how requests ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": (await receive())["text"]})
            await receive()
            return
        body, more = b"", True
        while more:
            message = await receive()
            self.ended.append(message["type"])
            if message["type"] == "http.disconnect":
                return
            body, more = body + message["body"], message["more_body"]
        length = str(len(body)).encode()
        start = {"type": "http.response.start", "status": 200}
        await send({**start, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(
    app: Echo, header_s: float = LATER_S, body_s: float = LATER_S, most: int = 0
) -> AsyncIterator[tuple[int, uvicorn.Server]]:
    """Its port, and the server."""
    bounds = Bounds(header_s, body_s, Crowd(most, []))
    config = Bounded(
        app, bounds, host="127.0.0.1", port=0, ws=Sockets, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    try:
        await until(lambda: started(server))
        yield server.servers[0].sockets[0].getsockname()[1], server
    finally:
        while CALLERS:
            CALLERS.pop().close()
        server.should_exit = True
        await serving


async def started(server: uvicorn.Server) -> bool | None:
    return True if server.started else None


async def opened(port: int, sent: bytes = b"") -> asyncio.StreamReader:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    CALLERS.append(writer)
    return reader


async def refusal(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Status and code; the server has closed the connection after it."""
    async with asyncio.timeout(30):
        answer = await reader.read()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"retry-after: 10" in head
    return int(head.split()[1]), json.loads(body)["code"]


async def test_half_open_requests_are_let_go() -> None:
    async with served(Echo(), header_s=SOON_S) as (port, server):
        silent = [await opened(port) for _ in range(20)]
        begun = [await opened(port, GET) for _ in range(20)]
        for reader in (*silent, *begun):
            assert await refusal(reader) == (408, "request_timeout")
        assert not server.server_state.connections


async def test_a_second_request_on_the_same_connection_has_to_come_too() -> None:
    async with served(Echo(), header_s=SOON_S) as (port, _):
        reader = await opened(port, GET + b"\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        CALLERS[-1].write(GET)
        assert await refusal(reader) == (408, "request_timeout")


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    app = Echo()
    async with served(app, body_s=SOON_S) as (port, _):
        head = b"POST / HTTP/1.1\r\nHost: viva\r\nContent-Length: 10\r\n\r\n"
        assert await refusal(await opened(port, head + b"abc")) == (408, "request_timeout")
    assert app.ended[-1] == "http.disconnect"


async def test_one_that_comes_slowly_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "SLOWEST", 0.01)  # a hundred seconds for each byte
    async with served(Echo(), body_s=SOON_S) as (port, _):
        head = b"POST / HTTP/1.1\r\nHost: viva\r\nContent-Length: 3\r\n\r\n"
        reader = await opened(port, head + b"a")
        await asyncio.sleep(SOON_S * 1.5)
        CALLERS[-1].write(b"bc")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        assert await reader.readexactly(3) == b"abc"


async def test_so_many_connections_come_from_one_address() -> None:
    async with served(Echo(), most=2) as (port, _):
        await opened(port, GET)
        await opened(port)
        assert await refusal(await opened(port)) == (429, "too_many_connections")
        CALLERS[0].close()

        async def answered() -> bool | None:
            reader = await opened(port, GET + b"\r\n")
            came = await reader.readuntil(b"\r\n\r\n")
            return True if came.startswith(b"HTTP/1.1 200") else None

        assert await until(answered)


async def test_a_websocket_is_no_request_any_more() -> None:
    async with (
        served(Echo(), header_s=SOON_S, most=1) as (port, _),
        connect(f"ws://127.0.0.1:{port}/", ping_interval=None) as socket,
    ):
        await asyncio.sleep(SOON_S * 1.5)
        await socket.send("still here")
        assert await socket.recv() == "still here"
        reader = await opened(port, GET + b"\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
