"""Our own dialect: binary voice, and the ``viva.*`` events that our pages ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    AudioMissed,
    AudioReturned,
    ControlTaken,
    Fact,
    FloorPassed,
    InterviewEnded,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    SpeechStarted,
    SpeechStopped,
    Step,
    SteppedIn,
    TypingTaken,
    VoiceClaimed,
)
from server.ports import VOICE_RATE
from server.realtime import wire
from server.realtime.dialects import SAMPLE_BYTES, answer_item, usage_of_answer
from server.realtime.progress import Progress

PIECE_BYTES = VOICE_RATE // 10 * SAMPLE_BYTES
"""Opus is made of this much at a time, 100 ms, so that other connections are not kept waiting."""


RECALLED = (
    QuestionAsked, QuestionTakenBack, SegmentHeard, SegmentPending,
    VoiceClaimed, AnswerGiven, AnswerRevised,
    ControlTaken, TypingTaken, SteppedIn,
)  # fmt: skip
"""What a page that comes back is told again."""

SHOWN: frozenset[Step] = frozenset({
    "time", "line", "answer", "listen", "leave", "take_over", "said", "hand_back",
})  # fmt: skip
"""Of what a person does, what the candidate is told as such: a question of theirs is a question."""


class VivaDialect:
    """Binary voice, and the ``viva.*`` events beside those of OpenAI that our pages use."""

    marks = True

    def __init__(self, *, speaks: bool = False) -> None:
        self.speaks = speaks
        self.coding: wire.Coding = "pcm16"
        """Of the binary frames down."""

    def greeting(self, session: Mapping[str, Any], turn: int) -> Iterator[str | bytes]:
        realtime = {"type": "realtime", "id": session["interview_id"], "object": "realtime.session"}
        yield wire.encode(wire.SessionCreated(session=realtime))
        yield wire.encode(wire.VivaSession(**session, turn=turn))

    def recall(self, facts: Sequence[Fact]) -> Iterator[str | bytes]:
        for fact in facts:
            if isinstance(fact, RECALLED):
                yield from self.fact(fact)

    def fact(self, fact: Fact) -> Iterator[str | bytes]:
        for event in self._events(fact):
            yield wire.encode(event)

    def _events(self, fact: Fact) -> Sequence[wire.ServerEvent]:
        match fact:
            case FloorPassed():
                return [wire.VivaFloor(turn=fact.turn, floor=fact.floor, at_ms=fact.at_ms)]
            case QuestionAsked():
                return [
                    wire.VivaQuestion(
                        turn=fact.turn,
                        question_id=fact.question_id,
                        text=fact.spoken,
                        source=fact.source,
                        kind=fact.kind,
                        model=fact.model,
                        reason=fact.reason,
                    )
                ]
            case QuestionTakenBack():
                return [wire.VivaTakenBack(turn=fact.turn, reopened=fact.reopened)]
            case ControlTaken():
                return [wire.VivaControl(turn=fact.turn, control=fact.control, by=fact.by)]
            case SteppedIn(warned=warned) if fact.step in SHOWN and warned != "held":
                return [_person(fact)]
            case InterviewEnded():
                return [wire.VivaEnded(reason=fact.reason)]
            case _:
                return _of_answer(fact)

    def voice(self, turn: int, offset: int, pcm: bytes) -> Iterator[str | bytes]:
        if self.coding == "pcm16":
            yield wire.AUDIO_HEADER.pack(turn, offset) + pcm
            return
        for start in range(0, len(pcm), PIECE_BYTES):
            header = wire.AUDIO_HEADER.pack(turn, offset + start // SAMPLE_BYTES)
            yield wire.Unpacked(header + pcm[start : start + PIECE_BYTES])

    def led(self, turn: int, offset: int, pcm: bytes, *, begins: bool) -> Iterator[str | bytes]:
        """As one voice, however often they pause."""
        yield from self.voice(turn, offset, pcm)

    def led_partial(
        self, turn: int, step_id: str, text: str, tentative: str, *, over: bool = False
    ) -> Iterator[str | bytes]:
        told = wire.VivaPersonPartial(
            turn=turn, step_id=step_id, text=text, tentative=tentative, over=over
        )
        yield wire.encode(told)

    def led_done(self, turn: int, text: str) -> Iterator[str | bytes]:
        """What they said is told as a fact."""
        yield from ()

    def voice_done(self, turn: int, samples: int) -> Iterator[str | bytes]:
        if self.coding == "opus":
            yield wire.Unpacked(wire.AUDIO_HEADER.pack(turn, samples))
        duration_ms = samples * 1_000 // VOICE_RATE
        yield wire.encode(wire.VivaVoiceDone(turn=turn, duration_ms=duration_ms))

    def speak(self, turn: int, text: str, language: str, rate: float) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaSpeak(turn=turn, text=text, language=language, rate=rate))

    def hush(self, turn: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaHush(turn=turn))

    def partial(
        self, turn: int, segment: int, text: str, tentative: str = ""
    ) -> Iterator[str | bytes]:
        told = wire.VivaPartial(turn=turn, segment=segment, text=text, tentative=tentative)
        yield wire.encode(told)

    def stored(self, audio_ms: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaStored(audio_ms=audio_ms))

    def company(self, people: int, listening: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaCompany(people=people, listening=listening))

    def progress(self, progress: Progress) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaProgress(*progress))

    def typing_taken(self, turn: int, item: str) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaTyped(turn=turn, item_id=item))

    def hold(self, turn: int, at_ms: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaHold(turn=turn))

    def release(self, turn: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaRelease(turn=turn))


def _of_answer(fact: Fact) -> Sequence[wire.ServerEvent]:
    """What the candidate said."""
    match fact:
        case SpeechStarted():
            item = answer_item(fact.turn)
            return [wire.SpeechStartedEvent(item_id=item, audio_start_ms=fact.at_ms)]
        case SpeechStopped():
            item = answer_item(fact.turn)
            return [wire.SpeechStoppedEvent(item_id=item, audio_end_ms=fact.at_ms)]
        case AudioMissed() | AudioReturned():
            return [wire.VivaNoAudio(turn=fact.turn, missed=isinstance(fact, AudioMissed))]
        case SegmentHeard():
            return [_caption(fact)]
        case SegmentPending():
            return [_gap(fact)]
        case VoiceClaimed():
            return [wire.VivaMine(turn=fact.turn)]
        case AnswerGiven():
            return [_transcription(fact)]
        case AnswerRevised():
            turn, text, reason = fact.turn, fact.text, fact.reason
            return [wire.VivaAnswer(turn=turn, text=text, reason=reason, words=fact.words)]
        case TypingTaken():
            return [wire.VivaTyped(turn=fact.turn, item_id=fact.item)]
        case _:
            return []


def _person(fact: SteppedIn) -> wire.VivaPerson:
    """Not who it was: that is between the people who hire."""
    return wire.VivaPerson(
        turn=fact.turn,
        step_id=fact.step_id,
        step=fact.step,
        text=fact.text,
        about=fact.about,
        minutes=fact.minutes,
    )


def _caption(fact: SegmentHeard) -> wire.VivaCaption:
    return wire.VivaCaption(
        turn=fact.turn,
        segment=fact.segment,
        text=fact.text,
        error=fact.error,
        words=fact.words,
        unclear=fact.unclear,
        background=fact.background,
    )


def _gap(fact: SegmentPending) -> wire.VivaCaption:
    return wire.VivaCaption(
        turn=fact.turn,
        segment=fact.segment,
        text="",
        error=None,
        pending=True,
        background=fact.background,
    )


def _transcription(fact: AnswerGiven) -> wire.TranscriptionCompleted:
    return wire.TranscriptionCompleted(
        item_id=answer_item(fact.turn),
        content_index=0,
        transcript=fact.text,
        usage=usage_of_answer(fact),
    )
