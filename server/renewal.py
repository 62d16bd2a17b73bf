"""``viva restart``: new processes in the place of those of a running ``viva up``.

It is asked for, and told of, over a socket in the folder of the data, one JSON object a line."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import msgspec
import structlog

from server.embedded import socket_folder

log = structlog.get_logger()


class RenewalError(Exception):
    """Nobody is there who could; the message says what to do."""


class Step(msgspec.Struct, frozen=True):
    """``complete``: with the last one only, whether everything was replaced."""

    said: str
    complete: bool | None = None


class Renewal:
    """As ``viva up``: to be asked for it, and to say how far it is to those who asked."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._waiting: list[asyncio.StreamWriter] = []
        self._told: list[asyncio.StreamWriter] = []

    def ask(self) -> None:
        self._asked.set()

    async def asked(self) -> None:
        """Until somebody does. Who asks from then on waits for the next one."""
        await self._asked.wait()
        self._asked.clear()
        self._told, self._waiting = self._waiting, []

    def say(self, said: str) -> None:
        log.info("restarting", step=said)
        self._tell(Step(said))

    def end(self, said: str, *, complete: bool) -> None:
        if complete:
            log.info("restarted", step=said)
        else:
            log.error("not restarted", step=said)
        self._tell(Step(said, complete))
        for writer in self._told:
            writer.close()

    def _tell(self, step: Step) -> None:
        for writer in self._told:
            writer.write(msgspec.json.encode(step) + b"\n")

    @asynccontextmanager
    async def heard(self, place: Path) -> AsyncIterator[None]:
        """Meanwhile whoever connects there asks for it."""

        async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._waiting.append(writer)
            self.ask()

        _remove(place)  # of one that was killed
        listening = await asyncio.start_unix_server(hear, place)
        try:
            yield
        finally:
            listening.close()
            for writer in (*self._waiting, *self._told):
                writer.close()
            _remove(place)


def _remove(place: Path) -> None:
    place.unlink(missing_ok=True)


def place_of(data: Path, port: int) -> Path:
    """Where the ``viva up`` of this folder and port is asked. Raises EmbeddedError."""
    return socket_folder(data.expanduser().absolute()) / f"up-{port}.sock"


def renew(data: Path, port: int, say: Callable[[str], None]) -> bool:
    """Of the ``viva up`` of this folder; whether everything was replaced. ``say`` hears each step.
    Raises RenewalError, and EmbeddedError."""
    folder = data.expanduser().absolute()
    with closing(_connected(folder, port)) as asking:
        for step in _steps(asking):
            say(step.said)
            if step.complete is not None:
                return step.complete
    raise RenewalError("`viva up` has ended meanwhile; start it again")


def _connected(folder: Path, port: int) -> socket.socket:
    """With that of the port, else with the only one."""
    places = [place_of(folder, port)] if folder.is_dir() else []
    others = [other for one in places for other in sorted(one.parent.glob("up-*.sock"))]
    for place in [*places, *others]:
        asking = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with suppress(FileNotFoundError, ConnectionRefusedError):
            asking.connect(str(place))
            return asking
        asking.close()
    raise RenewalError(
        f"no `viva up` runs on {folder}; start it, or set VIVA_DATA to the folder of one that runs"
    )


def _steps(asking: socket.socket) -> Iterator[Step]:
    with asking.makefile("rb") as lines, suppress(ConnectionResetError):
        for line in lines:
            yield msgspec.json.decode(line, type=Step)
