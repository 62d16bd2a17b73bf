"""The way from a call to the interview: one client of ``/v1/realtime``, which comes back."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from server.clock import now

FIRST_S: Final = 0.1
LONGEST_S: Final = 2.0
PATIENCE_S: Final = 60.0
"""After so long without a connection it is given up."""
OPEN_S: Final = 10.0
OVER: Final = 1000
REFUSED: Final = 4401
FINAL: Final = range(4000, 5000)
MOST_WAITING: Final = 1_000
"""Events that wait to be sent; sound is not kept beyond."""


@dataclass(frozen=True, slots=True)
class Ended:
    """By which code the server closed it, and why; ``OVER``: the interview is."""

    code: int
    reason: str


class Link:
    """``server``: ``ws://host:port`` or ``wss://``. ``hear``: is given each event, as text."""

    def __init__(self, server: str, secret: str, model: str, hear: Callable[[str], None]) -> None:
        self._url = f"{server}/v1/realtime?model={quote(model, safe='')}"
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._hear = hear
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._socket: ClientConnection | None = None
        self.update: str | None = None
        """The client's last ``session.update``: it holds on the next connection, too."""

    def send(self, event: str) -> None:
        """What cannot be sent in time is left out: of that only sound comes so fast."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(event)

    async def run(self) -> Ended:
        """Until the server closes it for good, or cannot be reached for long."""
        first, given_up, pause_s = True, now() + PATIENCE_S, FIRST_S
        while True:
            code, reason = 1006, "the server cannot be reached"
            try:
                async with connect(
                    self._url,
                    additional_headers=self._headers,
                    ssl=_tls(self._url),
                    compression=None,
                    max_size=None,
                    open_timeout=OPEN_S,
                    proxy=None,
                ) as socket:
                    code, reason = await self._talk(socket, first=first)
                first, given_up, pause_s = False, now() + PATIENCE_S, FIRST_S
            except InvalidStatus as error:
                if error.response.status_code in (401, 403):
                    return Ended(REFUSED, "this call may not connect any more")
                reason = f"the server refuses ({error.response.status_code})"
            except (OSError, InvalidHandshake) as error:  # a time-out is one of them
                reason = f"the server cannot be reached ({type(error).__name__})"
            if code == OVER or code in FINAL or now() > given_up:
                return Ended(code, reason)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_S)

    async def _talk(self, socket: ClientConnection, *, first: bool) -> tuple[int, str]:
        """One connection; the code and reason of its end."""
        sending = asyncio.create_task(self._send(socket, first=first))
        try:
            async for message in socket:
                if isinstance(message, str):
                    self._hear(message)
        except ConnectionClosed:
            pass
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket.close_code or 1006, socket.close_reason or ""

    async def _send(self, socket: ClientConnection, *, first: bool) -> None:
        with contextlib.suppress(ConnectionClosed):
            if not first and self.update is not None:
                await socket.send(self.update)
            while True:
                await socket.send(await self._waiting.get())


def _tls(url: str) -> ssl.SSLContext | None:
    """The server beside us is known by its place, whatever name its certificate bears."""
    if not url.startswith("wss:"):
        return None
    host = url.removeprefix("wss://").partition("/")[0].rpartition(":")[0] or url
    if host.strip("[]") in ("127.0.0.1", "::1", "localhost"):
        return ssl._create_unverified_context()  # noqa: S323, SLF001 - our own machine
    return ssl.create_default_context()
