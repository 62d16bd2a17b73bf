"""A live interview in virtual time: real conductor and database, engines that do as told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import numpy as np
from numpy.typing import NDArray
from redis.asyncio import Redis

from server.core.events import Fact, Language, PlannedQuestion, Played
from server.core.turn.patience import Patience
from server.core.understanding import Understood
from server.faults import Judged
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE, VOICE_RATE, EngineError, Message, Transcript, Understanding
from server.realtime.conductor import Conductor
from server.realtime.errands import Engines
from server.realtime.hearing import Hearing
from server.realtime.leases import Leases
from server.realtime.line import Line
from server.realtime.monitor import Monitor
from server.realtime.recording import Recording
from server.realtime.registry import Registry
from server.realtime.viva_dialect import VivaDialect
from server.store import facts as store
from server.store import interviews, resumes
from server.store.interviews import StoredInterview
from server.store.keys import Keys
from server.store.sealing import Seals
from tests.core.acts import nearest, read
from tests.replies import on_its_answer

WINDOW = 512
WINDOW_S = WINDOW / CANDIDATE_RATE
LOUD = np.repeat(np.tile(np.array([8_000, -8_000], "<i2"), WINDOW // 16), 8).tobytes()
STILL = bytes(2 * WINDOW)


def loud(pcm: bytes) -> int:
    """How many samples of it are as loud as ``LOUD``; what is below a voice is taken from that."""
    return int((np.abs(np.frombuffer(pcm, "<i2").astype(np.int32)) > 2_000).sum())


PIECE = bytes(VOICE_RATE // 5 * 2)
PIECES = 5


def planned(ordinal: int, text: str) -> PlannedQuestion:
    number = f"00000000-0000-7000-8000-{ordinal:012}"
    return PlannedQuestion(number, ordinal, text, "introduction", "bank")


async def an_interview(
    pool: asyncpg.Pool, questions: Sequence[str] = ("First?", "Second?", "Third?")
) -> StoredInterview:
    """Ready to be held in English, with these questions planned."""
    resume_id, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    header = {"name": "Kim", "target_role": "Data Engineer"}
    await resumes.mark_ready(pool, resume_id, {"header": header, "meta": {"language": "en"}})
    created = await interviews.create(pool, resume_id)
    assert created is not None
    plan = [planned(number, text) for number, text in enumerate(questions, start=1)]
    await interviews.add_plan(pool, created.interview_id, plan)
    stored = await interviews.get(pool, created.interview_id)
    assert stored is not None
    return stored


class Loudness:
    """Hears speech in whatever is loud."""

    window = WINDOW

    def open(self) -> int:
        return 0

    def close(self, row: int) -> None: ...

    def probabilities(
        self, windows: NDArray[np.float32], rows: Sequence[int]
    ) -> NDArray[np.float32]:
        return np.where(np.abs(windows).mean(axis=1) > 0.1, 0.9, 0.0).astype(np.float32)


@dataclass
class Scribe:
    """Hears the next words of ``script`` in whatever it is given, and keeps the sound."""

    script: list[str | EngineError] = field(default_factory=list)
    heard: list[bytes] = field(default_factory=list)
    takes_s: float = 0.2
    so_far: str = ""
    """What it makes of speech that is still going on."""
    name: str = "scribe"

    @property
    def current(self) -> Scribe:
        return self

    def covers(self, language: Language) -> bool:
        return language == "en"

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
        if partial:
            return Transcript(self.so_far, (), self.name)
        self.heard.append(pcm)
        await asyncio.sleep(self.takes_s)
        said = self.script.pop(0)
        if isinstance(said, EngineError):
            raise said
        return Transcript(said, (), self.name)

    async def close(self) -> None: ...


@dataclass
class Finished:
    """A turn model that is sure of what it is told to be sure of, and keeps the sound."""

    probability: float = 0.9
    heard: list[bytes] = field(default_factory=list)
    takes_s: float = 0.05
    name: str = "finished"

    async def finished(self, pcm: bytes) -> float:
        self.heard.append(pcm)
        await asyncio.sleep(self.takes_s)
        return self.probability

    async def close(self) -> None: ...


@dataclass
class Tone:
    """A second of voice for every question, in fifths."""

    pieces: int = PIECES
    said: list[str] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    error: EngineError | None = None
    name: str = "tone"

    async def speak(self, text: str, language: Language, rate: float = 1.0) -> AsyncIterator[bytes]:
        self.said.append(text)
        self.rates.append(rate)
        if self.error is not None:
            raise self.error
        for _ in range(self.pieces):
            yield PIECE

    async def close(self) -> None: ...


@dataclass
class Reader:
    """Understands what the tests of the core know, after ``takes_s``."""

    takes_s: float = 0.02
    error: EngineError | None = None
    asked: list[str] = field(default_factory=list)
    name: str = "reader"

    async def understand(self, question: str, utterance: str, language: Language) -> Understood:
        self.asked.append(utterance)
        await asyncio.sleep(self.takes_s)
        if self.error is not None:
            raise self.error
        return read(utterance)

    async def nearest(self, utterance: str, samples: Mapping[str, Sequence[str]]) -> str | None:
        return nearest(utterance, samples)

    async def judge(self, text: str, role: str, answer: str) -> Judged | None:
        await asyncio.sleep(self.takes_s)
        if self.error is not None:
            raise self.error
        return Judged("private", 0.9) if "married" in text else None


@dataclass
class Author:
    """Asks ``reply``, which rests on the answer, a word at a time, each after ``pause_s``. ``raw``:
    it writes these words instead. ``verdict``: what it says as a judge, after ``judge_s``."""

    reply: str = "What broke when you moved it?"
    pause_s: float = 0.05
    raw: str | None = None
    verdict: Mapping[str, bool] | None = None
    judge_s: float = 0.05
    asked: list[Sequence[Message]] = field(default_factory=list)
    closed: int = 0
    model: str = "author 1"
    context: int | None = None

    async def write(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        session: str = "",
    ) -> AsyncGenerator[str, None]:
        self.asked.append(messages)
        try:
            text = self.raw or on_its_answer(self.reply, messages[-1].content)
            for word in text.split(" "):
                await asyncio.sleep(self.pause_s)
                yield f"{word} "
        finally:
            self.closed += 1

    async def write_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        session: str = "",
        max_tokens: int | None = None,
    ) -> dict[str, Any]:
        await asyncio.sleep(self.judge_s)
        if self.verdict is None:
            raise EngineError("it is no judge")
        return dict(self.verdict)

    async def close(self) -> None: ...


@dataclass
class Page:
    """A candidate's page: keeps all it is sent, and reports what it has played."""

    line: Line = field(default_factory=lambda: Line(VivaDialect()))
    events: list[dict[str, Any]] = field(default_factory=list)
    voice: dict[int, int] = field(default_factory=dict)
    """Samples of each turn."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        while (frame := await self.line.next_frame()) is not None:
            if isinstance(frame, bytes):
                turn = int.from_bytes(frame[:4], "little")
                self.voice[turn] = self.voice.get(turn, 0) + (len(frame) - 8) // 2
            else:
                self.events.append(json.loads(frame))
            self._news.set()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    async def event(self, kind: str, /, seconds: float = 30.0, **match: Any) -> dict[str, Any]:
        """The first of this kind with these fields, past or to come."""
        async with asyncio.timeout(seconds):
            while True:
                for event in self.of(kind):
                    if match.items() <= event.items():
                        return event
                self._news.clear()
                await self._news.wait()


@dataclass
class Stage:
    """One process's part in an interview."""

    pool: asyncpg.Pool
    stored: StoredInterview
    registry: Registry
    hearing: Hearing
    scribe: Scribe
    detector: Finished | None
    tone: Tone
    author: Author | None
    keeping: asyncio.Task[None] | None = None
    """Renews the leases and hears what other processes want."""
    engines: Engines | None = None
    recording: Recording | None = None
    monitor: Monitor | None = None
    _reading: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def interview_id(self) -> UUID:
        return self.stored.id

    async def join(self, kept_ms: int = 0, page: Page | None = None) -> tuple[Conductor, Page]:
        page = page or Page()
        self._reading.append(asyncio.create_task(page.read()))
        return await self.registry.attach(self.stored, page.line, kept_ms), page

    async def facts(self) -> list[Fact]:
        """What is durable."""
        return store.told(await store.everything(self.pool, self.interview_id))

    async def told(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in await self.facts() if isinstance(fact, kind)]


