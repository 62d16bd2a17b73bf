"""A call's connection to its interview: it comes back, and knows when not to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from server.rtc import link
from server.rtc.link import Ended, Link

Holds = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def server(*holds: Holds) -> AsyncIterator[tuple[str, list[str]]]:
    """Connections are held one after the other, the last way from then on; who came by what."""
    waiting, came = list(holds), []

    async def hold(socket: ServerConnection) -> None:
        assert socket.request is not None
        came.append(f"{socket.request.path} {socket.request.headers['Authorization']}")
        await (waiting.pop(0) if len(waiting) > 1 else waiting[0])(socket)

    async with serve(hold, "127.0.0.1", 0) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}", came


async def restarts(socket: ServerConnection) -> None:
    await socket.send("first")
    await socket.recv()
    await socket.close(1012, "this server restarts; connect again at once")


async def test_it_comes_back_with_what_the_client_had_asked_for() -> None:
    told: list[str] = []

    async def ends(socket: ServerConnection) -> None:
        told.append(str(await socket.recv()))
        await socket.send("second")
        await socket.close(1000, "over")

    heard: list[str] = []
    async with server(restarts, ends) as (url, came):
        made = Link(url, "ek_x", "gpt realtime", heard.append)
        made.update = json.dumps({"type": "session.update"})
        made.send("something")
        assert await asyncio.wait_for(made.run(), 20) == Ended(1000, "over")
    assert heard == ["first", "second"]
    assert told == [made.update]
    assert came == ["/v1/realtime?model=gpt%20realtime Bearer ek_x"] * 2


@pytest.mark.parametrize("code", [4401, 4409, 4503])
async def test_what_is_final_is_final(code: int) -> None:
    async def refuses(socket: ServerConnection) -> None:
        await socket.close(code, "no")

    async with server(refuses) as (url, came):
        made = Link(url, "ek_x", "viva", lambda _: None)
        assert await asyncio.wait_for(made.run(), 20) == Ended(code, "no")
    assert len(came) == 1


async def test_who_is_let_in_no_more_does_not_try_again() -> None:
    async def refuse(_: ServerConnection, request: Request) -> Response | None:
        tried.append(request.path)
        return connection_refused

    tried: list[str] = []
    connection_refused = Response(HTTPStatus.UNAUTHORIZED, "Unauthorized", Headers(), b"")
    async with serve(restarts, "127.0.0.1", 0, process_request=refuse) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        made = Link(f"ws://127.0.0.1:{port}", "ek_x", "viva", lambda _: None)
        ended = await asyncio.wait_for(made.run(), 20)
    assert ended.code == 4401
    assert len(tried) == 1


async def test_a_server_that_is_away_is_waited_for_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(link, "PATIENCE_S", 0.3)
    made = Link("ws://127.0.0.1:1", "ek_x", "viva", lambda _: None)
    ended = await asyncio.wait_for(made.run(), 20)
    assert ended.code == 1006
    assert "cannot be reached" in ended.reason


async def test_what_waits_is_bounded() -> None:
    made = Link("ws://127.0.0.1:1", "ek_x", "viva", lambda _: None)
    for number in range(link.MOST_WAITING + 10):
        made.send(str(number))
    assert made._waiting.qsize() == link.MOST_WAITING
