"""espeak-ng as a voice: Korean and English with nothing downloaded, from a child process.

A child, because the library is C with one global engine and because its licence is the GPL.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import struct
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import soxr
import structlog

from server.core.events import Language
from server.engines.espeak_child import AUDIO, CANCEL, DONE, FAILED, HEADER, READY, SPEAK
from server.ports import VOICE_RATE, EngineError

log = structlog.get_logger()

CHUNK = VOICE_RATE // 10 * 2
"""Bytes of 100 ms."""

START_SECONDS = 10.0
STALL_SECONDS = 5.0
DIED = -1

Frame = tuple[int, bytes]


class EspeakVoice:
    """A ``Voice``. The child starts with the first question or ``start()`` and is replaced
    once within a question if it dies."""

    name = "espeak-ng"

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._starting = asyncio.Lock()
        self._closed = False

    async def start(self) -> None:
        """Start the child if none is alive. Raises EngineError."""
        await self._alive()

    async def speak(
        self, text: str, language: Language, rate: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        resampler: soxr.ResampleStream | None = None
        pending = b""
        async with contextlib.aclosing(self._raw(text, language, rate)) as raw:
            async for hertz, samples in raw:
                if resampler is None:
                    resampler = soxr.ResampleStream(hertz, VOICE_RATE, 1, dtype="int16")
                pending += resampler.resample_chunk(np.frombuffer(samples, "<i2")).tobytes()
                while len(pending) >= CHUNK:
                    yield pending[:CHUNK]
                    pending = pending[CHUNK:]
        if resampler is not None:
            pending += resampler.resample_chunk(np.empty(0, np.int16), last=True).tobytes()
        while pending:
            yield pending[:CHUNK]
            pending = pending[CHUNK:]

    async def close(self) -> None:
        self._closed = True
        child, self._child = self._child, None
        if child is not None:
            await child.close()

    async def _raw(
        self, text: str, language: Language, rate: float
    ) -> AsyncGenerator[tuple[int, bytes], None]:
        """Sample rate and PCM16 as the child makes it; what a dead child sent is not repeated."""
        sent = 0
        for attempt in (1, 2):
            child = await self._alive()
            skip = sent
            async with contextlib.aclosing(child.speak(text, language, rate)) as frames:
                async for kind, payload in frames:
                    if kind == DONE:
                        return
                    if kind == FAILED:
                        raise EngineError(payload.decode())
                    if kind == DIED:
                        log.warning("espeak died", attempt=attempt)
                        break
                    fresh = payload[skip:]
                    skip = max(0, skip - len(payload))
                    if fresh:
                        sent += len(fresh)
                        yield child.rate, fresh
        raise EngineError("espeak-ng died twice on this text")

    async def _alive(self) -> _Child:
        async with self._starting:
            if self._closed:
                raise EngineError("espeak-ng is closed")
            if self._child is None or not self._child.alive:
                if self._child is not None:
                    await self._child.close()
                self._child = await _Child.start()
                log.info("espeak started", pid=self._child.pid)
            return self._child


class _Child:
    """One running child and the questions it is working on, told apart by number."""

    def __init__(self, process: asyncio.subprocess.Process, rate: int) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._waiting: dict[int, asyncio.Queue[Frame]] = {}
        self._last = 0
        self.rate = rate
        self.pid = process.pid
        self.alive = True
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls) -> _Child:
        library, data = _files()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-IS",  # the child needs the standard library only, and starts in half the time
            str(Path(__file__).with_name("espeak_child.py")),
            library,
            data,
            str(os.getpid()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_SECONDS):
                kind, payload = (await _frame(process.stdout))[1:]
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await _end(process)
            raise EngineError("espeak-ng did not start on this machine") from error
        except asyncio.CancelledError:
            await _end(process)
            raise
        if kind != READY:
            await _end(process)
            raise EngineError("espeak-ng did not start as expected")
        return cls(process, struct.unpack("<I", payload)[0])

    async def speak(
        self, text: str, language: Language, rate: float
    ) -> AsyncGenerator[Frame, None]:
        self._last += 1
        request = self._last
        frames: asyncio.Queue[Frame] = asyncio.Queue()
        self._waiting[request] = frames
        kind = AUDIO
        try:
            if not self.alive:
                frames.put_nowait((DIED, b""))
            clean = text.replace("\0", " ").encode("utf-8", "ignore")
            self._write(request, SPEAK, f"{language}\0{rate:.2f}\0".encode() + clean)
            while kind == AUDIO:
                kind, payload = await self._next(frames)
                yield kind, payload
        finally:
            del self._waiting[request]
            if kind == AUDIO:
                self._write(request, CANCEL)

    async def close(self) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await _end(self._process)

    async def _next(self, frames: asyncio.Queue[Frame]) -> Frame:
        try:
            async with asyncio.timeout(STALL_SECONDS):
                return await frames.get()
        except TimeoutError:
            self.alive = False
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            return DIED, b""

    def _write(self, request: int, kind: int, payload: bytes = b"") -> None:
        if self.alive and not self._stdin.is_closing():
            self._stdin.write(HEADER.pack(request, kind, len(payload)) + payload)

    async def _read(self) -> None:
        try:
            while True:
                request, kind, payload = await _frame(self._stdout)
                if request in self._waiting:
                    self._waiting[request].put_nowait((kind, payload))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.alive = False
            for frames in self._waiting.values():
                frames.put_nowait((DIED, b""))


async def _frame(source: asyncio.StreamReader) -> tuple[int, int, bytes]:
    request, kind, length = HEADER.unpack(await source.readexactly(HEADER.size))
    return request, kind, await source.readexactly(length)


async def _end(process: asyncio.subprocess.Process) -> None:
    """It ends by itself at the end of its input; a second later it is made to."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(1.0):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _files() -> tuple[str, str]:
    """Library and data inside the espeakng-loader wheel, without importing it."""
    spec = importlib.util.find_spec("espeakng_loader")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError("espeakng-loader is not installed: install the locked requirements")
    folder = Path(spec.submodule_search_locations[0])
    for name in ("libespeak-ng.so", "libespeak-ng.dylib", "espeak-ng.dll"):
        if (folder / name).exists():
            return str(folder / name), str(folder / "espeak-ng-data")
    raise EngineError("espeakng-loader has no library for this platform")
