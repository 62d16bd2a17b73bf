"""Facts and voice as events: the plain OpenAI Realtime dialect, and ours on top of it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from server.core.events import (
    AnswerGiven,
    Fact,
    FloorPassed,
    InterviewEnded,
    QuestionAsked,
    SegmentHeard,
    SpeechStarted,
    SpeechStopped,
)
from server.ports import VOICE_RATE
from server.realtime import wire

SAMPLE_BYTES = 2


class Dialect(Protocol):
    """What one connection is sent. Text frames are events, binary frames are voice."""

    marks: bool
    """Whether the client reports what it has played."""

    def greeting(self, session: Mapping[str, Any], turn: int) -> Iterator[str | bytes]: ...

    def recall(self, facts: Sequence[Fact]) -> Iterator[str | bytes]:
        """What was told before this connection came."""

    def fact(self, fact: Fact) -> Iterator[str | bytes]: ...

    def voice(self, turn: int, offset: int, pcm: bytes) -> Iterator[str | bytes]: ...

    def voice_done(self, turn: int, samples: int) -> Iterator[str | bytes]: ...

    def hush(self, turn: int) -> Iterator[str | bytes]: ...


def _answer_item(turn: int) -> str:
    return f"item_answer_{turn}"


def _question_item(turn: int) -> str:
    return f"item_question_{turn}"


class VivaDialect:
    """Binary voice, and the ``viva.*`` events beside those of OpenAI that our pages use."""

    marks = True

    def greeting(self, session: Mapping[str, Any], turn: int) -> Iterator[str | bytes]:
        realtime = {"type": "realtime", "id": session["interview_id"], "object": "realtime.session"}
        yield wire.encode(wire.SessionCreated(session=realtime))
        yield wire.encode(wire.VivaSession(**session, turn=turn))

    def recall(self, facts: Sequence[Fact]) -> Iterator[str | bytes]:
        for fact in facts:
            if isinstance(fact, QuestionAsked | SegmentHeard | AnswerGiven):
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
                        text=fact.text,
                        source=fact.source,
                        kind=fact.kind,
                        model=fact.model,
                        reason=fact.reason,
                    )
                ]
            case SpeechStarted():
                item = _answer_item(fact.turn)
                return [wire.SpeechStartedEvent(item_id=item, audio_start_ms=fact.at_ms)]
            case SpeechStopped():
                item = _answer_item(fact.turn)
                return [wire.SpeechStoppedEvent(item_id=item, audio_end_ms=fact.at_ms)]
            case SegmentHeard():
                return [_caption(fact)]
            case AnswerGiven():
                return [_transcription(fact)]
            case InterviewEnded():
                return [wire.VivaEnded(reason=fact.reason)]
            case _:
                return []

    def voice(self, turn: int, offset: int, pcm: bytes) -> Iterator[str | bytes]:
        yield wire.AUDIO_HEADER.pack(turn, offset) + pcm

    def voice_done(self, turn: int, samples: int) -> Iterator[str | bytes]:
        duration_ms = samples * 1_000 // VOICE_RATE
        yield wire.encode(wire.VivaVoiceDone(turn=turn, duration_ms=duration_ms))

    def hush(self, turn: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.VivaHush(turn=turn))


class RealtimeDialect:
    """OpenAI Realtime (GA) events only, in the order that stock clients rely on."""

    marks = False

    def __init__(self) -> None:
        self._question: QuestionAsked | None = None
        self._open_response: int | None = None
        self._last_item: str | None = None
        self._speech_turn: int | None = None
        self._speech_end_ms = 0

    def greeting(self, session: Mapping[str, Any], turn: int) -> Iterator[str | bytes]:
        yield wire.encode(wire.SessionCreated(session=session_object(session)))

    def recall(self, facts: Sequence[Fact]) -> Iterator[str | bytes]:
        """A stock client keeps its own conversation; only the running question matters."""
        asked = [fact for fact in facts if isinstance(fact, QuestionAsked)]
        self._question = asked[-1] if asked else None
        yield from ()

    def fact(self, fact: Fact) -> Iterator[str | bytes]:
        for event in self._events(fact):
            yield wire.encode(event)

    def _events(self, fact: Fact) -> Iterator[wire.ServerEvent]:
        match fact:
            case QuestionAsked():
                self._question = fact
            case SpeechStarted() if self._speech_turn != fact.turn:
                self._speech_turn = fact.turn
                item = _answer_item(fact.turn)
                yield wire.SpeechStartedEvent(item_id=item, audio_start_ms=fact.at_ms)
            case SpeechStopped():
                self._speech_end_ms = fact.at_ms
            case AnswerGiven():
                yield from self._answer(fact)
            case _:
                return

    def _answer(self, fact: AnswerGiven) -> Iterator[wire.ServerEvent]:
        item_id = _answer_item(fact.turn)
        if self._speech_turn == fact.turn:
            yield wire.SpeechStoppedEvent(item_id=item_id, audio_end_ms=self._speech_end_ms)
            yield wire.Committed(item_id=item_id, previous_item_id=self._last_item)
        part = {"type": "input_audio", "transcript": fact.text}
        item = _message(item_id, "user", "completed", [part])
        yield wire.ItemAdded(item=item, previous_item_id=self._last_item)
        yield wire.ItemDone(item=item, previous_item_id=self._last_item)
        yield _transcription(fact)
        self._last_item = item_id

    def voice(self, turn: int, offset: int, pcm: bytes) -> Iterator[str | bytes]:
        if self._open_response != turn:
            self._open_response = turn
            for event in self._begin(turn):
                yield wire.encode(event)
        delta = base64.b64encode(pcm).decode()
        yield wire.encode(wire.AudioDelta(**self._place(turn), delta=delta))

    def voice_done(self, turn: int, samples: int) -> Iterator[str | bytes]:
        if self._open_response != turn:
            self._open_response = turn
            for event in self._begin(turn):
                yield wire.encode(event)
        yield from self._finish(turn, "completed")

    def hush(self, turn: int) -> Iterator[str | bytes]:
        if self._open_response == turn:
            yield from self._finish(turn, "cancelled")

    def _place(self, turn: int) -> dict[str, Any]:
        return {"response_id": f"resp_{turn}", "item_id": _question_item(turn)}

    def _begin(self, turn: int) -> Iterator[wire.ServerEvent]:
        item_id = _question_item(turn)
        item = _message(item_id, "assistant", "in_progress", [])
        yield wire.ResponseCreated(response=_response(turn, "in_progress", []))
        yield wire.OutputItemAdded(response_id=f"resp_{turn}", output_index=0, item=item)
        yield wire.ItemAdded(item=item, previous_item_id=self._last_item)
        part = {"type": "audio", "transcript": ""}
        yield wire.PartAdded(**self._place(turn), part=part)
        yield wire.TranscriptDelta(**self._place(turn), delta=self._text())

    def _finish(self, turn: int, status: str) -> Iterator[str | bytes]:
        self._open_response = None
        for event in self._end(turn, status):
            yield wire.encode(event)

    def _end(self, turn: int, status: str) -> Iterator[wire.ServerEvent]:
        place, text = self._place(turn), self._text()
        done = "completed" if status == "completed" else "incomplete"
        part = {"type": "output_audio", "transcript": text}
        item = _message(_question_item(turn), "assistant", done, [part])
        yield wire.AudioDone(**place)
        yield wire.TranscriptDone(**place, transcript=text)
        yield wire.PartDone(**place, part={"type": "audio", "transcript": text})
        yield wire.OutputItemDone(response_id=f"resp_{turn}", output_index=0, item=item)
        yield wire.ItemDone(item=item, previous_item_id=self._last_item)
        yield wire.ResponseDone(response=_response(turn, status, [item]))
        self._last_item = _question_item(turn)

    def _text(self) -> str:
        return self._question.text if self._question else ""


def session_object(session: Mapping[str, Any]) -> dict[str, Any]:
    """The GA session: what the interview has fixed, in OpenAI's words."""
    pcm = {"type": "audio/pcm", "rate": VOICE_RATE}
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": f"sess_{session['interview_id']}",
        "model": "viva",
        "output_modalities": ["audio"],
        "audio": {
            "input": {"format": pcm, "turn_detection": {"type": "server_vad"}},
            "output": {"format": pcm, "voice": "alloy"},
        },
    }


