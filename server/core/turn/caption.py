"""What can be shown of speech that is still going on: only words that will not change."""

from __future__ import annotations


class Caption:
    """One open segment. LocalAgreement-2 (Liu, Spanakis & Niehues 2020; Macháček et al. 2023):
    what two hypotheses in a row begin with is settled, and of the newest its last word is not,
    because its sound may not be complete. In Korean that word is a whole eojeol, so no syllable
    is shown before the particle or ending that it may still get."""

    def __init__(self) -> None:
        self._settled: list[str] = []
        self._last: list[str] = []

    def hear(self, hypothesis: str, *, whole: bool = True) -> str:
        """The text to append to what was shown before; empty when nothing new is settled. One that
        is not ``whole`` yet can agree with the one before it; the next is not compared with it."""
        words = hypothesis.split()
        agreed = _common(self._last, words)
        if whole:
            self._last = words
        count = min(agreed, len(words) - 1)
        if count <= len(self._settled):
            return ""
        fresh = words[len(self._settled) : count]
        lead = " " if self._settled else ""
        self._settled += fresh
        return lead + " ".join(fresh)


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with, whatever their case and the punctuation after them."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if _bare(left) != _bare(right):
            break
        count += 1
    return count


def _bare(word: str) -> str:
    return word.strip(".,!?…\"'“”‘’").casefold()