@asynccontextmanager
async def stage(
    pool: asyncpg.Pool,
    redis_url: str,
    stored: StoredInterview,
    *,
    script: Sequence[str | EngineError] = (),
    detector: Finished | None = None,
    author: Author | None = None,
    patience: Patience | None = None,
    understanding: Understanding | None = None,
    scribe: Scribe | None = None,
    idle: Callable[[], bool] = lambda: False,
    hearing: Hearing | None = None,
) -> AsyncIterator[Stage]:
    """What a server builds at its start, for one interview; and what it ends."""
    scribe, tone = scribe or Scribe(list(script)), Tone()
    async with AsyncExitStack() as stack:
        # The client's time-out tells the clock that an answer of Redis is due.
        redis = Redis.from_url(redis_url, socket_timeout=5)
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        hearing = hearing or Hearing(Loudness())
        running = asyncio.create_task(hearing.run())
        stack.push_async_callback(_end, running)
        reader = understanding or Reader()
        engines = Engines(hearing, scribe, author, tone, 4.0, list, detector, reader, idle)
        recording = Recording(pool, Seals(Keys((bytes(32),))), offered=False, keep_days=30)
        stack.callback(recording.close)
        monitor = Monitor(pool, redis)
        leases, waits = Leases(pool), patience or Patience()
        registry = Registry(pool, engines, monitor, recording, waits, leases, shipped())
        made = Stage(pool, stored, registry, hearing, scribe, detector, tone, author)
        made.engines, made.recording, made.monitor = engines, recording, monitor
        keeping = asyncio.create_task(registry.run())
        stack.push_async_callback(_end, keeping)
        made.keeping = keeping
        try:
            yield made
        finally:
            await registry.stop()
            for reading in made._reading:
                await _end(reading)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def hear_question(conductor: Conductor, page: Page, turn: int) -> str:
    """The question is played to its end; the candidate has the floor. What it says."""
    question = await page.event("viva.question", turn=turn)
    done = await page.event("viva.voice_done", turn=turn)
    conductor.take(Played(turn, done["duration_ms"], complete=True))
    await page.event("viva.floor", turn=turn, floor="listening")
    text: str = question["text"]
    return text


async def speak(conductor: Conductor, seconds: float, sound: bytes = LOUD) -> bytes:
    """Sound in real time, a window at a time; what was said."""
    windows = round(seconds / WINDOW_S)
    for _ in range(windows):
        conductor.hear(sound)
        await asyncio.sleep(WINDOW_S)
    return sound * windows


async def keep_still(conductor: Conductor, seconds: float) -> None:
    await speak(conductor, seconds, STILL)
