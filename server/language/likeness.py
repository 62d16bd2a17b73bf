"""Whether one text stands in another, repeats it or gives it away; by letters, in any language."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

LONGEST_LOOKED_AT = 2_000
_SAME = 0.85
"""Similarity from which two questions are the same."""
_RUN, _TRUE_FROM = 2, 0.75
"""Of the evidence this share has to stand in the answer, in runs of so many letters."""
_TELLING, _LOOKED_AT = 4, 3
"""Fewer letters are evidence of nothing; so many places are compared."""
_OURS, _OURS_LETTERS = 4, 24
"""So many words in a row as in our own instructions, of so many letters, were not written for the
candidate."""


def grounded(evidence: str, answer: str) -> bool:
    """Whether the evidence stands in one place of the answer; a recogniser's errors are borne."""
    wanted, said = _bare(evidence[:LONGEST_LOOKED_AT]), _bare(answer)
    if _letters((wanted,)) < _TELLING:
        return False
    return wanted in said or any(
        _mostly(wanted, said[place : place + 2 * len(wanted)]) for place in _places(wanted, said)
    )


def _places(wanted: str, said: str) -> list[int]:
    """Where it may be: the parts of the answer, half as long as is looked at, that have most in
    common with it. An answer may be of any length and is not compared with all of it."""
    if len(said) <= 2 * len(wanted):
        return [0]
    seen: Counter[int] = Counter()
    for at in range(0, len(wanted) - _RUN, _RUN):
        found = said.find(wanted[at : at + _RUN + 1])
        while found >= 0:
            part = found // len(wanted)
            seen[part] += 1
            found = said.find(wanted[at : at + _RUN + 1], (part + 1) * len(wanted))
    both = {part: seen[part] + seen[part + 1] for one in seen for part in (one - 1, one)}
    most = sorted(both, key=lambda part: -both[part])[:_LOOKED_AT]
    return [max(0, part) * len(wanted) for part in most]


def _mostly(wanted: str, said: str) -> bool:
    matcher = SequenceMatcher(None, wanted, said, autojunk=False)
    found = sum(block.size for block in matcher.get_matching_blocks() if block.size >= _RUN)
    return found >= _TRUE_FROM * len(wanted)


def leaks(plain: str, instructions: str) -> bool:
    """Whether it says what only a model is told."""
    return bool(instructions) and not _runs(plain).isdisjoint(_runs_of_lines(instructions))


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Words in a row that together say enough to be known again."""
    words = [_bare(word) for word in text.split()]
    runs = (tuple(words[at : at + _OURS]) for at in range(len(words) - _OURS + 1))
    return frozenset(run for run in runs if _letters(run) >= _OURS_LETTERS)


def _letters(run: tuple[str, ...]) -> int:
    """A syllable counts as the letters it is made of."""
    return len(unicodedata.normalize("NFD", "".join(run)))


@lru_cache(maxsize=16)
def _runs_of_lines(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset[tuple[str, ...]]().union(*map(_runs, text.splitlines()))


def read_back(plain: str, answer: str) -> int:
    """The most words in a row that stand in both."""
    said, asked = ([_bare(word) for word in text.split()] for text in (answer, plain))
    return SequenceMatcher(None, asked, said, autojunk=False).find_longest_match().size


def repeats(plain: str, asked: Iterable[str]) -> bool:
    """Whether one of those was nearly the same."""
    new = _bare(plain)
    return any(_same(new, _bare(one[:LONGEST_LOOKED_AT])) for one in asked)


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _same(new: str, old: str) -> bool:
    if not old:
        return False
    if new == old or (len(new) >= 12 and new in old):
        return True
    matcher = SequenceMatcher(None, new, old, autojunk=False)
    return matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME
