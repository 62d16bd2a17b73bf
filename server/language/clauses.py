"""Where an utterance may be cut: at sentence ends, and where a recogniser wrote none, at joints."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from server.core.understanding import AGREED, Act, Understood

_QUESTIONS: frozenset[Act] = frozenset({"question_process", "question_company"})
_ENDS = re.compile(r"(?<=[.?!…。])[\"'”’)]*\s+")
# A word that opens a new clause in English; one that closes one in Korean.
_OPENS = re.compile(r"(?i:and|but|so|then|anyway|because|or|well|sorry|um|uh|also|now)$")
_CLOSES = re.compile(r"[가-힣](?:다|요|죠|까|고|지만|는데|니까|라서|아서|어서|거든|네)$")
LEAST = 3
"""Words on either side of a joint."""
LONGEST = 16
"""Words in a clause that has no joint."""


def clauses(text: str) -> list[str]:
    """The parts of ``text`` in order, at least one where there are words; nothing is lost."""
    return [part for sentence in _ENDS.split(text.strip()) for part in _jointed(sentence)]


def _jointed(sentence: str) -> list[str]:
    parts: list[list[str]] = [[]]
    words = sentence.split()
    for place, word in enumerate(words):
        here = parts[-1]
        enough = len(here) >= LEAST and len(words) - place >= LEAST
        if enough and (len(here) >= LONGEST or _joint(here[-1], word)):
            parts.append([])
        parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _joint(last: str, word: str) -> bool:
    return bool(_OPENS.match(word) or _CLOSES.search(last.rstrip(",")))


def compared(read: Understood, samples: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Those with which it is worth comparing; empty where it asks nothing."""
    acts = {read.act, *(clause.act for clause in read.clauses)}
    return samples if AGREED in samples or acts & _QUESTIONS else {}


def asked_in(read: Understood, text: str) -> str:
    """The part of it that asks something of the interviewer, the whole where that is all."""
    asked = [clause for clause in read.clauses if clause.act in _QUESTIONS]
    whole = read.act in _QUESTIONS and len(read.clauses) == len(asked)
    if whole or not asked:
        return text
    return max(asked, key=lambda clause: clause.confidence).text
