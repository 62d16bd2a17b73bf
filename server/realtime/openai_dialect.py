"""The OpenAI Realtime (GA) dialect: its events only, in the order that stock clients rely on."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.core.events import AnswerGiven, Fact, QuestionAsked, SpeechStarted, SpeechStopped
from server.ports import VOICE_RATE
from server.realtime import wire
from server.realtime.dialects import answer_item, question_item, transcription


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
                item = answer_item(fact.turn)
                yield wire.SpeechStartedEvent(item_id=item, audio_start_ms=fact.at_ms)
            case SpeechStopped():
                self._speech_end_ms = fact.at_ms
            case AnswerGiven():
                yield from self._answer(fact)
            case _:
                return

    def _answer(self, fact: AnswerGiven) -> Iterator[wire.ServerEvent]:
        item_id = answer_item(fact.turn)
        if self._speech_turn == fact.turn:
            yield wire.SpeechStoppedEvent(item_id=item_id, audio_end_ms=self._speech_end_ms)
            yield wire.Committed(item_id=item_id, previous_item_id=self._last_item)
        part = {"type": "input_audio", "transcript": fact.text}
        item = _message(item_id, "user", "completed", [part])
        yield wire.ItemAdded(item=item, previous_item_id=self._last_item)
        yield wire.ItemDone(item=item, previous_item_id=self._last_item)
        yield transcription(fact)
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

    def partial(self, turn: int, segment: int, text: str) -> Iterator[str | bytes]:
        yield from ()

    def hold(self, turn: int) -> Iterator[str | bytes]:
        yield from ()

    def release(self, turn: int) -> Iterator[str | bytes]:
        yield from ()

    def _place(self, turn: int) -> dict[str, Any]:
        return {"response_id": f"resp_{turn}", "item_id": question_item(turn)}

    def _begin(self, turn: int) -> Iterator[wire.ServerEvent]:
        item_id = question_item(turn)
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
        item = _message(question_item(turn), "assistant", done, [part])
        yield wire.AudioDone(**place)
        yield wire.TranscriptDone(**place, transcript=text)
        yield wire.PartDone(**place, part={"type": "audio", "transcript": text})
        yield wire.OutputItemDone(response_id=f"resp_{turn}", output_index=0, item=item)
        yield wire.ItemDone(item=item, previous_item_id=self._last_item)
        yield wire.ResponseDone(response=_response(turn, status, [item]))
        self._last_item = question_item(turn)

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
