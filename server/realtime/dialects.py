"""What one connection is sent: the Protocol of a dialect, and what every dialect says alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from server.core.events import AnswerGiven, Fact
from server.realtime.progress import Progress

SAMPLE_BYTES = 2


class Dialect(Protocol):
    """What one connection is sent. Text frames are events, binary frames are voice."""

    marks: bool
    """Whether the client reports what it has played."""

    speaks: bool
    """Whether the client says the questions by a voice of its own."""

    def greeting(self, session: Mapping[str, Any], turn: int) -> Iterator[str | bytes]: ...

    def recall(self, facts: Sequence[Fact]) -> Iterator[str | bytes]:
        """What was told before this connection came."""

    def fact(self, fact: Fact) -> Iterator[str | bytes]: ...

    def voice(self, turn: int, offset: int, pcm: bytes) -> Iterator[str | bytes]: ...

    def voice_done(self, turn: int, samples: int) -> Iterator[str | bytes]: ...

    def speak(self, turn: int, text: str, language: str, rate: float) -> Iterator[str | bytes]:
        """To a client that ``speaks``: say this."""

    def partial(
        self, turn: int, segment: int, text: str, tentative: str = ""
    ) -> Iterator[str | bytes]:
        """More words of the open segment; what was sent of it before stands. ``tentative``: what
        may come after them; the next takes its place."""

    def stored(self, audio_ms: int) -> Iterator[str | bytes]:
        """Sound up to here on the audio clock is durable: the client need not keep it."""

    def company(self, people: int, listening: int) -> Iterator[str | bytes]:
        """So many follow the interview, and so many of them hear its sound."""

    def progress(self, progress: Progress) -> Iterator[str | bytes]:
        """How far the interview has come."""

    def typing_taken(self, turn: int, item: str) -> Iterator[str | bytes]:
        """What the client typed under this id is part of this turn's answer, and stored."""

    def hold(self, turn: int, at_ms: int) -> Iterator[str | bytes]:
        """``at_ms``: since when, on the audio clock, somebody may be talking."""

    def release(self, turn: int) -> Iterator[str | bytes]: ...

    def hush(self, turn: int) -> Iterator[str | bytes]: ...

    def led(self, turn: int, offset: int, pcm: bytes, *, begins: bool) -> Iterator[str | bytes]:
        """The voice of a person who leads."""

    def led_partial(
        self, turn: int, step_id: str, text: str, tentative: str, *, over: bool = False
    ) -> Iterator[str | bytes]:
        """As ``partial``, of what a person says who leads; the step of this id takes its place.
        ``over``: it was no words."""

    def led_done(self, turn: int, text: str) -> Iterator[str | bytes]:
        """They pause; these were their words."""


def answer_item(turn: int) -> str:
    return f"item_answer_{turn}"


def question_item(turn: int) -> str:
    return f"item_question_{turn}"


def usage_of_answer(fact: AnswerGiven) -> dict[str, Any]:
    start, end = fact.timings.get("speech_start_ms", 0), fact.timings.get("speech_end_ms", 0)
    return {"type": "duration", "seconds": max(0, end - start) / 1_000}
