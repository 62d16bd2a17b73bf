"""What was said found again by other forms of its words: endings, particles and spaces differ.

A text is looked at in pieces that an index can hold: of Hangul its syllables and pairs of
neighbours, whatever stands between them, of other scripts the stems of words and of two that could
be one. A query is found where all of its terms are.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_RUN: Final = re.compile(r"[가-힣]+|[^\W_가-힣]+")
# Forms of Korean: what stands behind a noun, and how a verb goes on behind its stem.
_BEHIND_NOUNS: Final = """
은 는 이 가 을 를 의 와 과 도 만 로 으로 에 에서 에게 에게서 한테 께 께서 부터 까지 처럼 보다 마다
조차 마저 밖에 이나 나 이랑 랑 하고 이라고 라고 이란 란 에는 에도 에서는 에서도 으로는 로는 으로도
로도 만을 들이 들을 들은 들의 들
"""
_BEHIND_VERBS: Final = """
다 고 며 면 서 지 게 던 는 은 을 도록 려고 으려고 으며 으면 거나 지만 는데 은데 니까 으니까 어서
아서 어요 아요 습니다 었던 았던 었고 았고 었다 았다 었습니다 았습니다 었어요 았어요 면서 으면서 기
음 자 네요 죠 지요 나요 냐 는지 은지 을지 더니 다가 어야 아야
"""
_PARTICLES: Final = tuple(sorted(_BEHIND_NOUNS.split(), key=lambda one: -len(one)))
_ENDINGS: Final = tuple(sorted(_BEHIND_VERBS.split(), key=lambda one: -len(one)))
_DONE: Final = (
    "하",
    "되",
    "시키",
    "했",
    "됐",
    "한",
    "된",
    "할",
    "될",
    "합",
    "됩",
    "해",
    "돼",
    "함",
    "됨",
)
"""The first syllable of what makes a verb of a noun."""
_BASE, _FINALS, _VOWELS = 0xAC00, 28, 21
_SHORT: Final = 2
"""Syllables of a stem, at least, where something is taken off it."""
_SUFFIXES: Final = ("ments", "ment", "ings", "ing", "ions", "ion", "ies", "ers",
                    "er", "ed", "es", "ly", "s", "e")  # fmt: skip
_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Term:
    """``stem`` as it has to stand there; ``begins`` also counts where the syllable behind it begins
    with this consonant, as verbs are inflected. ``hangul``: spaces do not count."""

    stem: str
    hangul: bool
    begins: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Ways to read what is looked for; one of them has to be there whole."""

    readings: tuple[tuple[Term, ...], ...]

    def needs(self) -> list[list[int]]:
        """Of each reading the pieces that a text has to have."""
        return [sorted({one for term in terms for one in _needed(term)}) for terms in self.readings]

    def found(self, text: str) -> bool:
        squeezed, stems = _looked_at(text)
        return any(all(_there(one, squeezed, stems) for one in terms) for terms in self.readings)


def query(words: str) -> Query:
    """Without a word in it, it is found nowhere."""
    runs = list(_runs(words))
    readings = [tuple(_terms(runs))]
    latin = [at for at, (one, other) in enumerate(pairwise(runs)) if not (one[1] or other[1])]
    for at in latin:  # two words that may be one
        joined = [*runs[:at], (runs[at][0] + runs[at + 1][0], False), *runs[at + 2 :]]
        readings.append(tuple(_terms(joined)))
    return Query(tuple(dict.fromkeys(one for one in readings if one)))


def pieces(text: str) -> list[int]:
    """By which a text is found, as numbers of 32 bits."""
    squeezed, stems = _looked_at(text)
    syllables = {f"1{one}" for one in squeezed}
    pairs = {f"2{one}{other}" for one, other in pairwise(squeezed)}
    return sorted(_number(one) for one in syllables | pairs | {f"w{one}" for one in stems})


def _looked_at(text: str) -> tuple[str, set[str]]:
    """Hangul without anything between, and the stems of all other words."""
    runs = list(_runs(text))
    words = [word for word, hangul in runs if not hangul]
    stems = {stem(word) for word in words}
    stems |= {stem(one + other) for one, other in pairwise(words)}
    return "".join(word for word, hangul in runs if hangul), stems


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Words, parted where the script changes; what is Hangul."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for found in _RUN.finditer(plain):
        yield found[0], "가" <= found[0][0] <= "힣"


def _terms(runs: list[tuple[str, bool]]) -> Iterator[Term]:
    before = False
    for word, hangul in runs:
        if not hangul:
            yield Term(stem(word), hangul=False)
        elif not (before and word in _PARTICLES) and not _light(word):
            yield _hangul(word)
        before = not hangul


def _light(word: str) -> bool:
    """A verb that says no more than that something is done."""
    return word.startswith(_DONE) and (len(word) == 1 or word[1:].endswith(_ENDINGS))


def _hangul(word: str) -> Term:
    """A noun without its particle, or a verb as far as all its forms go alike."""
    for at in range(_SHORT, len(word)):
        if word[at].startswith(_DONE) or word[at : at + 2] == "시키":
            rest = word[at + 1 :]
            if not rest or rest.endswith(_ENDINGS) or rest in _PARTICLES:
                return Term(word[:at], hangul=True)
    for ending in _PARTICLES:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORT:
            return Term(word[: -len(ending)], hangul=True)
    for ending in _ENDINGS:
        kept = word[: -len(ending)]
        if word.endswith(ending) and len(kept) >= _SHORT:
            return Term(kept[:-1], hangul=True, begins=_initial(kept[-1]))
    if len(word) == _SHORT and word.endswith("다"):
        return Term(word[:1], hangul=True)
    return Term(word, hangul=True)


def stem(word: str) -> str:
    """Of a word in Latin letters what its forms have in common; others as they are."""
    if not word.isascii() or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        kept = word.removesuffix(suffix)
        if kept != word and len(kept) >= _STEM and not (suffix == "s" and kept.endswith("s")):
            if suffix == "ies":
                return kept + "y"
            doubled = kept[-1] == kept[-2] and kept[-1] not in "lsz"
            return kept[:-1] if doubled and suffix in ("ing", "ed", "er", "ers") else kept
    return word


def _needed(term: Term) -> Iterator[int]:
    if not term.hangul:
        yield _number(f"w{term.stem}")
        return
    yield from (_number(f"1{one}") for one in term.stem)
    yield from (_number(f"2{one}{other}") for one, other in pairwise(term.stem))


def _there(term: Term, squeezed: str, stems: set[str]) -> bool:
    if not term.hangul:
        return term.stem in stems
    if term.begins is None:
        return term.stem in squeezed
    at = squeezed.find(term.stem)
    while at >= 0:
        behind = squeezed[at + len(term.stem) : at + len(term.stem) + 1]
        if behind and _initial(behind) == term.begins:
            return True
        at = squeezed.find(term.stem, at + 1)
    return False


def _initial(syllable: str) -> int:
    return (ord(syllable) - _BASE) // (_FINALS * _VOWELS)


def _number(piece: str) -> int:
    """As PostgreSQL's integer, with a sign."""
    number = zlib.crc32(piece.encode())
    return number - 2**32 if number >= 2**31 else number
