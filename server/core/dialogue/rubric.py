"""What each stage is to find out, and what a good answer to it would show."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.events import Language

_MOST = 4
_COMPETENCY: dict[Language, dict[str, str]] = {
    "ko": {
        "introduction": "직무 관련 경력 요약",
        "motivation": "직무와 회사에 대한 동기",
        "knowledge": "직무 지식",
        "experience": "실무 경험과 본인의 기여",
        "problem_solving": "문제 해결",
        "collaboration": "협업과 의사소통",
        "closing": "지원자의 마무리와 질문",
    },
    "en": {
        "introduction": "Summary of relevant work",
        "motivation": "Motivation for the role and the company",
        "knowledge": "Knowledge of the role",
        "experience": "Experience and own contribution",
        "problem_solving": "Problem solving",
        "collaboration": "Working with others",
        "closing": "The candidate's own points and questions",
    },
}
_RUBRIC: dict[Language, dict[str, tuple[str, ...]]] = {
    "ko": {
        "introduction": (
            "지원 직무와 이어지는 일을 골라 간결하게 소개한다",
            "맡은 역할과 규모를 구체적으로 말한다",
        ),
        "motivation": (
            "이 직무를 고른 이유를 본인의 경험과 잇는다",
            "직무나 회사에 대해 알아본 내용을 구체적으로 말한다",
            "입사 후 기여할 일을 그려 본다",
        ),
        "knowledge": (
            "개념을 정확하게 쓰고 판단의 근거를 댄다",
            "대안과 그 장단점을 비교한다",
            "실제로 쓰면서 부딪힌 한계나 주의점을 안다",
        ),
        "experience": (
            "상황, 본인이 한 일, 결과를 나누어 말한다",
            "팀의 성과와 본인의 기여를 구별한다",
            "결과를 수치나 관찰한 변화로 확인한다",
            "배운 점이나 다시 한다면 바꿀 점을 말한다",
        ),
        "problem_solving": (
            "원인을 좁혀 가는 순서가 있다",
            "가정과 확인한 사실을 구별한다",
            "영향을 먼저 줄이고 재발을 막는 조치를 말한다",
        ),
        "collaboration": (
            "상대의 입장과 의견 차이를 구체적으로 설명한다",
            "본인이 한 말과 행동을 말한다",
            "합의나 결정에 이른 과정과 그 뒤의 결과를 말한다",
        ),
        "closing": (
            "앞에서 다루지 못한 중요한 점을 덧붙인다",
            "직무나 회사에 대해 궁금한 점을 묻는다",
        ),
    },
    "en": {
        "introduction": (
            "Picks the work that bears on this role and is brief about it",
            "Names their own part and its scale",
        ),
        "motivation": (
            "Connects the choice of this role to their own experience",
            "Knows something specific about the role or the company",
            "Says what they would contribute",
        ),
        "knowledge": (
            "Uses the terms correctly and gives reasons",
            "Weighs alternatives against each other",
            "Knows limits and pitfalls from practice",
        ),
        "experience": (
            "Tells situation, own action and result apart",
            "Separates their own part from the team's",
            "Backs the result with a figure or an observed change",
            "Says what they learned or would do differently",
        ),
        "problem_solving": (
            "Narrows down the cause in a sensible order",
            "Tells assumptions from what was verified",
            "Limits the damage first and prevents a recurrence",
        ),
        "collaboration": (
            "Describes the other side's view and where it differed",
            "Says what they themselves said and did",
            "Tells how it was settled and what came of it",
        ),
        "closing": (
            "Adds something relevant that was not covered",
            "Asks about the role or the company",
        ),
    },
}


def competency(stage: str, language: Language, own: str = "") -> str:
    """``own``: as the role family has it. A stage that is not known is about experience."""
    stages = _COMPETENCY[language]
    return own or stages.get(stage, stages["experience"])


def rubric(stage: str, language: Language, own: Sequence[str] = ()) -> tuple[str, ...]:
    """What the family's work shows at this stage, then what any answer to it would."""
    anybody = _RUBRIC[language].get(stage, _RUBRIC[language]["experience"])
    return (*own, *anybody)[:_MOST]
