"""What is shown of speech that is still going on: when it is asked for, and which words of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from server.core.events import Language, Word
from server.core.events.answer import Answer
from server.core.turn.listening import CONTEXT_CHARS

FIRST_MS, EVERY_MS = 400, 400
"""So much speech there must be for the first of a segment, and so much more for each after it."""
QUICK_MS, SHARE = 600, 3
"""One that takes longer would be in the way of final words: none is asked for at a pause then, and
what it took beyond that counts so many times until the next."""
LATE_MS = 1_500
"""Final words that take longer have to wait for others: no time for captions."""
LEAST_SPARED_MS, LONGEST_SPARED_MS = 1_000, 16_000
MARGIN_MS = 1_000
"""Settled words that end so long before the first that is not need not be heard again."""
PHRASE = 4
"""Words of a phrase that, said twice on end, is taken for a recogniser's running in circles."""
LEAD_MS = 100
"""Heard before the first word that is: the time of a word is not known better."""


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
    """Decode the segment that is still open, for a caption; comes back as ``Partial``. ``known``:
    its settled words before ``start_ms``, which are not in the sound; ``begun``: those after it,
    which need not be found again."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int
    context: str
    language: Language
    begun: str = ""
    known: str = ""

    def whole(self, text: str) -> str:
        """All words of the segment, where those of the sound are these."""
        return f"{self.known} {text}" if self.known else text


@dataclass(frozen=True, slots=True)
class Partial:
    """What the open segment sounds like up to ``end_ms``; a later one may say it differently.
    ``text``: from its beginning; None where the recogniser had no time for it. ``whole``: else it
    is still at work, and more will come. ``words``: the last of the text, where times are known."""

    turn: int
    segment: int
    end_ms: int
    text: str | None
    whole: bool = True
    words: tuple[Word, ...] = ()


class Shown(NamedTuple):
    """What is shown of the open segment from now on. ``settled``: to be appended, and it stands.
    ``tentative``: after it, in place of what was tentative before; the next may change it."""

    settled: str
    tentative: str


class Captions:
    """Of one session, on its audio clock. Never two are asked for at once, and the next as soon as
    one has come, where it was quick: the recogniser shares itself out. They end while final words
    are late."""

    def __init__(self) -> None:
        self._caption = Caption()
        self._shown: tuple[int, int, int] | None = None
        self._due_ms = self._every_ms = self._spare_until_ms = self._now_ms = 0
        self._asking = self._slow = self._paused = False

    def rest(self, now_ms: int, *, talking: bool) -> bool:
        """Asked at every frame: none is due, whatever is being said. ``talking``: in this frame."""
        self._now_ms = now_ms
        self._paused = self._paused and not talking
        waits = self._asking or now_ms < self._spare_until_ms
        return waits or (talking and now_ms < self._due_ms)

    def due(self, talk: Talk | None, now_ms: int, language: Language) -> Preview | None:
        """Asked at every frame at which they do not rest."""
        self._now_ms = now_ms
        if talk is None:
            return None
        if (shown := (talk.turn, talk.segment, talk.onset_ms)) != self._shown:
            self._shown, self._caption = shown, Caption()
            self._due_ms = talk.onset_ms + FIRST_MS
        # Of a pause one is enough, and none where it would stand in the way of the final words.
        late = talk.paused and (self._slow or self._paused)
        if late or self.rest(now_ms, talking=not talk.paused):
            return None
        self._due_ms, self._asking, self._paused = now_ms + EVERY_MS, True, talk.paused
        known, begun, from_ms = self._caption.parted
        piece = talk.turn, talk.segment, max(talk.start_ms, from_ms), now_ms
        context = f"{talk.context} {known}"[-CONTEXT_CHARS:] if known else talk.context
        return Preview(*piece, context, language, begun, known)

    def came(self, partial: Partial, *, awaited: bool) -> Shown | None:
        """None where nothing new is to be shown. ``awaited``: no final words of it have come."""
        if partial.whole:
            self._asking = False
            self._pace(None if partial.text is None else self._now_ms - partial.end_ms)
        of_shown = self._shown is not None and (partial.turn, partial.segment) == self._shown[:2]
        if partial.text is None or not (of_shown and awaited):
            return None
        before = self._caption.tentative
        settled = self._caption.hear(partial.text, whole=partial.whole)
        if partial.whole:
            self._caption.part(partial.text, partial.words)
        tentative = self._caption.tentative
        return Shown(settled, tentative) if settled or tentative != before else None

    def final(self, took_ms: int) -> None:
        """Final words came, so long after they were asked for."""
        if took_ms > LATE_MS:
            self._pace(None)

    def _pace(self, took_ms: int | None) -> None:
        """When the next may be asked for, by how long one took; None where there was no time for
        it, or final words were late: then half as often as before."""
        self._slow = took_ms is None or took_ms > QUICK_MS
        if took_ms is None:
            self._every_ms = min(2 * max(self._every_ms, LEAST_SPARED_MS), LONGEST_SPARED_MS)
        else:
            self._every_ms = (SHARE - 1) * max(0, took_ms - QUICK_MS)
        self._spare_until_ms = self._now_ms + self._every_ms


class Caption:
    """One open segment. LocalAgreement-2 (Liu, Spanakis & Niehues 2020; Macháček et al. 2023):
    what two hypotheses in a row begin with is settled, and of the newest its last word is not,
    because its sound may not be complete. In Korean that word is a whole eojeol, so no syllable
    settles before the particle or ending that it may still get. The rest is tentative."""

    def __init__(self) -> None:
        self._settled: list[str] = []
        self._last: list[str] = []
        self._tentative: list[str] = []
        self._known = self._from_ms = 0

    @property
    def parted(self) -> tuple[str, str, int]:
        """What was shown and stands: the words that need not be heard again, and the others, with
        the instant from which these can be heard."""
        known, begun = self._settled[: self._known], self._settled[self._known :]
        return " ".join(known), " ".join(begun), self._from_ms

    @property
    def tentative(self) -> str:
        """What the newest hypothesis says after what is settled; it may say it differently next."""
        return " ".join(self._tentative)

    def hear(self, hypothesis: str, *, whole: bool = True) -> str:
        """The text to append to what was shown before; empty when nothing new is settled. One that
        is not ``whole`` yet can agree with the one before it; the next is not compared with it."""
        words = _straight(hypothesis.split(), len(self._settled))
        if len(words) <= len(self._settled):
            return ""  # nothing that could be made out
        agreed = _common(self._last, words)
        if whole:
            self._last = words
        known = len(self._settled)
        fresh = words[known : min(agreed, len(words) - 1)]
        lead = " " if self._settled and fresh else ""
        self._settled += fresh
        rest = words[len(self._settled) :]
        # One that is still being written says less at first than is known, and ends in half a word.
        self._tentative = self._tentative[len(fresh) :]
        if whole or len(rest) - 1 > len(self._tentative):
            self._tentative = rest if whole else rest[:-1]
        return lead + " ".join(fresh)

    def part(self, hypothesis: str, words: Sequence[Word]) -> None:
        """By the newest, which is heard already, and its last ``words``. One that does not go on
        from what is settled may have missed what was left out: all of it is heard again."""
        said, settled = hypothesis.split(), len(self._settled)
        if len(said) <= settled or _common(self._settled, said) < settled:
            self._known = self._from_ms = 0
            return
        starts = _starts(said, words)
        latest_ms = starts.get(settled, 0) - MARGIN_MS
        for at in range(settled, self._known, -1):
            if starts.get(at, latest_ms + 1) <= latest_ms:
                self._known, self._from_ms = at, starts[at] - LEAD_MS
                return


def _straight(words: list[str], known: int) -> list[str]:
    """Up to where a phrase is said again, behind the first ``known``: should it be what was said,
    the final words will have it."""
    for at in range(max(known, PHRASE), len(words) - PHRASE + 1):
        for length in range(PHRASE, min(at, len(words) - at) + 1):
            again = words[at] == words[at - length]
            if again and words[at : at + length] == words[at - length : at]:
                return words[:at]
    return words


def _starts(said: Sequence[str], words: Sequence[Word]) -> dict[int, int]:
    """When the last of ``said`` began, each by its place; ``words`` may be parts of them."""
    starts: dict[int, int] = {}
    at, rest = len(said) - 1, ""
    for word in reversed(words):
        rest = word.text + rest
        if at < 0 or not said[at].endswith(rest):
            break
        if said[at] == rest:
            starts[at] = word.start_ms
            at, rest = at - 1, ""
    return starts


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with, whatever their case and the punctuation after them."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right and _bare(left) != _bare(right):
            break
        count += 1
    return count


def _bare(word: str) -> str:
    return word.strip(".,!?…\"'“”‘’").casefold()
