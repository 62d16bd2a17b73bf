"""What is known of one answer: its segments, and the sound between them that is not words yet."""

from __future__ import annotations

from dataclasses import dataclass

from server.core.events import SegmentHeard, SegmentPending, Word

GAP = "[…]"
"""Stands where words are missing, wherever somebody might quote."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Segments in order; of each number one, heard or pending."""

    heard: tuple[SegmentHeard, ...] = ()
    pending: tuple[SegmentPending, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(heard.text for heard in self.heard if heard.text)

    @property
    def marked(self) -> str:
        """The text with a mark where words are missing, so that nothing is quoted across it."""
        if not self.pending:
            return self.text
        told = [one.text if isinstance(one, SegmentHeard) else GAP for one in self.segments]
        return " ".join(filter(None, told))

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for heard in self.heard for word in heard.words)

    @property
    def engine(self) -> str:
        """The engines that heard it, in order, each once."""
        return ", ".join(dict.fromkeys(heard.engine for heard in self.heard)) or "none"

    @property
    def unread(self) -> bool:
        """Some of it no engine could read."""
        return bool(self.pending) or any(heard.error for heard in self.heard)

    @property
    def ends_open(self) -> bool:
        """How it ends is not known: its last words are missing."""
        return any(one.segment == self.last_segment for one in self.pending)

    @property
    def segments(self) -> tuple[SegmentHeard | SegmentPending, ...]:
        """Heard and pending, in order."""
        return tuple(sorted((*self.heard, *self.pending), key=lambda one: one.segment))

    @property
    def last_segment(self) -> int:
        return self.segments[-1].segment if self.segments else 0

    def add(self, heard: SegmentHeard) -> Answer:
        others = (one for one in self.heard if one.segment != heard.segment)
        segments = tuple(sorted((*others, heard), key=lambda one: one.segment))
        waiting = tuple(one for one in self.pending if one.segment != heard.segment)
        return Answer(segments, waiting)

    def wait(self, pending: SegmentPending) -> Answer:
        """For its words, unless they are there."""
        if any(one.segment == pending.segment for one in self.segments):
            return self
        return Answer(self.heard, (*self.pending, pending))


@dataclass(frozen=True, slots=True)
class Past:
    """A turn that is over. ``answer_id``, and how the answer reads, where one was given;
    ``place``: which exchange of the history it is. ``no_answer``: what was said was something
    else."""

    question_id: str
    answer: Answer
    answer_id: str | None = None
    text: str = ""
    words: tuple[Word, ...] = ()
    engine: str = "none"
    place: int | None = None
    no_answer: bool = False
