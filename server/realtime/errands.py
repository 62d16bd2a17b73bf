"""What an interview asks of engines: each errand ends by handing in one Input, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from server.clock import now
from server.core import guard
from server.core.dialogue import prompts
from server.core.dialogue.meaning import asked_in, compared
from server.core.events import (
    Brief,
    Compose,
    EngineFailed,
    Input,
    Language,
    MeaningRead,
    PartialTranscribed,
    Preview,
    QuestionComposed,
    QuestionVoiced,
    Say,
    Score,
    SegmentTranscribed,
    Transcribe,
    TurnScored,
    Understand,
    VoiceStarted,
)
from server.core.understanding import Judged
from server.ports import (
    VOICE_RATE,
    Busy,
    EngineError,
    Late,
    Message,
    QuestionWriter,
    SpeechRecognizer,
    Transcript,
    TurnDetector,
    Understanding,
    Unheard,
    Voice,
)
from server.realtime.hearing import Hearing
from server.realtime.tape import SAMPLE_BYTES

TRANSCRIBE_S = 60.0
PREVIEW_S = 3.0
SCORE_S = 2.0
UNDERSTAND_S = 0.3
"""What is understood later than that is an answer."""

BUSY_S = (0.2, 0.5, 1.0, 2.0)

log = structlog.get_logger()


class Recognition(Protocol):
    """Where the recogniser that is in use now is found; it may change between segments."""

    @property
    def current(self) -> SpeechRecognizer: ...


@dataclass(frozen=True, slots=True)
class Engines:
    """What every interview uses. ``writer`` is None where no language model is configured,
    ``turn_detector`` where there is no turn model."""

    hearing: Hearing
    recognition: Recognition
    writer: QuestionWriter | None
    voice: Voice
    writing_s: float
    in_use: Callable[[], list[dict[str, Any]]]
    turn_detector: TurnDetector | None = None
    understanding: Understanding | None = None
    """None: whatever is said is an answer."""


class Errands:
    """The engines' work for one interview. ``hand_in`` takes the Inputs it ends with."""

    def __init__(self, session: str, engines: Engines, hand_in: Callable[[Input], None]) -> None:
        self._session = session
        self._engines = engines
        self._hand_in = hand_in
        self._log = log.bind(interview_id=session)

    async def transcribe(self, effect: Transcribe, pcm: bytes, language: Language) -> None:
        began = now()
        try:
            heard = await self._recognise(pcm, language, effect.context)
        except EngineError as error:
            self._log.warning("segment not transcribed", turn=effect.turn, reason=str(error))
            failed = EngineFailed("stt", effect.turn, str(error), segment=effect.segment)
            self._hand_in(failed)
            return
        self._hand_in(
            SegmentTranscribed(
                effect.turn,
                effect.segment,
                heard.text,
                tuple(word.after(effect.start_ms) for word in heard.words),
                heard.engine,
                _since(began),
                heard.sure,
                heard.sounds_like,
            )
        )

    async def _recognise(self, pcm: bytes, language: Language, context: str) -> Transcript:
        """Raises EngineError; never an empty text for what could not be heard."""
        try:
            async with asyncio.timeout(TRANSCRIBE_S):
                return await self._recognised(pcm, language, context)
        except TimeoutError as error:
            raise Late("the recogniser did not answer in time") from error

    async def _recognised(self, pcm: bytes, language: Language, context: str) -> Transcript:
        """A queue that is full is asked again: what was said must not be lost to a rush."""
        attempt = 0
        while True:
            recognizer = self._engines.recognition.current
            if not recognizer.covers(language):
                raise Unheard(f"{recognizer.name} does not cover this language")
            try:
                return await recognizer.transcribe(pcm, language, context, session=self._session)
            except Busy:
                await asyncio.sleep(BUSY_S[min(attempt, len(BUSY_S) - 1)])
                attempt += 1

    async def preview(self, effect: Preview, pcm: bytes, language: Language) -> None:
        recognizer = self._engines.recognition.current
        text = ""
        try:
            if recognizer.covers(language):
                async with asyncio.timeout(PREVIEW_S):
                    heard = await recognizer.transcribe(
                        pcm, language, effect.context, session=self._session, partial=True
                    )
                text = heard.text
        except (EngineError, TimeoutError):
            pass  # a caption that comes late is none
        self._hand_in(PartialTranscribed(effect.turn, effect.segment, effect.end_ms, text))

    async def score(self, effect: Score, pcm: bytes) -> None:
        detector = self._engines.turn_detector
        if detector is None:
            return
        try:
            async with asyncio.timeout(SCORE_S):
                probability = await detector.finished(pcm)
        except (EngineError, TimeoutError) as error:
            self._log.warning("turn not scored", turn=effect.turn, reason=str(error))
            return
        self._hand_in(TurnScored(effect.turn, effect.segment, probability))

    async def understand(self, effect: Understand) -> None:
        turn, segment = effect.turn, effect.segment
        try:
            async with asyncio.timeout(UNDERSTAND_S):
                self._hand_in(await self._read(effect))
        except (EngineError, TimeoutError) as error:
            reason = str(error) or "the understanding did not answer in time"
            self._log.warning("utterance not understood", turn=turn, reason=reason)
            self._hand_in(EngineFailed("understanding", turn, reason, segment=segment))

    async def _read(self, effect: Understand) -> MeaningRead:
        understanding = self._engines.understanding
        if understanding is None:
            raise EngineError("no understanding is in use")
        said = effect.text
        read = await understanding.understand(effect.question, said, effect.language)
        wanted = compared(read, effect.samples)
        nearest = await understanding.nearest(asked_in(read, said), wanted) if wanted else None
        return MeaningRead(effect.turn, effect.segment, read, nearest)

    async def compose(self, effect: Compose) -> None:
        writer = self._engines.writer
        assert writer is not None
        began = now()
        messages = [Message(role, content) for role, content in prompts.question(effect.brief)]
        try:
            async with asyncio.timeout(self._engines.writing_s):
                text, first = await first_question(writer.write(messages, session=self._session))
                judged = await self._judge(guard.clean(text), effect.brief)
        except (EngineError, TimeoutError) as error:
            reason = str(error) or "the model did not answer in time"
            self._log.warning("question not composed", turn=effect.turn, reason=reason)
            code = "model_late" if isinstance(error, TimeoutError) else "model_failed"
            self._hand_in(EngineFailed("llm", effect.turn, code, revision=effect.revision))
            return
        took_ms = _since(began)
        first_token_ms = None if first is None else int((first - began) * 1_000)
        fault = judged.fault if judged else None
        composed = QuestionComposed(
            effect.turn, effect.revision, text, writer.model, took_ms, first_token_ms, fault
        )
        self._hand_in(composed)

    async def _judge(self, text: str, brief: Brief) -> Judged | None:
        """Where nothing judges meaning, only form is looked at."""
        understanding = self._engines.understanding
        if understanding is None or not text:
            return None
        answer = brief.history[-1].answer if brief.history else ""
        return await understanding.judge(text, brief.target_role, answer)

    async def say(self, effect: Say, send: Callable[[int, bytes], None]) -> int:
        """``send(offset, pcm)`` in samples of 24 kHz. Returns how many there were."""
        samples = 0
        try:
            async for pcm in self._engines.voice.speak(effect.text, effect.language):
                if samples == 0:
                    self._hand_in(VoiceStarted(effect.turn))
                send(samples, pcm)
                samples += len(pcm) // SAMPLE_BYTES
        except EngineError as error:
            self._log.warning("question not voiced", turn=effect.turn, reason=str(error))
            self._hand_in(EngineFailed("tts", effect.turn, str(error)))
        else:
            self._hand_in(QuestionVoiced(effect.turn, samples * 1_000 // VOICE_RATE))
        return samples


async def first_question(deltas: AsyncGenerator[str]) -> tuple[str, float | None]:
    """What the model writes until its first question is whole, and when it began, on the clock of
    ``now``. A model that would go on is not waited for: its request is ended."""
    text, began = "", None
    async with aclosing(deltas):
        async for delta in deltas:
            began = now() if began is None else began
            text += delta
            if guard.whole(text):
                break
    return text, began


def _since(began: float) -> int:
    return int((now() - began) * 1_000)
