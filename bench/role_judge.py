"""Whether a question belongs to the role: which family's questions its words are nearest to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import log

from server.core.events import Language
from server.core.lists.sameness import meaning
from server.core.pack import GENERAL, CoreQuestion, SharedQuestion
from server.language.pack import shipped

CLEARLY = 1.5
"""How many times nearer another family has to be than the role's own."""
FAINT = 3.5
"""Nearness up to here is one chance word."""


def off_role(question: str, answer: str, target_role: str, language: Language) -> bool:
    """Whether its words, but for those of the answer before it, are clearly those of another
    family; what fits anybody is not."""
    weights = _weights(language)
    words = meaning(question) - meaning(answer)
    near = {family: sum(own.get(word, 0.0) for word in words) for family, own in weights.items()}
    mine = near.pop(shipped().family(target_role), 0.0)
    return max(near.values()) > max(FAINT, CLEARLY * mine)


@lru_cache
def _weights(language: Language) -> dict[str, dict[str, float]]:
    """By family, how much each of its words speaks for it: the fewer families have it the more."""
    pack = shipped().of(language)
    anybody = _words(pack.families[GENERAL].question).union(
        *(_words(stage.question) for stage in pack.stages.values())
    )
    words = {
        name: _words(family.question) - anybody
        for name, family in pack.families.items()
        if name != GENERAL
    }
    families = Counter(word for own in words.values() for word in own)
    whole = len(words)
    return {
        family: {word: log(whole / families[word]) for word in own if families[word] <= whole // 4}
        for family, own in words.items()
    }


def _words(asked: Iterable[CoreQuestion | SharedQuestion]) -> frozenset[str]:
    return frozenset[str]().union(*(meaning(question.text) for question in asked))
