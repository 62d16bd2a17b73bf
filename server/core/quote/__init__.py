"""Which of the candidate's own words a follow-up takes up: always a verbatim span of the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.core.events import Language
from server.core.lists import topics
from server.core.quote import english, korean, remarks, short
from server.core.quote.span import Kind, Span, clauses

__all__ = ["Kind", "Quote", "only_remarks", "ranked", "salient"]

_LONGEST_ANSWER = 3_000
"""About three minutes of speech; it is looked at on the event loop."""
_LONGEST_REMARK = 150
"""Who says more than this says something else as well."""
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class Quote:
    text: str
    kind: Kind


def ranked(answer: str, language: Language) -> list[Quote]:
    """Every span worth taking up, the best first; each is contained in the answer as it is."""
    answer = answer[:_LONGEST_ANSWER]
    clean = not topics.private(answer)
    spans: list[Span] = []
    plain: list[Span] = []
    for words in clauses(answer):
        clause = answer[words[0].start : words[-1].end]
        if not clean and topics.private(clause):
            continue
        for said in remarks.without(words):
            if language == "ko" and _HANGUL.search(clause):
                spans += korean.spans(said)
            elif not _HANGUL.search(clause):  # an English voice cannot say Korean words back
                spans += english.spans(said)
                plain += english.whole(said)
    spans = spans or plain or list(short.spans(answer, language))
    best = sorted(spans, key=lambda span: (-span.score, span.start))
    quotes = [Quote(answer[span.start : span.end], span.kind) for span in best]
    return [
        found
        for found in quotes
        if found.kind not in ("plain", "vague") or not remarks.on_the_interview(found.text)
    ]


def salient(answer: str, language: Language) -> str | None:
    """The span that says most, or None where the answer holds nothing to take up."""
    found = ranked(answer, language)
    return found[0].text if found else None


def only_remarks(answer: str) -> bool:
    """Whether all that was said is about the interview itself: it answers no question."""
    if len(answer) > _LONGEST_REMARK:
        return False
    said = list(clauses(answer))
    return bool(said) and not any(left for words in said for left in remarks.without(words))
