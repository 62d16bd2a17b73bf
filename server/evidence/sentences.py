"""A stored answer as numbered sentences: spans of its words, with times and what is in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.core.events.answer import GAP
from server.doubt import DOUBTED

PAUSE_MS: Final = 1_500
"""Silence between two words that ends a sentence which nobody punctuated."""
FEWEST: Final = 6
LONGEST: Final = 60
"""Words of a sentence: fewer are not parted by a pause, more are parted without one."""
_WORD: Final = re.compile(r"\S+")
_ENDS: Final = re.compile(r"[.?!。？！…][\"'”’)\]]*$")
_ABBREVIATED: Final = re.compile(r"^(?:[A-Za-z]|[A-Za-z]\.[A-Za-z]|\d+)\.$")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word of the text: where it stands, and what the recogniser knows of it. ``clear``: it may
    be quoted and rated."""

    text: str
    start: int
    end: int
    start_ms: int | None = None
    end_ms: int | None = None
    doubted: bool = False
    clear: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """``first`` and ``last``: of the answer's words, as white space parts its text, from 0.
    ``start_ms``, ``end_ms`` on the session's audio clock; None where nothing was heard of it, as of
    what was typed. ``doubted``: words of the answer that may not be what was said. ``clear``: it
    may be quoted and rated."""

    number: int
    answer_id: str
    turn: int
    first: int
    last: int
    text: str
    start_ms: int | None
    end_ms: int | None
    doubted: tuple[int, ...]
    clear: bool


def words_of(text: str, heard: Sequence[Mapping[str, Any]], clear: str) -> list[Spoken]:
    """The words of a stored answer. ``heard``: the recogniser's words, with times; ``clear``: the
    text with a mark for what may not be quoted."""
    spans = heard_at(text, heard)
    quotable = _quotable(text, clear)
    found: list[Spoken] = []
    at = 0
    for place, match in enumerate(_WORD.finditer(text)):
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        within = [one for one in spans[at:] if one[0] < match.end()] if at < len(spans) else []
        times = [(word["start_ms"], word["end_ms"]) for _, _, word in within]
        found.append(
            Spoken(
                match[0],
                match.start(),
                match.end(),
                min((start for start, _ in times), default=None),
                max((end for _, end in times), default=None),
                any((word.get("sure") or 1.0) < DOUBTED for _, _, word in within),
                quotable[place],
            )
        )
    return found


def sentences(
    number: int, answer_id: str, turn: int, text: str, words: Sequence[Spoken]
) -> list[Sentence]:
    """Of one answer, counted on from ``number``."""
    return [
        _sentence(count, answer_id, turn, text, words, first, last)
        for count, (first, last) in enumerate(_spans(words), start=number)
    ]


def _sentence(
    number: int,
    answer_id: str,
    turn: int,
    text: str,
    words: Sequence[Spoken],
    first: int,
    last: int,
) -> Sentence:
    own = words[first : last + 1]
    return Sentence(
        number,
        answer_id,
        turn,
        first,
        last,
        text[own[0].start : own[-1].end],
        min((one.start_ms for one in own if one.start_ms is not None), default=None),
        max((one.end_ms for one in own if one.end_ms is not None), default=None),
        tuple(first + place for place, one in enumerate(own) if one.doubted),
        all(one.clear for one in own),
    )


def _spans(words: Sequence[Spoken]) -> Iterator[tuple[int, int]]:
    """What may not be quoted is a sentence of its own, so that nothing is quoted across it."""
    first = 0
    for place, word in enumerate(words):
        if place + 1 == len(words) or _over(word, words[place + 1], place + 1 - first):
            yield first, place
            first = place + 1


def _over(word: Spoken, following: Spoken, count: int) -> bool:
    if _ENDS.search(word.text) and not _ABBREVIATED.match(word.text):
        return True
    if word.clear != following.clear or count >= LONGEST:
        return True
    if count < FEWEST or word.end_ms is None or following.start_ms is None:
        return False
    return following.start_ms - word.end_ms >= PAUSE_MS


def heard_at(
    text: str, heard: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Where each word of the recogniser stands in the text, in order."""
    found, at = [], 0
    for word in heard:
        wanted = str(word["text"]).strip()
        start = text.find(wanted, at) if wanted else -1
        if start >= 0:
            at = start + len(wanted)
            found.append((start, at, word))
    return found


def _quotable(text: str, clear: str) -> list[bool]:
    """Of each word of the text whether ``clear`` holds it: that is the text, with pieces replaced
    by a mark."""
    words = [match[0] for match in _WORD.finditer(text)]
    if clear == text:
        return [True] * len(words)
    kept, at = [False] * len(words), 0
    for piece in (part.split() for part in clear.split(GAP)):
        if not piece:
            continue
        for start in range(at, len(words) - len(piece) + 1):
            if words[start : start + len(piece)] == piece:
                at = start + len(piece)
                kept[start:at] = [True] * len(piece)
                break
    return kept
