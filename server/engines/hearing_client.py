"""The recogniser's process as a ``SpeechRecognizer``: found or started, and replaced when it dies.

What was in hand when it died is asked once more of the next one, and is a failure after that.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import msgspec
import structlog

from server.core.events import Language
from server.engines.hearing_wire import (
    Answered,
    Asked,
    Bye,
    Failed,
    Forget,
    Hear,
    Measured,
    NotReady,
    Ping,
    Ready,
    Task,
    Told,
    answered,
    beside,
    packed,
)
from server.engines.lanes import Batch, Tell
from server.ports import Busy, EngineError, Superseded, Transcript, Unheard

COMMAND = (sys.executable, "-P", "-m", "server.engines.hearing_process")
START_S = 120.0
LOOK_S = 0.05
PING_S, SILENT_S = 5.0, 20.0
LAST_S = 1.5
TRIES = 2
LONGEST_PATH = 100
"""Bytes of a socket's name that every system takes."""

FAILURES: dict[str, type[EngineError]] = {
    "unheard": Unheard,
    "busy": Busy,
    "superseded": Superseded,
}

log = structlog.get_logger()


class Died(Exception):
    """The process is gone; what was asked of it may be asked of the next."""


class Line:
    """A connection to a running process, and what is awaited from it."""

    def __init__(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        ready: Ready,
        measured: Callable[[Batch], None],
    ) -> None:
        self.ready = ready
        self.alive = True
        self._source = source
        self._sink = sink
        self._measured = measured
        self._waiting: dict[int, asyncio.Future[Told | Failed]] = {}
        self._answered = asyncio.Event()
        self._last = 0
        self._silent_s = SILENT_S
        self._tasks = (asyncio.create_task(self._read()), asyncio.create_task(self._ping()))

    async def hear(
        self,
        pcm: bytes,
        language: Language,
        context: str,
        session: str,
        *,
        partial: bool,
        begun: str,
    ) -> Told | Failed:
        """Raises Died."""
        self._last += 1
        number = self._last
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        done = False
        try:
            self._send(Hear(number, pcm, language, context, session, partial, begun))
            found: Told | Failed = await waiting
            done = True
        finally:
            self._waiting.pop(number, None)
            if not done:
                self._send(Forget(number))
        return found

    async def close(self) -> None:
        self._send(Bye())
        self._end()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _send(self, message: Asked) -> None:
        if self.alive:
            self._sink.write(packed(message))
        elif isinstance(message, Hear):
            self._waiting[message.number].set_exception(Died())

    def _end(self) -> None:
        self.alive = False
        self._sink.close()
        for task in self._tasks:
            task.cancel()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Died())

    async def _read(self) -> None:
        try:
            while True:
                self._take(await answered(self._source))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            self._end()

    def _take(self, message: Answered) -> None:
        self._answered.set()
        match message:
            case Told() | Failed():
                waiting = self._waiting.get(message.number)
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
            case Measured():
                self._measured(
                    Batch(
                        message.engine,
                        message.finals,
                        message.partials,
                        message.waited_ms,
                        message.took_ms,
                        message.failed,
                    )
                )
            case _:
                pass

    async def _ping(self) -> None:
        """One that does not even say that it lives is made to end."""
        while True:
            await asyncio.sleep(PING_S)
            self._answered.clear()
            self._send(Ping())
            try:
                async with asyncio.timeout(self._silent_s):
                    await self._answered.wait()
            except TimeoutError:
                log.error("recogniser does not answer", pid=self.ready.pid)
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(self.ready.pid, signal.SIGKILL)
                self._end()
                return


class ProcessRecognizer:
    """A ``SpeechRecognizer`` whose model is in another process, shared by all that name the same
    folder of data and the same ``Task``."""

    def __init__(self, data: Path, task: Task) -> None:
        self._data = data
        self.task = task
        self._line: Line | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._waiting: threading.Thread | None = None
        self._joining = asyncio.Lock()
        self._closing = asyncio.Event()
        self._in_hand = [0, 0]
        self.name = f"whisper {task.label}"
        self.watchers: list[Callable[[Batch], None]] = []

    def place(self, folder: Path, label: str) -> None:
        """Where the model is, when that is found before it is loaded."""
        self.task = msgspec.structs.replace(self.task, folder=str(folder), label=label)
        self.name = f"whisper {label}"

    @property
    def why(self) -> str:
        return "it was found" if self._line is None else self._line.ready.why

    @property
    def pid(self) -> int | None:
        """Of the process, while it is known to run."""
        return self._line.ready.pid if self._line is not None and self._line.alive else None

    @property
    def waiting(self) -> tuple[int, int]:
        """Finals and partials that this process has asked for and has not got."""
        return self._in_hand[0], self._in_hand[1]

    def covers(self, language: Language) -> bool:
        known = self._line.ready.languages if self._line else ()
        if known:
            return language in known
        _, named, only = self.task.label.rpartition(".")
        return language == only if named and only.isalpha() and len(only) == 2 else True

    async def load(self, tell: Tell | None = None) -> None:
        """Raises EngineError."""
        await self._joined()

    async def transcribe(
        self,
        pcm: bytes,
        language: Language,
        context: str = "",
        *,
        session: str = "",
        partial: bool = False,
        begun: str = "",
    ) -> Transcript:
        if not self.covers(language):
            raise Unheard(f"{self.name} does not know this language")
        self._in_hand[partial] += 1
        try:
            for _ in range(1 if partial else TRIES):
                line = await self._joined()
                with contextlib.suppress(Died):
                    found = await line.hear(
                        pcm, language, context, session, partial=partial, begun=begun
                    )
                    return _transcript(found)
        finally:
            self._in_hand[partial] -= 1
        raise Unheard(f"{self.name} died on it")

    async def close(self) -> None:
        self._closing.set()
        if self._line is not None:
            await self._line.close()
        if self._waiting is not None:  # it ends, unless somebody else needs it
            await asyncio.to_thread(self._waiting.join, LAST_S)

    async def _joined(self) -> Line:
        async with self._joining:
            if self._closing.is_set():
                raise Unheard(f"{self.name} is closed")
            if self._line is None or not self._line.alive:
                if self._line is not None:
                    log.warning("recogniser is gone", engine=self.name)
                    await self._line.close()
                line = await self._join()
                if self._closing.is_set():
                    await line.close()
                    raise Unheard(f"{self.name} is closed")
                self._line = line
                self.name = line.ready.name
            return self._line

    async def _join(self) -> Line:
        place = socket_of(self._data, self.task)
        try:
            async with asyncio.timeout(START_S):
                while True:
                    if (found := await self._connect(place)) is not None:
                        return found
                    async with _starting(place) as mine:
                        if mine and not await _answers(place):
                            await self._start(place)
                    await asyncio.sleep(LOOK_S)
        except TimeoutError as error:
            raise Unheard(f"{self.name} did not start in {START_S:g} s") from error

    async def _connect(self, place: Path) -> Line | None:
        try:
            source, sink = await asyncio.open_unix_connection(str(place))
        except (FileNotFoundError, ConnectionError):
            return None
        try:
            match await answered(source):
                case Ready() as ready:
                    return Line(source, sink, ready, self._measured)
                case NotReady(reason=reason):
                    raise EngineError(reason)
                case _:
                    pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except BaseException:
            sink.close()
            raise
        sink.close()
        return None

    async def _start(self, place: Path) -> None:
        """It outlives us where others need it, and else ends by itself."""
        if self._child is not None:
            log.warning(
                "recogniser is started again", engine=self.name, status=self._child.returncode
            )
        task = msgspec.json.encode(self.task).decode()
        child = self._child = _spawn([*COMMAND, str(place), task])
        # It is of no event loop, which would end it with itself; a thread learns when it ends.
        self._waiting = threading.Thread(target=child.wait, name="recogniser", daemon=True)
        self._waiting.start()
        while not await _answers(place):
            if child.returncode is not None:
                raise Unheard(f"{self.name} did not start (status {child.returncode})")
            await asyncio.sleep(LOOK_S)

    def _measured(self, batch: Batch) -> None:
        for watcher in self.watchers:
            watcher(batch)


def _spawn(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def _transcript(found: Told | Failed) -> Transcript:
    if isinstance(found, Failed):
        raise FAILURES[found.kind](found.reason)
    return Transcript(found.text, found.words, found.engine, found.sure, found.sounds_like)


def socket_of(data: Path, task: Task) -> Path:
    """In the folder of data, where only we may look; elsewhere where that name is too long. Another
    version of viva, or another task, is another place."""
    said = version("viva").encode() + msgspec.json.encode(task)
    name = f"hearing-{hashlib.sha256(said).hexdigest()[:12]}.sock"
    folder = data.expanduser().absolute()
    if len(os.fsencode(folder / name)) > LONGEST_PATH:
        mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"viva-{os.getuid()}-{mark}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise EngineError(f"{folder} belongs to somebody else: set VIVA_DATA to a folder of yours")
    return folder / name


async def _answers(place: Path) -> bool:
    try:
        _, sink = await asyncio.open_unix_connection(str(place))
    except (FileNotFoundError, ConnectionError):
        return False
    sink.close()
    return True


@asynccontextmanager
async def _starting(place: Path) -> AsyncIterator[bool]:
    """Whether it is for us to start the process: one at a time on this machine."""
    with beside(place).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
