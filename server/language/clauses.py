"""Where an utterance may be cut: at sentence ends, and where a recogniser wrote none, at joints."""

from __future__ import annotations

import re

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
