"""A recogniser in a process of its own, for all server processes of the machine.

``python -m server.engines.hearing_process SOCKET TASK``, started by ``hearing_client``. It ends
when it has grown too much (what is in hand is heard to its end first), when a call hangs, when it
cannot load, and when nobody is connected any more; whoever still needs it starts another. It does
not end with the process that started it: the others go on with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from server import log as logging
from server.clock import now
from server.engines.hearing_wire import (
    Answered,
    Bye,
    Failed,
    Failure,
    Forget,
    Hear,
    Measured,
    NotReady,
    Ping,
    Pong,
    Ready,
    Task,
    Told,
    asked,
    packed,
)
from server.engines.lanes import Batch, SharedRecognizer
from server.engines.whisper import WhisperRecognizer
from server.ports import Busy, EngineError, Superseded

LOOK_S = 0.5
TRIM_S = 15.0
ALONE_S = 5.0
DRAIN_S = 30.0
MIB = 1024 * 1024
HUNG, TOO_BIG = 70, 71
"""Exit statuses, for the log of whoever started it."""

log = structlog.get_logger()


class Host:
    """Serves one recogniser on one socket until it had better not."""

    def __init__(self, place: Path, task: Task, recognizer: SharedRecognizer) -> None:
        self._place = place
        self._task = task
        self._recognizer = recognizer
        self._recognizer.watchers.append(self._measured)
        self._callers: dict[asyncio.StreamWriter, dict[int, asyncio.Task[None]]] = {}
        self._loading: asyncio.Task[Ready] | None = None
        self._alone_s = 0.0

    async def run(self) -> None:
        old = os.umask(0o177)
        self._place.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, str(self._place))
        os.umask(old)
        identity = self._place.stat().st_ino
        self._loading = asyncio.create_task(self._load())
        try:
            await self._watch()
        finally:
            server.close()
            with contextlib.suppress(FileNotFoundError):
                if self._place.stat().st_ino == identity:  # else another has taken the place
                    self._place.unlink()
        await self._drain()

    async def _load(self) -> Ready:
        await self._recognizer.load()
        gc.collect()
        gc.freeze()
        languages = self._recognizer.languages
        return Ready(self._recognizer.name, self._recognizer.why, os.getpid(), languages)

    async def _watch(self) -> None:
        """Returns when it is time to make room for another."""
        assert self._loading is not None
        loaded: int | None = None
        trimmed = now()
        while True:
            await asyncio.sleep(LOOK_S)
            if now() - trimmed > TRIM_S:
                await asyncio.to_thread(trim)
                trimmed = now()
            if self._recognizer.busy_s > self._task.hang_s * crowd():
                log.error("recogniser hangs", engine=self._recognizer.name)
                os._exit(HUNG)
            self._alone_s = 0.0 if self._callers else self._alone_s + LOOK_S
            if self._alone_s > ALONE_S:
                return
            if not self._loading.done():
                continue
            if self._loading.exception() is not None:
                return
            size = resident_mb()
            loaded = size if loaded is None else loaded
            grown = size - loaded
            if grown > 2 * self._task.grows_mb:
                log.error("recogniser grew much too large", grown_mb=grown)
                os._exit(TOO_BIG)
            if grown > self._task.grows_mb:
                log.warning("recogniser grew and is replaced", grown_mb=grown)
                return

    async def _drain(self) -> None:
        waiting = [work for works in self._callers.values() for work in works.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=DRAIN_S)
        for caller in list(self._callers):
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await caller.drain()
            caller.close()

    async def _serve(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        works: dict[int, asyncio.Task[None]] = {}
        left = False
        self._callers[sink] = works
        try:
            await self._greet(sink)
            while True:
                match await asked(source):
                    case Hear() as wanted:
                        works[wanted.number] = asyncio.create_task(self._hear(wanted, sink))
                    case Forget(number=number):
                        if work := works.pop(number, None):
                            work.cancel()
                    case Ping():
                        _send(sink, Pong())
                    case Bye():
                        left = True
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            for work in works.values():
                work.cancel()
            del self._callers[sink]
            sink.close()
            if left and not self._callers:
                self._alone_s = ALONE_S

    async def _greet(self, sink: asyncio.StreamWriter) -> None:
        assert self._loading is not None
        try:
            _send(sink, await asyncio.shield(self._loading))
        except EngineError as error:
            _send(sink, NotReady(str(error)))
            await sink.drain()

    async def _hear(self, wanted: Hear, sink: asyncio.StreamWriter) -> None:
        try:
            found = await self._recognizer.transcribe(
                wanted.pcm,
                wanted.language,
                wanted.context,
                session=wanted.session,
                partial=wanted.partial,
                begun=wanted.begun,
            )
        except EngineError as error:
            kind: Failure = "unheard"
            if isinstance(error, Busy | Superseded):
                kind = "busy" if isinstance(error, Busy) else "superseded"
            _send(sink, Failed(wanted.number, kind, str(error)))
        else:
            told = found.text, found.words, found.engine, found.sure, found.sounds_like
            _send(sink, Told(wanted.number, *told))
        finally:
            if sink in self._callers:
                self._callers[sink].pop(wanted.number, None)

    def _measured(self, batch: Batch) -> None:
        told = Measured(
            batch.engine,
            batch.finals,
            batch.partials,
            batch.waited_ms,
            batch.took_ms,
            batch.failed,
        )
        for caller in self._callers:
            _send(caller, told)


def _send(sink: asyncio.StreamWriter, message: Answered) -> None:
    if not sink.is_closing():
        sink.write(packed(message))


def crowd() -> float:
    """How many times as long as alone a call may take, by how many wait for each core: what is
    starved does not hang."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def trim() -> None:
    """Sound of many lengths leaves holes in the allocator's memory: they go back to the system,
    where its library can do that."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def resident_mb() -> int:
    """Memory of this process, MiB; 0 where the kernel does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // MIB


def recogniser_of(task: Task) -> SharedRecognizer:
    return WhisperRecognizer(
        task.folder,
        task.device,
        task.label,
        task.most,
        limit=task.limit,
        interviews=task.interviews,
    )


def main(place: str, task: str, build: Callable[[Task], SharedRecognizer] = recogniser_of) -> None:
    logging.configure("json" if os.environ.get("VIVA_LOG") == "json" else "console")
    wanted = msgspec.json.decode(task, type=Task)
    asyncio.run(Host(Path(place), wanted, build(wanted)).run())
    os._exit(0)  # a thread of the library's may hang, and nothing is left to be done


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
