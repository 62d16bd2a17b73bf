"""An answer as it stands: what of it is words, what is sound still, what of it counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from server.core.events.facts import AnswerGiven, SegmentHeard, SegmentPending
from server.core.events.inputs import SegmentTranscribed
from server.core.events.words import Language, Word

GAP = "[…]"
"""Stands where words are missing or unclear, wherever somebody might quote."""
TYPED = "typed"
"""The engine of what was not spoken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Segments in order; of each number one, heard or pending. ``kept``: what was clear of what was
    said before, of which the rest was asked for again. ``claimed``: the quieter voice in it is the
    candidate's."""

    heard: tuple[SegmentHeard, ...] = ()
    pending: tuple[SegmentPending, ...] = ()
    kept: tuple[SegmentHeard, ...] = ()
    claimed: bool = False

    @property
    def background(self) -> tuple[SegmentHeard, ...]:
        """What was said by a voice so quiet that it is taken for another's. Where nothing else was
        said, it is the candidate's."""
        own = any(one.text for one in self.heard if not one.background)
        if self.claimed or not (own or any(not one.background for one in self.pending)):
            return ()
        return tuple(one for one in self.heard if one.background)

    @property
    def counted(self) -> tuple[SegmentHeard, ...]:
        """What was said, in order. What was typed takes the place of what was unclear before it."""
        return (*self.kept, *self._counted)

    @property
    def _counted(self) -> tuple[SegmentHeard, ...]:
        typed = max((one.segment for one in self.heard if one.engine == TYPED), default=0)
        background = self.background
        own = [one for one in self.heard if one not in background]
        return tuple(one for one in own if one.unclear is None or one.segment > typed)

    @property
    def text(self) -> str:
        return _joined(heard.text for heard in self.counted)

    @property
    def clear(self) -> str:
        """What may be made something of."""
        return _joined(one.text for one in self.counted if one.unclear is None)

    @property
    def marked(self) -> str:
        """The text with a mark where words are missing or unclear, so that nothing of these, and
        nothing across them, is quoted."""
        waiting = [one for one in self.pending if self.claimed or not one.background]
        both: Sequence[SegmentHeard | SegmentPending] = (*self._counted, *waiting)
        own = sorted(both, key=lambda one: one.segment)
        told = [_quotable(one) for one in (*self.kept, *own)]
        gaps = pairwise(["", *filter(None, told)])
        return _joined(part for before, part in gaps if part != GAP or before != GAP)

    def quotable(self, text: str) -> str:
        """``text``, where it is this answer's with a mark for what is missing or unclear."""
        return self.marked if text in (self.text, self.clear) else text

    @property
    def garbled(self) -> bool:
        """Nothing may be made of most of it, by length."""
        said = [(len(one.text), one.unclear is not None) for one in self.counted if one.text]
        return 2 * sum(length for length, lost in said if lost) > sum(length for length, _ in said)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for heard in self.counted for word in heard.words)

    @property
    def engine(self) -> str:
        """The engines that heard it, in order, each once."""
        return ", ".join(dict.fromkeys(heard.engine for heard in self.heard)) or "none"

    @property
    def said(self) -> bool:
        """Something was, since it was asked."""
        return any(one.text for one in self.heard)

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

    def add(self, one: SegmentHeard | SegmentPending) -> Answer:
        """Words take the place of sound, and sound that of nothing."""
        if isinstance(one, SegmentHeard):
            heard = sorted((*self.without(one.segment).heard, one), key=lambda one: one.segment)
            waiting = tuple(other for other in self.pending if other.segment != one.segment)
            return replace(self, heard=tuple(heard), pending=waiting)
        if any(other.segment == one.segment for other in self.segments):
            return self
        return replace(self, pending=(*self.pending, one))

    def given(
        self, turn: int, question_id: str, answer_id: str, language: Language, goes_on_in: Language
    ) -> AnswerGiven:
        clear, read = self.clear_of(self.text), (self.text, self.words, self.engine)
        return AnswerGiven(turn, question_id, answer_id, *read, language, goes_on_in, clear=clear)

    def clear_of(self, text: str) -> str | None:
        """Where it reads so: what of it may be quoted and rated. None: all of it."""
        return None if text != self.text or self.marked == text else self.marked

    def claim(self) -> Answer:
        return replace(self, claimed=True)

    def without(self, segment: int) -> Answer:
        return replace(self, heard=tuple(one for one in self.heard if one.segment != segment))

    def again(self) -> Answer:
        """What is left of it where the rest is asked for again: nothing, where all of it was heard
        well and meant nothing."""
        if not any(one.unclear for one in self._counted):
            return Answer(kept=self.kept)
        return Answer(kept=tuple(one for one in self.counted if one.text and not one.unclear))


def heard_in(
    event: SegmentTranscribed,
    bounds: tuple[int, int],
    error: str | None = None,
    *,
    background: bool = False,
) -> SegmentHeard:
    """The words of a segment, and where in the audio they are."""
    return SegmentHeard(
        event.turn,
        event.segment,
        *bounds,
        event.text.strip(),
        event.words,
        event.engine,
        error,
        event.sure,
        event.sounds_like,
        event.unclear if event.text.strip() else None,
        background,
    )


def _quotable(one: SegmentHeard | SegmentPending) -> str:
    if isinstance(one, SegmentPending) or one.unclear is not None:
        return GAP
    return one.text


def _joined(parts: Iterable[str]) -> str:
    return " ".join(filter(None, parts))


def says(marked: str) -> bool:
    """Whether anything in it may be made something of."""
    return bool(marked.replace(GAP, "").strip())


@dataclass(frozen=True, slots=True)
class Past:
    """A turn that is over. ``given``: the answer as it reads now, where there was one; ``place``:
    which exchange of the history it is. ``no_answer``: what was said was something else."""

    question_id: str
    answer: Answer
    given: AnswerGiven | None = None
    place: int | None = None
    no_answer: bool = False
