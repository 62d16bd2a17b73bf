"""Which of the interview's languages a candidate speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from server.core.events import Language

_HANGUL = re.compile(r"[가-힣]")
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SYLLABLE = 2.5
"""Letters that a syllable weighs: 배포 says as much as deploy."""
_KOREAN_FROM = 0.3
_ENGLISH_BELOW = 0.1
_FEWEST_SYLLABLES = 6
_FEWEST_WORDS = 5
# Words that hold English together; a list of products has none of them.
_ENGLISH = re.compile(
    r"\b(?:i|we|my|our|the|a|an|was|were|is|are|it|to|of|in|that|with|and|for|because|did|had)\b",
    re.IGNORECASE,
)


def spoken(answer: str, before: Language, offered: Sequence[Language]) -> Language:
    """The language to go on in after this answer; ``before`` where it does not tell.

    Technical English inside Korean is Korean, and a word or two decide nothing. Who asks whether
    another language may be spoken is told so, and is followed once they speak it.
    """
    found = _heard(answer)
    return found if found is not None and found in offered else before


def share_of_hangul(text: str) -> float:
    """0 where there is no letter of either script."""
    weighed = _SYLLABLE * len(_HANGUL.findall(text))
    whole = weighed + len(_LATIN.findall(text))
    return weighed / whole if whole else 0.0


@lru_cache(maxsize=1)  # it is asked several times of the same words, one after the other
def _heard(answer: str) -> Language | None:
    share = share_of_hangul(answer)
    if share >= _KOREAN_FROM and len(_HANGUL.findall(answer)) >= _FEWEST_SYLLABLES:
        return "ko"
    words = _LATIN_WORD.findall(answer)
    holding = len(_ENGLISH.findall(answer))
    if share < _ENGLISH_BELOW and len(words) >= _FEWEST_WORDS and 6 * holding >= len(words):
        return "en"
    return None
