"""What is shown of speech that is still going on: when it is asked for, and which words of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from server.core.events import Language
from server.core.events.answer import Answer
from server.core.turn.listening import CONTEXT_CHARS

EVERY_MS = 1_000
SHARE = 3
"""A caption is asked for when so many times as long has passed as the last one took."""
LATE_MS = 1_500
"""Final words that take longer have to wait for others: no time for captions."""
LEAST_SPARED_MS, LONGEST_SPARED_MS = 1_000, 16_000


class Talk(NamedTuple):
    """A segment of the running answer that is open. ``start_ms``: with its pre-roll. ``paused``:
    nothing is said in this very frame. ``answer``: what was said before it."""

    turn: int
    segment: int
    onset_ms: int
    start_ms: int
    paused: bool
    answer: Answer

    @property
    def context(self) -> str:
        """The words before it: joined when they are asked for, not at every frame."""
        return self.answer.clear[-CONTEXT_CHARS:]


@dataclass(frozen=True, slots=True)
class Preview:
    """Decode the segment that is still open, for a caption; comes back as ``Partial``."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int
    context: str
    language: Language


@dataclass(frozen=True, slots=True)
class Partial:
    """What the open segment sounds like up to ``end_ms``; a later one may say it differently.
    ``text``: None where the recogniser had no time for it. ``whole``: else it is still at work, and
    more will come."""

    turn: int
    segment: int
    end_ms: int
    text: str | None
    whole: bool = True


class Captions:
    """Of one session, on its audio clock. They take no more than a share of the recogniser's time,
    never two at once, and end while final words are late."""

    def __init__(self) -> None:
        self._caption = Caption()
        self._shown: tuple[int, int, int] | None = None
        self._asked_ms = self._every_ms = self._spare_until_ms = self._now_ms = 0
        self._asking = False

    def rest(self, now_ms: int) -> bool:
        """Asked at every frame: none is due, whatever is being said."""
        self._now_ms = now_ms
        early = now_ms - self._asked_ms < EVERY_MS or now_ms < self._spare_until_ms
        return self._asking or early

    def due(self, talk: Talk | None, now_ms: int, language: Language) -> Preview | None:
        """Asked at every frame at which they do not rest."""
        self._now_ms = now_ms
        if talk is None:
            return None
        if (shown := (talk.turn, talk.segment, talk.onset_ms)) != self._shown:
            self._shown, self._caption, self._asked_ms = shown, Caption(), talk.onset_ms
        if talk.paused:
            return None  # it would only stand in the way of the final words
        if self.rest(now_ms):
            return None
        self._asked_ms, self._asking = now_ms, True
        piece = talk.turn, talk.segment, talk.start_ms, now_ms
        return Preview(*piece, talk.context, language)

    def came(self, partial: Partial, talk: Talk | None) -> str:
        """What to append to the caption."""
        if partial.whole:
            self._asking = False
            self._pace(None if partial.text is None else self._now_ms - partial.end_ms)
        open_now = talk is not None and (partial.turn, partial.segment) == (talk.turn, talk.segment)
        if partial.text is None or not open_now:
            return ""
        return self._caption.hear(partial.text, whole=partial.whole)

    def final(self, took_ms: int) -> None:
        """Final words came, so long after they were asked for."""
        if took_ms > LATE_MS:
            self._pace(None)

    def _pace(self, took_ms: int | None) -> None:
        """When the next caption may be asked for, by how long one took; None where there was no
        time for it, or final words were late: then half as often as before."""
        if took_ms is None:
            self._every_ms = min(2 * max(self._every_ms, LEAST_SPARED_MS), LONGEST_SPARED_MS)
        else:
            self._every_ms = (SHARE - 1) * took_ms
        self._spare_until_ms = self._now_ms + self._every_ms


class Caption:
    """One open segment. LocalAgreement-2 (Liu, Spanakis & Niehues 2020; Macháček et al. 2023):
    what two hypotheses in a row begin with is settled, and of the newest its last word is not,
    because its sound may not be complete. In Korean that word is a whole eojeol, so no syllable
    is shown before the particle or ending that it may still get."""

    def __init__(self) -> None:
        self._settled: list[str] = []
        self._last: list[str] = []

    def hear(self, hypothesis: str, *, whole: bool = True) -> str:
        """The text to append to what was shown before; empty when nothing new is settled. One that
        is not ``whole`` yet can agree with the one before it; the next is not compared with it."""
        words = hypothesis.split()
        agreed = _common(self._last, words)
        if whole:
            self._last = words
        count = min(agreed, len(words) - 1)
        if count <= len(self._settled):
            return ""
        fresh = words[len(self._settled) : count]
        lead = " " if self._settled else ""
        self._settled += fresh
        return lead + " ".join(fresh)


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with, whatever their case and the punctuation after them."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if _bare(left) != _bare(right):
            break
        count += 1
    return count


def _bare(word: str) -> str:
    return word.strip(".,!?…\"'“”‘’").casefold()
