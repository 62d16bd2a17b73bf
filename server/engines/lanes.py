"""One owner per speech-recognition device: finals before partials, sessions in turn, in batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial as partial_of
from itertools import count
from threading import Lock
from typing import TypeVar

import structlog

from server.clock import now
from server.core.events import Language
from server.engines.utterance import Heard, SpeechModel, Trust, Utterance
from server.ports import Busy, EngineError, Superseded, Transcript, Unheard

log = structlog.get_logger()

T = TypeVar("T")

Tell = Callable[[str], None]

MOST_FINALS = 64
STALE_S = 1.5
"""A caption that could not begin within this time would come too late to be one."""

REST, SHARING_S = 2.0, 5.0
"""So many times as long as captions took, none is begun where others have spoken within this time:
their finals find the device free. One alone asks for no caption while it waits for its final."""

HURRIED_S, PRESSED_S = 0.5, 3.0
"""Where a final had to wait longer than this, no caption is begun for so long."""

MOST_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """One call into the device, for whoever keeps measurements. ``waited_ms``: finals first;
    ``failed``: so many of all have no words."""

    engine: str
    finals: int
    partials: int
    waited_ms: tuple[int, ...]
    took_ms: int
    failed: int = 0


@dataclass(slots=True)
class LaneStats:
    """Counts since the start. ``superseded`` and ``late`` are partials, ``refused`` finals;
    ``abandoned`` are both whose asker went away."""

    finals: int = 0
    partials: int = 0
    superseded: int = 0
    late: int = 0
    refused: int = 0
    failed: int = 0
    abandoned: int = 0
    batches: int = 0
    largest_batch: int = 0
    waited_ms: int = 0
    busy_ms: int = 0


@dataclass(slots=True, eq=False)
class _Waiting:
    session: str
    utterance: Utterance
    answer: asyncio.Future[Heard]
    asked: float = field(default_factory=now)


@dataclass(slots=True, eq=False)
class _Call:
    """A batch that the device has in hand."""

    batch: list[_Waiting]
    began: float = field(default_factory=now)
    failed: int = 0


class SharedRecognizer:
    """A ``SpeechRecognizer`` for all sessions at once, over one ``SpeechModel``.

    Nobody waits for a batch to fill: what is there when the device becomes free goes in together.
    ``limit`` counts waiting finals; beyond it ``transcribe`` raises Busy. ``watchers`` are called
    after each batch, on the event loop.
    """

    def __init__(
        self, model: SpeechModel, limit: int = MOST_FINALS, stale_s: float = STALE_S
    ) -> None:
        self._model = model
        self._limit = limit
        self._stale_s = stale_s
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="recogniser")
        self._loading = Lock()
        self._finals: dict[str, deque[_Waiting]] = {}
        self._partials: dict[str, _Waiting] = {}
        self._in_hand: dict[_Call, asyncio.Task[None]] = {}
        self._trust = Trust()
        self._work: asyncio.Task[None] | None = None
        self._closed = False
        self._captions_from = 0.0
        self._heard_of: dict[str, float] = {}
        self._news = asyncio.Event()
        self._nameless = count()
        self.name = model.name
        self.stats = LaneStats()
        self.watchers: list[Callable[[Batch], None]] = []

    @property
    def waiting(self) -> tuple[int, int]:
        """Finals and partials that no batch has taken yet."""
        return sum(len(lane) for lane in self._finals.values()), len(self._partials)

    def covers(self, language: Language) -> bool:
        return self._model.covers(language)

    @property
    def languages(self) -> tuple[str, ...]:
        """All that it knows, where it can say."""
        return ()

    @property
    def busy_s(self) -> float:
        """For how long the oldest batch has been in hand; 0 where there is none."""
        return max((now() - call.began for call in self._in_hand), default=0.0)

    @property
    def why(self) -> str:
        """How it came to be, once it is loaded."""
        return "it was found"

    async def load(self, tell: Tell | None = None) -> None:
        """``tell`` hears what takes long. Raises EngineError."""
        self._refuse_closed()
        try:
            await self._in_thread(self._load)
        except Exception as error:
            raise _as_engine_error(error, self.name) from error

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
        self._refuse_closed()
        if not self.covers(language):
            raise Unheard(f"{self.name} understands English only")
        session = session or f"nameless {next(self._nameless)}"
        trusted = self._trust.context(session, context)
        answer = asyncio.get_running_loop().create_future()
        waiting = _Waiting(session, Utterance(pcm, language, trusted, partial, begun), answer)
        self._admit(waiting)
        try:
            heard = await answer
        except asyncio.CancelledError:
            self._forget(waiting)
            raise
        return Transcript(heard.text, heard.words, self.name, heard.sure, heard.sounds_like)

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        everyone = [waiting for call in self._in_hand for waiting in call.batch]
        everyone += self._partials.values()
        everyone += [waiting for lane in self._finals.values() for waiting in lane]
        self._finals.clear()
        self._partials.clear()
        self._news.set()
        for waiting in everyone:
            _fail(waiting, Unheard(f"{self.name} is closed"))
        if self._work is not None:
            await self._work
        await asyncio.gather(*self._in_hand.values())
        await self._in_thread(self._model.free)
        self._threads.shutdown()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise Unheard(f"{self.name} is closed")

    def _admit(self, waiting: _Waiting) -> None:
        session = waiting.session
        self._heard_of[session] = waiting.asked
        if waiting.utterance.partial:
            self.stats.partials += 1
            self._supersede(session, self._partials.get(session))
            # An older partial's place in the row is kept, or a quick asker would never be heard.
            self._partials[session] = waiting
        else:
            if self.waiting[0] >= self._limit:
                self.stats.refused += 1
                raise Busy(f"{self.name} has {self._limit} utterances waiting")
            self.stats.finals += 1
            self._supersede(session, self._partials.pop(session, None))
            self._finals.setdefault(session, deque()).append(waiting)
            self._news.set()
        if self._work is None:
            # Not before the loop's next turn: what is asked in this one goes into the same batch.
            self._work = asyncio.create_task(self._hear_all())

    def _supersede(self, session: str, older: _Waiting | None) -> None:
        if older is not None and _fail(older, Superseded("something newer took its place")):
            self.stats.superseded += 1

    def _forget(self, waiting: _Waiting) -> None:
        self.stats.abandoned += 1
        if self._partials.get(waiting.session) is waiting:
            del self._partials[waiting.session]
        lane = self._finals.get(waiting.session)
        if lane is not None:
            with suppress(ValueError):
                lane.remove(waiting)
            if not lane:
                del self._finals[waiting.session]

    def _next(self) -> list[_Waiting]:
        """Finals first, a session at a time; then partials, as far as there is room."""
        batch: list[_Waiting] = []
        while self._finals and len(batch) < self._model.most:
            session = next(iter(self._finals))
            lane = self._finals.pop(session)
            batch.append(lane.popleft())
            if lane:
                self._finals[session] = lane  # to the end of the row
        oldest = now() - self._stale_s
        room = self._model.most if batch or self._may_caption() else 0
        while self._partials and len(batch) < room:
            waiting = self._partials.pop(next(iter(self._partials)))
            if waiting.asked >= oldest:
                batch.append(waiting)
            elif _fail(waiting, Superseded("it waited too long to be of use")):
                self.stats.late += 1
        return batch

    def _may_caption(self) -> bool:
        """Where calls run beside each other, a place is left for a final."""
        spare = self._model.at_once - len(self._in_hand)
        return now() >= self._captions_from and (spare > 1 or self._model.at_once == 1)

    async def _hear_all(self) -> None:
        """For as long as somebody waits."""
        try:
            while not self._closed and (self._finals or self._partials):
                free = len(self._in_hand) < self._model.at_once
                if free and (batch := self._next()):
                    call = _Call(batch)
                    self._in_hand[call] = asyncio.create_task(self._hear(call))
                elif self._finals or self._partials:
                    await self._change()
        finally:
            self._work = None

    async def _change(self) -> None:
        """Returns when a call has ended, a final has come, or captions may begin."""
        self._news.clear()
        resting = self._captions_from - now()
        with suppress(TimeoutError):
            async with asyncio.timeout(resting if resting > 0 else None):
                await self._news.wait()

    async def _hear(self, call: _Call) -> None:
        try:
            utterances = [waiting.utterance for waiting in call.batch]
            results = await self._in_thread(partial_of(self._heard, utterances))
            call.failed = sum(isinstance(result, EngineError) for result in results)
            for waiting, result in zip(call.batch, results, strict=True):
                self._answer(waiting, result)
        finally:
            del self._in_hand[call]
            self._news.set()
        self._rest(call)
        self._measure(call)

    def _load(self) -> None:
        with self._loading:
            self._model.load()

    def _heard(self, utterances: Sequence[Utterance]) -> list[Heard | EngineError]:
        """In the thread. One that fails must not take its neighbours with it."""
        try:
            self._load()
        except Exception as error:  # noqa: BLE001 - an engine's failures have no common type
            return [_as_engine_error(error, self.name) for _ in utterances]
        try:
            found = self._model.hear(utterances)
            if len(found) != len(utterances):
                raise Unheard(f"{self.name} heard {len(found)} of {len(utterances)}")
            return list(found)
        except Exception as error:
            if len(utterances) == 1:
                if not isinstance(error, EngineError):
                    log.exception("recogniser failed", engine=self.name)
                return [_as_engine_error(error, self.name)]
        half = len(utterances) // 2
        return [*self._heard(utterances[:half]), *self._heard(utterances[half:])]

    def _answer(self, waiting: _Waiting, result: Heard | EngineError) -> None:
        if isinstance(result, EngineError):
            self.stats.failed += 1
            _fail(waiting, result)
            return
        if not waiting.utterance.partial and result.text:
            self._trust.remember(waiting.session, doubtful=result.doubtful)
        if not waiting.answer.done():
            waiting.answer.set_result(result)

    def _rest(self, call: _Call) -> None:
        """Captions leave others the device most of the time, and altogether where finals waited."""
        finals = [one for one in call.batch if not one.utterance.partial]
        shared = self._shared()
        if not finals:
            self._captions_from = now() + shared * REST * (now() - call.began)
        elif max(call.began - one.asked for one in finals) > HURRIED_S:
            self._captions_from = now() + PRESSED_S

    def _shared(self) -> bool:
        """More than one session has asked for something of late."""
        since = now() - SHARING_S
        self._heard_of = {one: at for one, at in self._heard_of.items() if at >= since}
        return len(self._heard_of) > 1

    def _measure(self, call: _Call) -> None:
        batch, began = call.batch, call.began
        partials = sum(waiting.utterance.partial for waiting in batch)
        waited = tuple(round((began - waiting.asked) * 1000) for waiting in batch)
        took_ms = round((now() - began) * 1000)
        self.stats.batches += 1
        self.stats.largest_batch = max(self.stats.largest_batch, len(batch))
        self.stats.waited_ms += sum(waited)
        self.stats.busy_ms += took_ms
        done = Batch(self.name, len(batch) - partials, partials, waited, took_ms, call.failed)
        for watcher in self.watchers:
            try:
                watcher(done)
            except Exception:  # those who wait must not suffer from who watches
                log.exception("watcher failed", engine=self.name)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self.name = self._model.name  # it says the device, which is known once it is loaded


def _fail(waiting: _Waiting, error: EngineError) -> bool:
    if waiting.answer.done():
        return False
    waiting.answer.set_exception(error)
    return True


def _as_engine_error(error: Exception, name: str) -> EngineError:
    if isinstance(error, EngineError):
        return error
    return Unheard(f"{name} failed: {type(error).__name__}")
