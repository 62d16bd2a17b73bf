"""An answer of a word or two: the thing it names, which a follow-up can ask to hear more about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from server.core.events import Language
from server.core.lists import topics
from server.core.lists.patterns import joined
from server.core.quote import english_words, korean_words, remarks
from server.core.quote.span import Span, clauses

_MOST_WORDS = 3
_NOTHING = re.compile(
    joined(r"""
    ^(?:yes|yeah|yep|no|nope|not|maybe|sure|ok(?:ay)?|right|exactly|of course|sometimes
    |often|never|always|nothing|none|all|a lot|both
    |that(?:['’]s)?|this|it|me|myself|we|they|because|well|um+|uh+|er+|hm+|thanks?|hello|hi|sorry
    |\W|\d)
    |(?:years?|months?|weeks?|days?|people|times|percent)$
    """),
    re.IGNORECASE,
)
_NOTHING_KO = re.compile(
    joined(r"""
    ^(?:네|예|아니|아뇨|글쎄|음|어|그|저|뭐|그냥|그렇|맞|없|있|모르|괜찮|좋|싫|가끔|자주|항상|전혀
    |많이|조금|둘 다|모두|전부|제가|저희|우리|감사|죄송|안녕|아마|아직|당연|물론|\d
    |(?:일|이|삼|사|오|육|칠|팔|구|십|백|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s?(?:년|개월|달|주|일|명
    |번|개|회|퍼센트|프로)|혼자|같이|함께)
    """)
)
_ENDING = re.compile(
    r"(?:이었습니다|였습니다|이었어요|였어요|입니다|이에요|예요|이요|요|하고요|이랑요)$"
)


def spans(answer: str, language: Language) -> Iterator[Span]:
    """The whole of a short answer, without how it ends; none where it names no thing."""
    said = list(clauses(answer))
    if len(said) != 1 or len(said[0]) > _MOST_WORDS:
        return
    words = said[0]
    start, end = words[0].start, words[-1].end
    if language == "ko":
        end -= len(answer[start:end]) - len(_ENDING.sub("", answer[start:end]))
    text = answer[start:end]
    refused = (_NOTHING, _NOTHING_KO, english_words.NO_ANSWER, korean_words.NO_ANSWER)
    if len(text) < 2 or topics.private(answer) or any(p.search(text) for p in refused):
        return
    if language == "en" and re.search(r"[가-힣]", text):
        return
    if any(word.text.casefold().strip("'’.,") in english_words.FUNCTION for word in words):
        return
    if list(remarks.without(words)) != [words] or remarks.on_the_interview(text):
        return
    yield Span(start, end, 0.0, "short")
