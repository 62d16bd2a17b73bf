"""Which of the interview's languages a candidate speaks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from server.core.events import Language
from server.language.patterns import joined

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
_WISHES: tuple[tuple[Language, re.Pattern[str]], ...] = (
    (
        "en",
        re.compile(
            joined(r"""
            \b(?:can|could|may|shall) (?:we|i) (?:please )?(?:speak|talk|switch to|do (?:this|it)
            |continue|go on|answer)(?: in)? english|영어로 (?:답|대답|말|진행|해|하)[가-힣 ]{0,8}
            (?:될까|되나|도 ?괜찮|가능|주세요|주시|싶)
            """),
            re.IGNORECASE,
        ),
    ),
    (
        "ko",
        re.compile(
            joined(r"""
            \b(?:can|could|may|shall) (?:we|i) (?:please )?(?:speak|talk|switch to|do (?:this|it)
            |continue|go on|answer)(?: in)? korean|(?:한국어|한국말|우리말)로 (?:답|대답|말|진행|해
            |하)[가-힣 ]{0,8}(?:될까|되나|도 ?괜찮|가능|주세요|주시|싶)
            """),
            re.IGNORECASE,
        ),
    ),
)


def spoken(answer: str, before: Language, offered: Sequence[Language]) -> Language:
    """The language to go on in after this answer; ``before`` where it does not tell.

    Technical English inside Korean is Korean, and a word or two decide nothing.
    """
    found = _wished(answer) or _heard(answer)
    return found if found is not None and found in offered else before


def share_of_hangul(text: str) -> float:
    """0 where there is no letter of either script."""
    weighed = _SYLLABLE * len(_HANGUL.findall(text))
    whole = weighed + len(_LATIN.findall(text))
    return weighed / whole if whole else 0.0


def _wished(answer: str) -> Language | None:
    return next((language for language, wish in _WISHES if wish.search(answer)), None)


def _heard(answer: str) -> Language | None:
    share = share_of_hangul(answer)
    if share >= _KOREAN_FROM and len(_HANGUL.findall(answer)) >= _FEWEST_SYLLABLES:
        return "ko"
    words = _LATIN_WORD.findall(answer)
    holding = len(_ENGLISH.findall(answer))
    if share < _ENGLISH_BELOW and len(words) >= _FEWEST_WORDS and 6 * holding >= len(words):
        return "en"
    return None
