"""Names and numbers in a follow-up that nobody gave: by their form, tolerant of a recogniser.

A number may be written as a word or in digits; one that follows from two that were said (their
sum, difference, ratio or change in per cent) is not invented. Small numbers are words of speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from server.language import numerals

SMALL = 12
"""Up to here a number needs no source: "the first ten minutes"."""
_ALIKE = 0.7
"""Similarity from which a name is the one that was heard."""
_LONGEST = 20_000
_MOST_NUMBERS = 40
_WORD = re.compile(r"[^\W_]+(?:[.'’&+#-]+[^\W_]+)*[+#]*")
_STARTS = re.compile(r"(?:^|[.?!:;“\"(]\s*)$")


def invented(text: str, sources: Iterable[str], *, latin: bool) -> bool:
    """Whether ``text`` names or counts something that none of ``sources`` does. ``latin``: its
    language is written in Latin letters."""
    given = " \n".join(sources)[:_LONGEST]
    return _invents_name(text, given, latin=latin) or _invents_number(text, given)


# Names.


def _invents_name(text: str, given: str, *, latin: bool) -> bool:
    names = [name for name in _names(text, latin=latin) if name.casefold() not in numerals.ORDINARY]
    if not names:
        return False
    words = [found[0].casefold() for found in _WORD.finditer(given)]
    known = {*words, *(first + second for first, second in pairwise(words))}
    sounds = {numerals.sound(word) for word in words} if numerals.HANGUL.search(given) else set()
    return any(not _known(name, words, known, sounds) for name in names)


def _names(text: str, *, latin: bool) -> Iterator[str]:
    """In a language of Latin letters words with a capital where grammar wants none, in another
    whatever is in Latin letters."""
    for found in _WORD.finditer(text):
        word = re.sub(r"['’]s?$", "", found[0])
        if not word.isascii():
            inner = re.match(r"[A-Za-z][A-Za-z0-9+#.-]+", word) if not latin else None
            word = inner[0] if inner else ""
        if len(word) < 2 or word[0].isdigit() or not any(c.isalpha() for c in word):
            continue
        inside = any(c.isupper() for c in word[1:])
        if not latin or inside or (word[0].isupper() and not _STARTS.search(text[: found.start()])):
            yield word


def _known(name: str, words: list[str], known: set[str], sounds: set[str]) -> bool:
    name = re.sub(r"['’-]", "", name.casefold())
    for word in (re.sub(r"['’-]", "", one) for one in known):
        if name == word or (min(len(name), len(word)) >= 3 and (name in word or word in name)):
            return True
        matcher = SequenceMatcher(None, name, word, autojunk=False)
        if matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
            return True
    if len(name) <= 5 and _initials(name, words):
        return True
    said = numerals.sound(name)
    return len(said) >= 2 and any(_sounds_like(said, other) for other in sounds if other)


def _initials(name: str, words: list[str]) -> bool:
    """NDA of "non disclosure agreement"; letters that were said one by one."""
    firsts = "".join(word[0] for word in words)
    return len(name) >= 2 and name in firsts


def _sounds_like(said: str, other: str) -> bool:
    return said in other or SequenceMatcher(None, said, other, autojunk=False).ratio() >= _ALIKE


# Numbers.


def _invents_number(text: str, given: str) -> bool:
    said = [number for number in numerals.numbers(text) if number > SMALL]
    if not said:
        return False
    known = list(dict.fromkeys(numerals.numbers(given)))[:_MOST_NUMBERS]
    possible = {*known, *(one for pair in combinations(known, 2) for one in _following(*pair))}
    return any(not any(_equal(number, one) for one in possible) for number in said)


def _following(one: float, other: float) -> Iterator[float]:
    low, high = sorted((one, other))
    yield from (low + high, high - low, low * high)
    if low > 0:
        yield from (high / low, 100 * (high - low) / low, 100 * (high - low) / high)
        yield 100 * low / high


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= 0.02 * max(abs(one), abs(other))
