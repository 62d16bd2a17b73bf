"""``viva serve``: uvicorn around the application, and what a signal does to it.

SIGTERM: leave, interview by interview, within ``VIVA_DRAIN_SECONDS``. SIGINT, or SIGTERM once more:
leave at once; nothing is lost by that either, but whoever speaks just then is interrupted."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from litestar import Litestar

from server.app import create_app
from server.certificates import Certificates
from server.child import say_ready
from server.ports import EngineError
from server.realtime.departure import Departure
from server.settings import Settings
from server.siblings import Siblings
from server.web.crowd import LOOPBACK, Crowd
from server.web.requests import Bounded, Bounds
from server.web.services import Services
from server.web.sockets import Sockets

MAX_FRAME_BYTES = 4 * 1024 * 1024
"""A minute of audio in one event, which is more than an interview takes at once."""
CLOSING_S = 10
"""How long connections may take to end once the interviews are gone."""
LOOK_AGAIN_S = 30
"""How often a new certificate is looked for."""


def serve(
    settings: Settings,
    tls: Certificates | None,
    door: int | None = None,
    ready: int | None = None,
    beside: Path | None = None,
) -> bool:
    """Until a signal ends it; whether it had started. ``door``: the descriptor of a listening
    socket that is shared with others; ``ready``: that on which we say once that we are ready;
    ``beside``: where they ask for our figures, see Siblings. Raises PackError."""
    app = create_app(settings, Siblings(beside))
    spared = [*LOOPBACK, *settings.trusted_proxies]
    crowd = Crowd(settings.connections_per_address, spared)
    bounds = Bounds(
        settings.header_seconds,
        settings.body_seconds,
        crowd,
        settings.events_per_second,
        settings.bytes_per_second,
    )
    config = Bounded(
        app,
        bounds,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        ws=Sockets,
        ws_per_message_deflate=False,
        ws_max_size=MAX_FRAME_BYTES,
        access_log=False,
        log_config=None,
        lifespan="on",
        server_header=False,
        proxy_headers=False,  # the application sees to that, by whom it trusts
        timeout_graceful_shutdown=CLOSING_S,
        **({} if tls is None else encrypted(tls)),
    )
    shared = None if door is None else [socket.socket(fileno=door)]
    server = Server(config, app, settings.drain_seconds, shared=shared is not None, ready=ready)

    def end(_number: int, _frame: object) -> None:
        if not server.started:
            sys.exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)  # uvicorn takes over, and raises them once more when it is done
    # What was imported stays: a full collection that walks through it stops everybody for 80 ms.
    gc.collect()
    gc.freeze()
    server.run(shared)
    return server.started


class Server(uvicorn.Server):
    """``shared``: others accept on the same socket, and all who come from now on are theirs. Where
    it is our own it stays open while we leave: a balancer has to see that we are not ready."""

    def __init__(
        self,
        config: uvicorn.Config,
        app: Litestar,
        longest_s: float,
        *,
        shared: bool,
        ready: int | None = None,
    ) -> None:
        super().__init__(config)
        self._app = app
        self._longest_s = longest_s
        self._shared = shared
        self._ready = ready
        self._telling: asyncio.Task[None] | None = None
        self._departure: Departure | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        if self._ready is not None:
            self._telling = asyncio.create_task(self._tell(self._ready))

    async def _tell(self, ready: int) -> None:
        """Once what people say is understood here, too: whoever waits for that sends them here."""
        services: Services = self._app.state.services
        with suppress(EngineError):
            await services.understanding.judge("How was it?", "", "")
        say_ready(ready)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is None or self.should_exit:
            super().handle_exit(sig, frame)
            return
        self._loop.call_soon_threadsafe(self._leave, sig == signal.SIGTERM)

    def _leave(self, patiently: bool) -> None:
        if self._departure is None:
            services: Services = self._app.state.services
            self._departure = Departure(services.registry, self._longest_s)
            self._leaving = asyncio.create_task(self._depart(self._departure))
        elif patiently:  # asked once more
            patiently = False
        if not patiently:
            self._departure.hurry()

    async def _depart(self, departure: Departure) -> None:
        try:
            if self._shared:
                self._close_door()
            await departure.run()
        finally:
            self.should_exit = True

    def _close_door(self) -> None:
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            cycle: Any = getattr(connection, "cycle", None)
            if cycle is not None:  # HTTP, and it has asked for something: it may ask elsewhere
                connection.shutdown()


def encrypted(tls: Certificates) -> dict[str, Any]:
    """What makes uvicorn speak TLS, and look for a new certificate now and then."""
    return {
        "ssl_context_factory": lambda *_: tls.context,
        "callback_notify": tls.look,
        "timeout_notify": LOOK_AGAIN_S,
    }
