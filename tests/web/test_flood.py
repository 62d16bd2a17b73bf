"""A connection that floods is read at the pace that is set, loses nothing, and starves nobody."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import uvicorn
from websockets.asyncio.client import connect

from server.web.crowd import Crowd
from server.web.requests import Bounded, Bounds
from server.web.sockets import SAVED_S, Sockets, handed_over
from tests.live import until
from tests.web.test_metrics import value

PER_S = 500
SENT = 4_000


class Collecting:
    """An application that counts what came, of each connection, and how often it was slowed."""

    def __init__(self) -> None:
        self.came: dict[str, list[bytes | str]] = {}
        self.slowed = 0

    def slow(self) -> None:
        self.slowed += 1

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        came = self.came.setdefault(scope["path"], [])
        await receive()
        await send({"type": "websocket.accept"})

        def take(sound: bytes) -> bool:
            came.append(sound)
            return True

        class Socket:
            def __init__(self) -> None:
                self.scope = scope

        with handed_over(Socket(), take, None, self.slow):  # type: ignore[arg-type]
            while (message := await receive())["type"] == "websocket.receive":
                came.append(message.get("text") or message["bytes"])
                if message.get("text") == "ask":
                    await send({"type": "websocket.send", "text": json.dumps(len(came))})


async def test_what_is_flooded_comes_slowly_and_whole_and_others_are_answered() -> None:
    app = Collecting()
    bounds = Bounds(60, 60, Crowd(0, []), PER_S, 0)
    config = Bounded(
        app, bounds, host="127.0.0.1", port=0, ws=Sockets, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    refused = value("viva_strangers_refused_total", what="events")

    async def started() -> bool | None:
        return True if server.started else None

    await until(started)
    base = f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    clock = asyncio.get_running_loop().time
    async with (
        connect(f"{base}/flood", ping_interval=None, max_queue=None) as flood,
        connect(f"{base}/quiet", ping_interval=None) as quiet,
    ):
        began = clock()
        for number in range(SENT):
            frame = str(number)
            await flood.send(frame if number % 2 else frame.encode())

        async def all_came() -> bool | None:
            await quiet.send("ask")
            await quiet.recv()
            most = PER_S * SAVED_S + PER_S * (clock() - began)
            assert len(app.came["/flood"]) <= most + 500, "no more than the pace, and a piece of it"
            return True if len(app.came["/flood"]) == SENT else None

        await until(all_came)
        assert clock() - began > (SENT - PER_S * SAVED_S) / PER_S * 0.75
    told = [one if isinstance(one, str) else one.decode() for one in app.came["/flood"]]
    assert told == [str(number) for number in range(SENT)]
    assert app.slowed == 1
    assert value("viva_strangers_refused_total", what="events") == refused + 1
    server.should_exit = True
    await serving


async def test_who_sends_in_real_time_is_never_slowed() -> None:
    app = Collecting()
    bounds = Bounds(60, 60, Crowd(0, []), 100, 100_000)
    config = Bounded(
        app, bounds, host="127.0.0.1", port=0, ws=Sockets, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())

    async def started() -> bool | None:
        return True if server.started else None

    await until(started)
    base = f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    async with connect(f"{base}/quiet", ping_interval=None) as quiet:
        for _ in range(50):  # two seconds of a candidate, kept while there was no connection
            await quiet.send(bytes(1_280))
        await quiet.send("ask")
        assert json.loads(await quiet.recv()) == 51
    assert app.slowed == 0
    server.should_exit = True
    await serving
