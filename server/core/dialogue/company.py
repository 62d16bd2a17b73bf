"""The candidate's own questions at the end, and what may be told to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from server.core.dialogue.template import CompanyFact
from server.core.events import Language
from server.core.lists.patterns import joined
from server.core.lists.sameness import meaning
from server.core.pack import Pack

_ASKS = re.compile(
    joined(r"""
    [?？]\s*$|(?:나요|까요|은가요|는가요|인가요|[습입됩합]니까|십니까|지요|죠|궁금합니다|궁금해요
    |궁금한데요|궁금했습니다|알고 싶습니다|여쭤보고 싶습니다|여쭙고 싶습니다)[.]?\s*$
    |^(?:what|how|when|where|who|which|why|do|does|is|are|can|could|will|would|may)\b
    |\b(?:i(?:['’]d| would) like to (?:know|ask)|i want to (?:know|ask)|i(?:['’]m| am) curious
    |i wonder|my question is)\b
    """),
    re.IGNORECASE,
)
_MOST = 2


def reply(answer: str, facts: Sequence[CompanyFact], pack: Pack, language: Language) -> str | None:
    """What is said to the questions in an answer: the facts they are about, word for word, or that
    somebody else will answer; None where nothing was asked."""
    asked = [s for s in re.split(r"(?<=[.?!？])\s+", answer.strip()) if _ASKS.search(s.strip())]
    if not asked:
        return None
    told: list[str] = []
    for sentence in asked:
        fact = _about(sentence, facts, language)
        text = fact.text[language] if fact else pack.speech.acknowledge.question_noted[0]
        if text not in told:
            told.append(text)
    return " ".join(told[:_MOST])


def _about(sentence: str, facts: Sequence[CompanyFact], language: Language) -> CompanyFact | None:
    """The fact whose topic the sentence names; the one with most words in common."""
    words, plain = meaning(sentence), sentence.casefold()

    def named(fact: CompanyFact) -> int:
        topics = [topic for topic in re.split(r"[\s,/·]+", fact.topic.casefold()) if topic]
        return sum(_named(topic, plain) or bool(meaning(topic) & words) for topic in topics)

    known = [fact for fact in facts if language in fact.text]
    best = max(known, key=named, default=None)
    return best if best is not None and named(best) else None


def _named(topic: str, plain: str) -> bool:
    if re.fullmatch(r"[a-z0-9+#.-]+", topic):
        return re.search(rf"(?<![a-z0-9]){re.escape(topic)}(?![a-z0-9])", plain) is not None
    return topic in plain
