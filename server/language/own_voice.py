"""Are these the interviewer's own words, come back through a loudspeaker?"""

from __future__ import annotations

import unicodedata
from difflib import SequenceMatcher

LEAST_LETTERS = 5
"""Fewer are in every question."""

RUN = 3
"""Letters in a row that count; a recogniser hears an echo badly, but not letter by letter."""

SHARE = 0.8
MOST_HEARD, MOST_SPOKEN = 200, 800


def is_own_voice(heard: str, spoken: str) -> bool:
    """Whether most of what was heard stands, in its order, in what is being spoken."""
    theirs, ours = _letters(heard)[:MOST_HEARD], _letters(spoken)[:MOST_SPOKEN]
    if len(theirs) < LEAST_LETTERS:
        return False
    blocks = SequenceMatcher(None, theirs, ours, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= RUN) >= SHARE * len(theirs)


def _letters(text: str) -> str:
    """One by one, also where a script writes them as syllables."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if letter.isalnum())
