"""The same question in other words: shorter, and with a hint at how it can be answered."""
# ruff: noqa: E501 - a sentence is said as it is

from __future__ import annotations

import re

from server.core.events import Language

_PREFIX: dict[Language, str] = {
    "ko": "네, 바꾸어 여쭙겠습니다.",
    "en": "Let me put it another way.",
}
_UNFOLDED: dict[Language, str] = {
    "ko": "네, 조금 더 풀어서 여쭙겠습니다.",
    "en": "Let me break it down.",
}
INTRODUCTION: dict[Language, str] = {
    "ko": "지금까지 하신 일 가운데 이 직무와 가장 가까운 것을 짧게 소개해 주시겠어요?",
    "en": "Could you briefly tell me about the work you have done that is closest to this role?",
}
# Two ways into each stage and into a follow-up, so that asking a second time is not the same again.
_HINTS: dict[Language, dict[str, tuple[str, str]]] = {
    "ko": {
        "introduction": (
            "한두 가지 일만 골라 말씀해 주셔도 됩니다.",
            "최근에 하신 일부터 순서대로 간단히 말씀해 주셔도 됩니다.",
        ),
        "motivation": (
            "이 직무를 하고 싶다고 느끼신 순간 하나를 떠올려 말씀해 주시면 됩니다.",
            "이 일에서 가장 해 보고 싶은 것 한 가지를 말씀해 주셔도 됩니다.",
        ),
        "knowledge": (
            "직접 써 보신 경우 하나를 들어, 무엇을 먼저 보고 어떻게 정하시는지 말씀해 주시면 됩니다.",
            "동료에게 알려 준다고 생각하고 핵심만 말씀해 주셔도 됩니다.",
        ),
        "experience": (
            "하나만 골라서 어떤 상황이었고, 직접 무엇을 하셨고, 어떻게 되었는지 말씀해 주시면 됩니다.",
            "본인이 맡으신 부분부터 말씀해 주셔도 됩니다.",
        ),
        "problem_solving": (
            "처음에 무엇을 확인하고 그다음에 무엇을 하실지 순서대로 말씀해 주시면 됩니다.",
            "비슷한 일을 겪으신 적이 있다면 그때 이야기로 말씀해 주셔도 됩니다.",
        ),
        "collaboration": (
            "그런 일이 있었던 때 하나를 떠올려, 누구와 어떤 이야기를 나누셨는지 말씀해 주시면 됩니다.",
            "그때 하신 말씀과 행동을 중심으로 말씀해 주셔도 됩니다.",
        ),
        "follow_up": (
            "그 일이 어떻게 진행되었는지 편하게 말씀해 주시면 됩니다.",
            "가장 기억나는 부분부터 말씀해 주셔도 됩니다.",
        ),
        "closing": (
            "하고 싶은 말씀이나 질문이 없으시면 없다고 하셔도 됩니다.",
            "오늘 이야기하지 못한 것이 있다면 그것을 말씀해 주셔도 됩니다.",
        ),
    },
    "en": {
        "introduction": (
            "One or two things are enough.",
            "You can simply start with your most recent work.",
        ),
        "motivation": (
            "Think of one moment when you felt this was the work you wanted, and start there.",
            "You can also name the one thing you would most like to do in this role.",
        ),
        "knowledge": (
            "Take one case of your own: what do you look at first, and how do you decide?",
            "You can also explain it the way you would to a new colleague.",
        ),
        "experience": (
            "Pick just one case: what was the situation, what did you do yourself, and what came of it?",
            "You can start with the part that was yours.",
        ),
        "problem_solving": (
            "What would you check first, and what would you do after that?",
            "If something like it has happened to you, you can tell me about that.",
        ),
        "collaboration": (
            "Think of one time when it happened: who was there, and what did you say and do?",
            "You can start with what you said and did at the time.",
        ),
        "follow_up": (
            "You can simply tell me how that one case went.",
            "You can start with the part that you remember best.",
        ),
        "closing": (
            "If there is nothing to add or to ask, you can simply say so.",
            "If something was left out today, this is the time for it.",
        ),
    },
}
_LEAD_IN: dict[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"^[^,.?!“”]{0,60}(?:는데|은데|지만|셨는데|습니다만|다면|으시면),\s*(?=[^?]{12,}\?)"
    ),
    "en": re.compile(
        r"^(?:your résumé (?:mentions|lists|says)[^.:]*[.:]|you (?:said|mentioned)[^.:“”]*[.:])\s*",
        re.IGNORECASE,
    ),
}


def rephrased(
    question: str, stage: str, language: Language, *, simpler: str | None, times: int
) -> str:
    """``simpler``: other words that were prepared. ``times``: how often it was done before. The
    question itself is kept where nothing was prepared: its hint is what is new."""
    hints = _HINTS[language].get(stage, _HINTS[language]["experience"])
    hint = hints[times % len(hints)]
    if simpler is not None and times == 0:
        return f"{_PREFIX[language]} {simpler}"
    prefix = _PREFIX[language] if simpler else _UNFOLDED[language]
    return f"{prefix} {simpler or plain(question, language)} {hint}"


def plain(question: str, language: Language) -> str:
    """What is asked, without what leads up to it."""
    shorter = _LEAD_IN[language].sub("", question)
    return shorter[:1].upper() + shorter[1:] if language == "en" else shorter


def bare(text: str) -> str:
    """The question without the words by which it was announced."""
    for prefix in (*_PREFIX.values(), *_UNFOLDED.values()):
        text = text.removeprefix(prefix).strip()
    return text
