"""Follow-ups that take up the candidate's own words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from server.core import quote
from server.core.dialogue import follow_ups_en, follow_ups_ko
from server.core.events import Brief
from server.core.korean import fill

_TEMPLATES = {"ko": follow_ups_ko.TEMPLATES, "en": follow_ups_en.TEMPLATES}
_QUOTED = re.compile(r"“[^”]*”(이라고|라고)?")
_TRIED = 6
"""Spans of one answer that are considered before it counts as exhausted."""


def follow_up(brief: Brief, asked_before: Sequence[str] = ()) -> str | None:
    """A question that quotes the last answer, or None where nothing new in it can be quoted.

    The same brief gives the same question; no wording and no quotation is used twice, nor one of
    ``asked_before``, which may not have been answered.
    """
    if not brief.history:
        return None
    questions = [*asked_before, *(exchange.question for exchange in brief.history)]
    asked = " ".join(questions)
    used = {_QUOTED.sub("", question) for question in questions}
    for found in quote.ranked(brief.history[-1].answer, brief.language)[:_TRIED]:
        if found.text in asked:
            continue
        for template in _wordings(brief, found):
            if _QUOTED.sub("", fill(template, quote="")) not in used:
                return fill(template, quote=found.text)
    return None


def _wordings(brief: Brief, found: quote.Quote) -> Sequence[str]:
    """Those for this kind of words from a place that depends on them, then those for any."""
    templates = _TEMPLATES[brief.language]
    place = zlib.crc32(f"{len(brief.history)}|{found.text}".encode(errors="replace"))
    return [
        pile[(place + step) % len(pile)]
        for pile in (templates[found.kind], templates["plain"])
        for step in range(len(pile))
    ]
