"""The running answer: segments between pauses, until the floor is given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from server.core.events import Language, SegmentHeard, Word
from server.core.lists.completeness import Reading, reading
from server.core.turn.segment import Closed


@dataclass(slots=True)
class Answer:
    """Its segments by number, each None until it is decoded, and where in the audio they are."""

    segments: dict[int, SegmentHeard | None] = field(default_factory=dict)
    bounds: dict[int, tuple[int, int]] = field(default_factory=dict)
    speech_end_ms: int = 0
    decode_ms: int = 0
    final_at: int | None = None
    """When, on the caller's clock, the last of its words came."""

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

    def reads(self, language: Language) -> Reading | None:
        """How its words end; None while some are missing."""
        return None if self.pending else reading(self.text, language)

    def timings(self) -> dict[str, int]:
        """Instants on the session's audio clock, and how long the last decoding took, in ms."""
        timings = {"last_decode_ms": self.decode_ms}
        if self.bounds:
            timings["speech_start_ms"] = min(start for start, _ in self.bounds.values())
            timings["speech_end_ms"] = self.speech_end_ms
        return timings


def absolute(words: Iterable[Word], start_ms: int) -> tuple[Word, ...]:
    """Word times from the start of a segment as times on the session's audio clock."""
    return tuple(
        replace(word, start_ms=word.start_ms + start_ms, end_ms=word.end_ms + start_ms)
        for word in words
    )
