"""Whether an engine of this machine works: now and then it is made to do a moment's work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, Protocol

import numpy as np
import structlog

from server.background import end
from server.clock import now
from server.core.events import Language
from server.ports import CANDIDATE_RATE, EchoCanceller, EngineError, Transcript

EVERY_S: Final = 60.0
AGAIN_S: Final = 10.0
"""What failed is tried again sooner."""
LATE_S: Final = 20.0
PATIENCE_S: Final = 0.1
"""How long whoever asks waits for a trial that is under way."""

BEEP: Final = (
    (8_000 * np.sin(np.arange(CANDIDATE_RATE // 5) * (np.pi / 20))).astype("<i2").tobytes()
)
"""200 ms of 400 Hz: loud enough to be decoded, over before it can be a word."""

log = structlog.get_logger()


class Trial:
    """``work`` raises EngineError, or returns. To ask for what was found is no wait."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._task: asyncio.Task[None] | None = None
        self._due = 0.0
        self._found = False, "is being tried"

    def worked(self) -> None:
        """It did just now, for somebody: nothing needs to be tried for a while."""
        self._settle(ok=True, why="")

    async def found(self) -> tuple[bool, str]:
        """Whether it works, and else why not."""
        if self._task is None and now() >= self._due:
            self._task = asyncio.create_task(self._try())
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=PATIENCE_S)
        return self._found

    async def begun(self) -> None:
        """Waits for the first one, whatever it finds."""
        await self.found()
        if self._task is not None:
            await asyncio.wait({self._task})

    async def close(self) -> None:
        if self._task is not None:
            await end(self._task)

    async def _try(self) -> None:
        try:
            async with asyncio.timeout(LATE_S):
                await self._work()
        except TimeoutError:
            self._settle(ok=False, why=f"did nothing within {LATE_S:g} s")
        except EngineError as error:
            self._settle(ok=False, why=str(error))
        except Exception as error:
            log.exception("trial failed")
            self._settle(ok=False, why=f"failed ({type(error).__name__})")
        else:
            self.worked()
        finally:
            self._task = None

    def _settle(self, *, ok: bool, why: str) -> None:
        self._found = ok, why
        self._due = now() + (EVERY_S if ok else AGAIN_S)


class Ear(Protocol):
    """One stream of the voice detector's."""

    def feed(self, pcm: bytes) -> None: ...

    def close(self) -> None: ...


async def hears(open_ear: Callable[[Callable[..., None]], Ear], window_bytes: int) -> None:
    """The detector judges one window of silence, in its row among all others."""
    judged = asyncio.Event()
    ear = open_ear(lambda *_: judged.set())
    try:
        ear.feed(bytes(window_bytes))
        await judged.wait()
    finally:
        ear.close()


async def transcribes(
    transcribe: Callable[[bytes, Language], Awaitable[Transcript]], languages: tuple[Language, ...]
) -> None:
    """One that knows none of the languages is no fault of its own: answers are typed then."""
    if languages:
        await transcribe(BEEP, languages[0])


async def judges(finished: Callable[[bytes], Awaitable[float]]) -> None:
    await finished(bytes(2 * CANDIDATE_RATE))


async def cancels(make: Callable[[], EchoCanceller]) -> None:
    moment = np.zeros(CANDIDATE_RATE // 100, np.int16)
    make().cancel(moment, moment)


async def speaks(speak: Callable[[str], AsyncIterator[bytes]]) -> None:
    if not b"".join([piece async for piece in speak("1")]):
        raise EngineError("it made no sound")
