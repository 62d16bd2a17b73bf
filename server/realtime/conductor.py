"""One live interview: inbox -> step -> effects, with one consumer and one TaskGroup."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import structlog

from server.core import prompts
from server.core.answer import absolute
from server.core.events import (
    CandidateJoined,
    CandidateLeft,
    Close,
    Compose,
    Effect,
    EngineFailed,
    Fact,
    Hush,
    Input,
    PlanArrived,
    QuestionComposed,
    QuestionVoiced,
    Say,
    SegmentTranscribed,
    Tell,
    Ticked,
    Transcribe,
    VoiceFrame,
    VoiceStarted,
)
from server.core.session import Session
from server.ports import (
    CANDIDATE_RATE,
    VOICE_RATE,
    EngineError,
    Message,
    QuestionWriter,
    SpeechRecognizer,
    Voice,
)
from server.realtime.hearing import SAMPLE_BYTES, Ear, Hearing
from server.realtime.ledger import Ledger
from server.realtime.line import Line
from server.realtime.monitor import Monitor
from server.store import interviews
from server.store.facts import OutOfTurn

TRANSCRIBE_S = 60
PLAN_LOOK_S = 0.25
LINGER_S = 600
BYTES_PER_MS = CANDIDATE_RATE * SAMPLE_BYTES // 1_000

log = structlog.get_logger()


class Recognition(Protocol):
    """Where the recogniser that is in use now is found; it may change between segments."""

    @property
    def current(self) -> SpeechRecognizer: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """What every interview uses. ``writer`` is None where no language model is configured."""

    hearing: Hearing
    recognition: Recognition
    writer: QuestionWriter | None
    voice: Voice
    writing_s: float
    in_use: Callable[[], list[dict[str, Any]]]


class Conductor:
    """Drives one Session. At most one line at a time is the candidate's."""

    def __init__(
        self,
        interview_id: UUID,
        session: Session,
        engines: Engines,
        pool: asyncpg.Pool,
        monitor: Monitor,
        last_seq: int = 0,
    ) -> None:
        self.interview_id = interview_id
        self._session = session
        self._engines = engines
        self._pool = pool
        self._monitor = monitor
        self._ledger = Ledger(pool, interview_id, last_seq)
        self._last_seq = last_seq
        self._inbox: asyncio.Queue[Input] = asyncio.Queue()
        self._began = monotonic()
        self._line: Line | None = None
        self._alone_since = monotonic()
        self._audio = bytearray()
        self._audio_from_ms = session.audio_ms
        self._ear: Ear = engines.hearing.open(self._on_frame, session.audio_ms)
        self._composing: asyncio.Task[None] | None = None
        self._speaking: asyncio.Task[None] | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._told: list[Fact] = []
        self._stopping = False
        self._log = log.bind(interview_id=str(interview_id))

    # The candidate's side.

    def attach(self, line: Line) -> None:
        """The newest connection is the candidate's; an older one is told and closed."""
        if self._line is not None:
            self._line.close(4001, "this interview was opened on another connection")
            self._inbox.put_nowait(CandidateLeft())
        self._line = line
        line.send(line.dialect.greeting(self._greeting(), self._session.turn))
        line.send(line.dialect.recall(self._told))
        self._inbox.put_nowait(CandidateJoined(marks=line.dialect.marks))

    def detach(self, line: Line) -> None:
        if self._line is line:
            self._line = None
            self._alone_since = monotonic()
            self._inbox.put_nowait(CandidateLeft())

    def take(self, event: Input) -> None:
        self._inbox.put_nowait(event)

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz. Raises TooFast."""
        self._ear.feed(pcm)
        self._audio += pcm

    def already(self, facts: Sequence[Fact]) -> None:
        """Facts told before this process led the interview, for whoever attaches."""
        self._told += facts

    def stop(self) -> None:
        """The server goes down: store what was told and let go; the interview is not over."""
        self._stopping = True
        self._inbox.put_nowait(CandidateLeft())

    # The loop.

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                ledger = tasks.create_task(self._ledger.run(self._on_stored))
                plan = tasks.create_task(self._await_plan())
                await self._consume()
                plan.cancel()
                for task in (self._composing, self._speaking):
                    if task is not None:
                        task.cancel()
                self._ledger.close()
                await ledger
        except* OutOfTurn:
            self._log.error("another process leads this interview")
        finally:
            self._ear.close()
            if self._line is not None:
                self._line.close(*self._farewell())

    def _farewell(self) -> tuple[int, str]:
        if self._session.ended:
            return 1000, "the interview is over"
        return 1012, "the server restarts; connect again"

    async def _consume(self) -> None:
        while not self._session.ended:
            event = await self._next_input()
            self._execute(self._session.step(event, self._now_ms()))
            if self._inbox.empty() and (self._stopping or self._abandoned()):
                return

    async def _next_input(self) -> Input:
        deadline = self._session.deadline()
        wait_s = float(LINGER_S)
        if deadline is not None:
            wait_s = max(0.0, (deadline - self._now_ms()) / 1_000)
        try:
            async with asyncio.timeout(wait_s):
                return await self._inbox.get()
        except TimeoutError:
            return Ticked()

    def _abandoned(self) -> bool:
        return self._line is None and monotonic() - self._alone_since >= LINGER_S

    def _now_ms(self) -> int:
        return int((monotonic() - self._began) * 1_000)

    def _execute(self, effects: Sequence[Effect]) -> None:
        """Hand everything out without waiting; facts of one step are stored together."""
        facts = [effect.fact for effect in effects if isinstance(effect, Tell)]
        if facts:
            self._last_seq = self._ledger.tell(facts)
        for effect in effects:
            match effect:
                case Transcribe():
                    self._spawn(self._transcribe(effect, self._slice(effect)))
                case Compose():
                    if self._composing is not None:
                        self._composing.cancel()
                    self._composing = self._spawn(self._compose(effect))
                case Say():
                    self._hush()
                    self._speaking = self._spawn(self._say(effect, self._last_seq))
                case Hush():
                    self._hush()
                    if self._line is not None:
                        self._line.drop_voice()
                        self._line.send(self._line.dialect.hush(effect.turn))
                case Tell() | Close():
                    pass
        self._forget_audio()

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        assert self._tasks is not None
        return self._tasks.create_task(work)

    def _hush(self) -> None:
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None

    async def _on_stored(self, facts: Sequence[Fact]) -> None:
        self._told += facts
        if self._line is not None:
            for fact in facts:
                self._line.send(self._line.dialect.fact(fact))
        await self._monitor.announce(self.interview_id)

    # Audio.

    def _on_frame(self, end_ms: int, probability: float) -> None:
        self._inbox.put_nowait(VoiceFrame(end_ms, probability))

    def _slice(self, effect: Transcribe) -> bytes:
        start = max(0, effect.start_ms - self._audio_from_ms) * BYTES_PER_MS
        end = max(0, effect.end_ms - self._audio_from_ms) * BYTES_PER_MS
        return bytes(self._audio[start:end])

    def _forget_audio(self) -> None:
        surplus = self._session.keep_audio_from_ms() - self._audio_from_ms
        if surplus > 1_000:
            del self._audio[: surplus * BYTES_PER_MS]
            self._audio_from_ms += surplus

    # Engines: each task only ever puts an Input into the inbox.

    async def _transcribe(self, effect: Transcribe, pcm: bytes) -> None:
        language = self._session.interview.language
        recognizer = self._engines.recognition.current
        began = monotonic()
        try:
            if not recognizer.covers(language):
                raise EngineError(f"{recognizer.name} does not cover this language")
            async with asyncio.timeout(TRANSCRIBE_S):
                heard = await recognizer.transcribe(pcm, language, effect.context)
        except (EngineError, TimeoutError) as error:
            reason = str(error) or "the recogniser did not answer in time"
            self._log.warning("segment not transcribed", turn=effect.turn, reason=reason)
            self.take(EngineFailed("stt", effect.turn, reason, segment=effect.segment))
            return
        took_ms = int((monotonic() - began) * 1_000)
        words = absolute(heard.words, effect.start_ms)
        self.take(
            SegmentTranscribed(
                effect.turn, effect.segment, heard.text, words, heard.engine, took_ms
            )
        )

    async def _compose(self, effect: Compose) -> None:
        writer = self._engines.writer
        assert writer is not None
        began = monotonic()
        messages = [Message(role, content) for role, content in prompts.question(effect.brief)]
        try:
            async with asyncio.timeout(self._engines.writing_s):
                text = "".join([delta async for delta in writer.write(messages)])
        except (EngineError, TimeoutError) as error:
            reason = str(error) or "the model did not answer in time"
            self._log.warning("question not composed", turn=effect.turn, reason=reason)
            failed = EngineFailed("llm", effect.turn, reason, revision=effect.revision)
            self.take(failed)
            return
        took_ms = int((monotonic() - began) * 1_000)
        self.take(QuestionComposed(effect.turn, effect.revision, text, writer.model, took_ms))

    async def _say(self, effect: Say, seq: int) -> None:
        await self._ledger.durable(seq)
        samples = 0
        try:
            async for pcm in self._engines.voice.speak(effect.text, effect.language):
                if samples == 0:
                    self.take(VoiceStarted(effect.turn))
                self._send_voice(effect.turn, samples, pcm)
                samples += len(pcm) // SAMPLE_BYTES
        except EngineError as error:
            self._log.warning("question not voiced", turn=effect.turn, reason=str(error))
            self.take(EngineFailed("tts", effect.turn, str(error)))
        else:
            self.take(QuestionVoiced(effect.turn, samples * 1_000 // VOICE_RATE))
        if self._line is not None:
            self._line.send(self._line.dialect.voice_done(effect.turn, samples))

    def _send_voice(self, turn: int, offset: int, pcm: bytes) -> None:
        if self._line is not None:
            self._line.send(self._line.dialect.voice(turn, offset, pcm))

    async def _await_plan(self) -> None:
        """The plan is written by a worker; the session does not wait long for it."""
        while True:
            try:
                plan = await interviews.plan(self._pool, self.interview_id)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                plan = ()
            if plan:
                self.take(PlanArrived(plan))
                return
            await asyncio.sleep(PLAN_LOOK_S)

    def _greeting(self) -> Mapping[str, Any]:
        interview = self._session.interview
        return {
            "interview_id": interview.interview_id,
            "target_role": interview.target_role,
            "language": interview.language,
            "engines": self._engines.in_use(),
        }
