"""What an interview asks of engines: each errand ends by handing in one Input, whatever happens."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from server.clock import now
from server.core.dialogue.moves import WORDED
from server.core.events import (
    Compose,
    EngineFailed,
    Input,
    Language,
    MeaningRead,
    QuestionComposed,
    QuestionVoiced,
    Reply,
    Say,
    Score,
    SegmentTranscribed,
    Transcribe,
    TurnScored,
    Understand,
    VoiceStarted,
    Word,
)
from server.doubt import unclear
from server.language.clauses import asked_in, compared
from server.ports import (
    VOICE_RATE,
    Busy,
    Captioner,
    EchoCanceller,
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
from server.realtime.captions import Partial, Preview
from server.realtime.hearing import Hearing
from server.realtime.tape import SAMPLE_BYTES
from server.wording import judge, prompts
from server.wording.brief import Brief
from server.wording.question import clean
from server.wording.reply import SCHEMA, Incoming, Unreadable

TRANSCRIBE_S = 60.0
PREVIEW_S = 3.0
SCORE_S = 2.0
UNDERSTAND_S = 0.3
"""What is understood later than that is an answer."""

JUDGE_S = 0.6
"""A sentence that is whole waits so long for the model to judge it."""
SPARE_S = 0.1
"""Left of the time to write when the judge is given up."""
_CODES: dict[type[Exception], str] = {
    TimeoutError: "model_late",
    Unreadable: "model_unreadable",
}

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

    idle: Callable[[], bool] = lambda: False
    """Whether the recogniser has time for what can be done without."""

    canceller: Callable[[], EchoCanceller] | None = None
    """Makes one for each interview; None: the voice is not taken out of what is heard."""

    rate: float = 1.0
    """Of the voice; less is slower."""


class Errands:
    """The engines' work for one interview, which is held in ``languages``; none: in any.
    ``hand_in`` takes the Inputs it ends with."""

    def __init__(
        self,
        session: str,
        engines: Engines,
        hand_in: Callable[[Input], None],
        languages: Collection[Language] = (),
    ) -> None:
        self._session = session
        self._languages = languages
        self._engines = engines
        self._hand_in = hand_in
        self._decoding: set[tuple[int, int]] = set()
        self._log = log.bind(interview_id=session)

    @property
    def idle(self) -> bool:
        return not self._decoding and self._engines.idle()

    def decodes(self, turn: int, segment: int) -> bool:
        """Its words are on their way."""
        return (turn, segment) in self._decoding

    async def transcribe(self, effect: Transcribe, pcm: bytes, language: Language) -> None:
        turn, segment = effect.turn, effect.segment
        self._decoding.add((turn, segment))
        try:
            heard: Input = await self.heard(
                turn, segment, effect.start_ms, pcm, language, effect.context
            )
        except EngineError as error:
            self._log.warning("segment not transcribed", turn=turn, reason=str(error))
            heard = EngineFailed("stt", turn, str(error), segment=segment)
        finally:
            self._decoding.discard((turn, segment))
        self._hand_in(heard)

    async def heard(
        self,
        turn: int,
        segment: int,
        start_ms: int,
        pcm: bytes,
        language: Language,
        context: str = "",
    ) -> SegmentTranscribed:
        """The words of a segment that began at ``start_ms``. Raises EngineError."""
        began = now()
        heard = await self._recognise(pcm, language, context)
        return SegmentTranscribed(
            turn,
            segment,
            heard.text,
            tuple(word.after(start_ms) for word in heard.words),
            heard.engine,
            _since(began),
            heard.sure,
            heard.sounds_like,
            unclear(heard.sure, heard.sounds_like, self._languages),
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

    async def preview(self, wanted: Preview, pcm: bytes, show: Callable[[Partial], None]) -> None:
        """Ends with a whole one, whatever happens; before it, words as they come."""
        recognizer = self._engines.recognition.current
        text: str | None = None
        words: tuple[Word, ...] = ()
        try:
            async with asyncio.timeout(PREVIEW_S):
                if not recognizer.covers(wanted.language):
                    pass
                elif isinstance(recognizer, Captioner):
                    text = await self._as_they_come(recognizer, wanted, pcm, show)
                else:
                    heard = await recognizer.transcribe(
                        pcm,
                        wanted.language,
                        wanted.context,
                        session=self._session,
                        partial=True,
                        begun=wanted.begun,
                    )
                    text = wanted.whole(heard.text)
                    words = tuple(word.after(wanted.start_ms) for word in heard.words)
        except (EngineError, TimeoutError):
            text = None  # a caption that comes late is none
        show(Partial(wanted.turn, wanted.segment, wanted.end_ms, text, words=words))

    async def _as_they_come(
        self, captioner: Captioner, wanted: Preview, pcm: bytes, show: Callable[[Partial], None]
    ) -> str | None:
        """All the words; those before them are shown while it works."""
        text: str | None = None
        told = captioner.captions(pcm, wanted.language, wanted.context, session=self._session)
        async with aclosing(told) as texts:
            async for more in texts:
                if text is not None:
                    show(Partial(wanted.turn, wanted.segment, wanted.end_ms, text, whole=False))
                text = wanted.whole(more)
        return text

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

    async def compose(self, effect: Compose, brief: Brief) -> None:
        engines = self._engines
        assert engines.writer is not None
        try:
            async with asyncio.timeout(engines.writing_s):
                done = await composed(
                    effect,
                    brief,
                    engines.writer,
                    engines.understanding,
                    self._session,
                    judged_by=now() + engines.writing_s - SPARE_S,
                )
        except (EngineError, Unreadable, TimeoutError) as error:
            reason = str(error) or "the model did not answer in time"
            self._log.warning("no reply of the model", turn=effect.turn, reason=reason)
            code = _CODES.get(type(error), "model_failed")
            self._hand_in(EngineFailed("llm", effect.turn, code, revision=effect.revision))
        else:
            self._hand_in(done)

    async def say(self, effect: Say, send: Callable[[int, bytes], None]) -> int:
        """``send(offset, pcm)`` in samples of 24 kHz. Returns how many there were."""
        samples = 0
        try:
            engines = self._engines
            async for pcm in engines.voice.speak(effect.text, effect.language, engines.rate):
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


async def composed(
    effect: Compose,
    brief: Brief,
    writer: QuestionWriter,
    understanding: Understanding | None,
    session: str,
    *,
    judged_by: float = math.inf,
) -> QuestionComposed:
    """What the model replies and what is wrong with it. ``judged_by``, on the clock of ``now``:
    then no judge is waited for any longer. Raises EngineError and Unreadable."""
    began = now()
    chat = prompts.messages(brief, effect.refused, writer.context)
    deltas = writer.write(as_messages(chat), schema=SCHEMA, session=session)
    reply, first = await read_reply(deltas)
    judge_s = min(JUDGE_S, judged_by - now())
    fault = await _fault(reply, brief, writer, understanding, judge_s)
    return QuestionComposed(
        effect.turn,
        effect.revision,
        reply,
        writer.model,
        _since(began),
        None if first is None else int((first - began) * 1_000),
        fault,
    )


async def read_reply(deltas: AsyncGenerator[str]) -> tuple[Reply, float | None]:
    """What the model replies, one question at most, as soon as its words are whole, and when it
    began, on the clock of ``now``. Whatever it would still write is not waited for: its request is
    ended. Raises Unreadable."""
    began, incoming, reply = None, Incoming(), None
    async with aclosing(deltas):
        async for delta in deltas:
            began = now() if began is None else began
            if (reply := incoming.hear(delta)) is not None:
                break
    reply = reply or incoming.rest()
    return replace(reply, say=clean(reply.say)), began


async def _fault(
    reply: Reply,
    brief: Brief,
    writer: QuestionWriter,
    understanding: Understanding | None,
    judge_s: float,
) -> str | None:
    """What is wrong with saying it, by its meaning: the learned judgement and the model's own are
    asked for at once. Where nothing judges meaning, only form is looked at."""
    text = reply.say
    if not text or reply.move not in ("probe", *WORDED):
        return None
    judging = asyncio.create_task(_verdict_in_time(reply, brief, writer, judge_s))
    try:
        learned = None
        if understanding is not None:
            learned = await understanding.judge(text, brief.target_role, brief.history[-1].answer)
        return learned.fault if learned else await judging
    finally:
        judging.cancel()


async def _verdict_in_time(
    reply: Reply, brief: Brief, writer: QuestionWriter, judge_s: float
) -> str | None:
    """A judge that is late or fails has nothing against it."""
    try:
        async with asyncio.timeout(judge_s):
            return await verdict(reply, brief, writer)
    except (EngineError, TimeoutError):
        return None


async def verdict(reply: Reply, brief: Brief, writer: QuestionWriter) -> str | None:
    """What the model as a judge has against the reply, a code. Raises EngineError."""
    asked = as_messages(judge.messages(brief, reply.say))
    told = await writer.write_json(asked, judge.SCHEMA, max_tokens=judge.TOKENS)
    return judge.fault(told, reply)


def as_messages(chat: prompts.Messages) -> list[Message]:
    return [Message(role, content) for role, content in chat]


def _since(began: float) -> int:
    return int((now() - began) * 1_000)
