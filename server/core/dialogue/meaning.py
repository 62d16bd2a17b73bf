"""What somebody meant: the one place where it is asked, of an answer, a pause and an interjection.

The answers come from the word lists; whatever understands better takes their place here.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.core import quote
from server.core.events import Language, Understood
from server.core.lists.backchannel import is_backchannel
from server.core.lists.completeness import reading
from server.core.lists.spoken_control import spoken_control
from server.core.lists.tongue import spoken

__all__ = ["is_backchannel", "reading", "understand", "understood_nothing"]


def understand(answer: str, before: Language, offered: Sequence[Language]) -> Understood:
    """``before``: the language up to here; ``offered``: those of the interview."""
    return Understood(
        answer,
        spoken_control(answer, before),
        spoken(answer, before, offered),
        quote.only_remarks(answer),
    )


def understood_nothing(before: Language) -> Understood:
    """Nothing was said."""
    return Understood("", None, before, only_remarks=False)