def _caption(fact: SegmentHeard) -> wire.VivaCaption:
    return wire.VivaCaption(turn=fact.turn, segment=fact.segment, text=fact.text, error=fact.error)


def _transcription(fact: AnswerGiven) -> wire.TranscriptionCompleted:
    start, end = fact.timings.get("speech_start_ms", 0), fact.timings.get("speech_end_ms", 0)
    return wire.TranscriptionCompleted(
        item_id=_answer_item(fact.turn),
        content_index=0,
        transcript=fact.text,
        usage={"type": "duration", "seconds": max(0, end - start) / 1_000},
    )


def _message(item_id: str, role: str, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "role": role,
        "status": status,
        "content": content,
    }


def _response(turn: int, status: str, output: list[dict[str, Any]]) -> dict[str, Any]:
    details = {"type": "cancelled", "reason": "turn_detected"} if status == "cancelled" else None
    tokens = {"text_tokens": 0, "audio_tokens": 0, "cached_tokens": 0}
    usage = {
        "total_tokens": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "input_token_details": tokens,
        "output_token_details": {"text_tokens": 0, "audio_tokens": 0},
    }
    return {
        "id": f"resp_{turn}",
        "object": "realtime.response",
        "status": status,
        "status_details": details,
        "output": output,
        "usage": usage,
    }
