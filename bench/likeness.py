"""How like two utterances are, by their words alone: for candidates and for the judge."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

SAME = 0.8
_SENTENCE = re.compile(r"(?<=[.?!…])[\"”’']?\s+")


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())


def alike(one: str, other: str) -> float:
    """1 where the words are the same in the same order."""
    return SequenceMatcher(None, words(one), words(other), autojunk=False).ratio()


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def questions(text: str) -> list[str]:
    """The sentences that ask; where none has a question mark, the last one does."""
    marked = [one for one in sentences(text) if "?" in one]
    return marked or sentences(text)[-1:]


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[at : at + length]) for at in range(len(said) - length + 1)}


def says_again(text: str, question: str) -> bool:
    """Whether the question is in it, word for word but for a few."""
    asked = " ".join(questions(question))
    length = min(3, len(words(asked)))
    wanted = runs(asked, length) if length else set()
    return bool(wanted) and len(wanted & runs(text, length)) / len(wanted) >= SAME


def names(text: str, some: Iterable[str]) -> bool:
    """Whether a word in it begins with one of these."""
    low = text.lower()
    return any(re.search(rf"(?<![\w'’]){re.escape(one)}", low) for one in some)


def read_back(text: str, said: str, length: int) -> bool:
    """Whether ``length`` words in a row of what was said are spoken, or all of a shorter one."""
    length = max(2, min(length, len(words(said))))
    return bool(runs(said, length) & runs(text, length))
