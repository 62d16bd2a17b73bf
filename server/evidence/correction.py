"""A line of an answer that a person has put right: its text, the times of its words, what may be
quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.core.events import Word
from server.core.events.answer import GAP
from server.evidence.sentences import Spoken, heard_at, words_of

SURE: Final = 1.0
"""A person has heard it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``words`` with times, as far as anything was heard; ``clear`` None: all may be quoted."""

    text: str
    words: tuple[Word, ...]
    clear: str | None


def corrected(
    text: str,
    heard: Sequence[Mapping[str, Any]],
    clear: str,
    first: int,
    last: int,
    said: str,
) -> Reading:
    """Words ``first`` to ``last`` of the answer are ``said`` to be others. These are as far apart
    in time as they are long, from where the old ones began to where they ended."""
    spoken = words_of(text, heard, clear)
    start, end = spoken[first].start, spoken[last].end
    told = said.split()
    placed = heard_at(text, heard)
    before = [word for at, _, word in placed if at < start]
    after = [word for at, _, word in placed if at >= end]
    between = _timed(told, [one for one in spoken[first : last + 1] if one.start_ms is not None])
    return Reading(
        f"{text[:start]}{' '.join(told)}{text[end:]}",
        (*map(_word, before), *between, *map(_word, after)),
        _clear(spoken, first, last, told),
    )


def _word(of: Mapping[str, Any]) -> Word:
    return Word(of["text"], of["start_ms"], of["end_ms"], of.get("sure"))


def _timed(told: Sequence[str], old: Sequence[Spoken]) -> list[Word]:
    """None where nothing was heard of the old ones."""
    if not old:
        return []
    begin = min(one.start_ms or 0 for one in old)
    lasted = max(one.end_ms or 0 for one in old) - begin
    letters = sum(map(len, told))
    words, done = [], 0
    for one in told:
        at = begin + lasted * done // letters
        done += len(one)
        words.append(Word(one, at, begin + lasted * done // letters, SURE))
    return words


def _clear(spoken: Sequence[Spoken], first: int, last: int, told: Sequence[str]) -> str | None:
    """What a person made out may be quoted; the rest as before."""
    kept = [(one.text, one.clear) for one in spoken[:first]]
    kept += [(one, True) for one in told]
    kept += [(one.text, one.clear) for one in spoken[last + 1 :]]
    if all(clear for _, clear in kept):
        return None
    parts: list[str] = []
    for word, clear in kept:
        if clear:
            parts.append(word)
        elif not parts or parts[-1] != GAP:
            parts.append(GAP)
    return " ".join(parts)
