"""A stretch of an answer, and what it is cut from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "measure", "problem", "difficulty", "decision", "duty", "team", "action", "vague", "plain",
    "short",
]  # fmt: skip
"""What the words are about: a number, what went wrong or was hard, a choice, what one was in charge
of, others, own work, or nothing definite yet."""

_BREAK = re.compile(
    r"[.!?…。](?=\s|$)|[,;:](?=\s|$)|[\n\r\t()\[\]{}<>\"“”‘’`|*#]+|\s[-–—]+\s|[?!。、，]"
)
_WORD = re.compile(r"\S+")
_ADDRESS = re.compile(
    r"[^\s@]{1,64}@\S|https?://\S+|www\.\S+|\w\.(?:com|net|org|kr|io|dev)\b\S*|\+?\d[\d\s().-]{6,}\d|\d{5,}"
)


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """``start`` and ``end`` are offsets into the answer."""

    start: int
    end: int
    score: float
    kind: Kind


def clauses(answer: str) -> Iterator[list[Word]]:
    """The words between marks; a piece with an address or a long number in it is left out."""
    at = 0
    for found in [*_BREAK.finditer(answer), None]:
        end = found.start() if found else len(answer)
        if not _ADDRESS.search(answer[at:end]):
            words = [
                Word(word[0], at + word.start(), at + word.end())
                for word in _WORD.finditer(answer[at:end])
            ]
            if words:
                yield words
        at = found.end() if found else end
