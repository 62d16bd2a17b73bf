"""Whether a follow-up takes up what the candidate just said: names it, or quotes it truly.

Uptake in the sense of research on classroom talk (Collins 1982; Nystrand 1997): the next question
contains something of the last answer.
"""

from __future__ import annotations

import re
import unicodedata

from server.core.lists.patterns import words
from server.core.lists.sameness import meaning

_QUOTED = re.compile(r"[“\"「『]([^”\"」』]{1,400})[”\"」』]|(?<![\w])[‘']([^’']{3,400})[’'](?!\w)")
_TOO_GENERAL = words("""
    how why what which who whom whose when interview question answer work job role company thing
    something anything people person way good great new make made use used get got go went know
    think thought want need year day week month yes no not very much many lot other first last
    일 회사 업무 직무 면접 질문 답변 생각 경우 부분 정도 많이 정말 그래서
    그리고 하지만 그런데 네 아니요
""")
_STEMS = frozenset(stem for word in _TOO_GENERAL for stem in (word, *meaning(word)))
_SAME_FROM = {"hangul": 2, "latin": 4}
"""So many leading letters in common make two inflected words the same."""
_TRUE_FROM = 0.6
"""Share of a quotation's words that have to be in the answer: a recogniser mishears some."""


def takes_up(question: str, answer: str) -> bool:
    """Whether the question names or quotes something of the answer.

    An answer in another alphabet than the question shares no words with it and is not held
    against it.
    """
    said, asked = _terms(answer), _terms(question)
    if said and not any(_alphabet(term) == _alphabet(other) for term in said for other in asked):
        return bool(asked)
    return any(_alike(term, other) for term in asked for other in said)


def misquotes(question: str, answer: str) -> bool:
    """Whether the question puts words in quotation marks that the candidate did not say."""
    quotes = [found[1] or found[2] for found in _QUOTED.finditer(question)]
    return any(not _said(quote, answer) for quote in quotes)


def _said(quote: str, answer: str) -> bool:
    if _bare(quote) in _bare(answer):
        return True
    quoted, said = meaning(quote), meaning(answer)
    found = sum(any(_alike(word, other) for other in said) for word in quoted)
    return bool(quoted) and found / len(quoted) >= _TRUE_FROM


def _terms(text: str) -> frozenset[str]:
    return meaning(text) - _STEMS


def _alphabet(term: str) -> str:
    return "hangul" if "가" <= term[:1] <= "힣" else "latin"


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    length = _SAME_FROM[_alphabet(one)]
    return one[:length] == other[:length] and min(len(one), len(other)) >= length


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum())
