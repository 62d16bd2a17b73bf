"""The running answer: segments between pauses, until the floor is given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from server.core.events import SegmentHeard, Word
from server.core.segment import Closed


@dataclass(slots=True)
class Answer:
    """Its segments by number, each None until it is decoded, and where in the audio they are."""

    segments: dict[int, SegmentHeard | None] = field(default_factory=dict)
    bounds: dict[int, tuple[int, int]] = field(default_factory=dict)
    speech_end_ms: int = 0
    ended_at_ms: int | None = None
    decode_ms: int = 0

    @property
    def pending(self) -> bool:
        return any(heard is None for heard in self.segments.values())

    @property
    def heard(self) -> list[SegmentHeard]:
        return [heard for _, heard in sorted(self.segments.items()) if heard is not None]

    @property
    def text(self) -> str:
        return " ".join(heard.text for heard in self.heard if heard.text)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for heard in self.heard for word in heard.words)

    @property
    def engine(self) -> str:
        """The engines that heard it, in order, each once."""
        return ", ".join(dict.fromkeys(heard.engine for heard in self.heard)) or "none"

    @property
    def errors(self) -> list[str]:
        return [heard.error for heard in self.heard if heard.error]

    def await_words(self, closed: Closed) -> None:
        """A segment has ended; its words are to come."""
        self.segments[closed.segment] = None
        self.bounds[closed.segment] = (closed.start_ms, closed.end_ms)
        self.speech_end_ms = closed.speech_end_ms

    def add(self, heard: SegmentHeard) -> None:
        self.segments[heard.segment] = heard
        self.bounds[heard.segment] = (heard.start_ms, heard.end_ms)

    def timings(self, now_ms: int | None, composing_since_ms: int | None) -> dict[str, int]:
        """Milliseconds by name, for the answer's row; ``now_ms`` is when the next question is."""
        timings = {"last_decode_ms": self.decode_ms}
        if self.ended_at_ms is not None and now_ms is not None:
            timings["decided_to_question_ms"] = now_ms - self.ended_at_ms
        if self.bounds:
            timings["speech_start_ms"] = min(start for start, _ in self.bounds.values())
            timings["speech_end_ms"] = self.speech_end_ms
        if composing_since_ms is not None and now_ms is not None:
            timings["compose_ms"] = now_ms - composing_since_ms
        return timings


def absolute(words: Iterable[Word], start_ms: int) -> tuple[Word, ...]:
    """Word times from the start of a segment as times on the session's audio clock."""
    return tuple(
        replace(word, start_ms=word.start_ms + start_ms, end_ms=word.end_ms + start_ms)
        for word in words
    )
