"""A follow-up names or quotes the answer, invents nothing and gives nothing away."""

from __future__ import annotations

import pytest

from server.core import guard
from server.core.events import Exchange, Language
from server.core.lists.uptake import misquotes, takes_up

KAFKA = (
    "I moved our payment service from a nightly batch to Kafka and cut the delay to two minutes."
)
ALERTS = "침입 탐지 시스템의 규칙을 다시 써서 오탐을 삼십 퍼센트 줄였습니다."
MIXED = "React로 결제 form을 다시 만들어서 conversion이 십이 퍼센트 올랐습니다."


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        (KAFKA, "Why did you choose Kafka?"),
        (KAFKA, "How did you keep payments consistent while both were running?"),
        (KAFKA, "You mentioned a nightly batch. What depended on it?"),
        (KAFKA, "What was the delay caused by before you moved it?"),
        (ALERTS, "오탐이 줄어든 것은 어떻게 확인하셨나요?"),
        (ALERTS, "탐지 규칙을 다시 쓰실 때 가장 먼저 무엇을 보셨습니까?"),
        (ALERTS, "“오탐을 삼십 퍼센트 줄였습니다”라고 하셨는데, 기준은 무엇이었나요?"),
        (MIXED, "conversion은 어떻게 측정하셨나요?"),
        (MIXED, "결제 화면에서 가장 먼저 바꾸신 것은 무엇인가요?"),
        ("Terraform.", "What did you use Terraform for?"),
        ("저는 그 모델을 매주 학습시켰습니다.", "What did the model learn from?"),
    ],
)
def test_it_takes_up_what_was_said(answer: str, question: str) -> None:
    assert takes_up(question, answer)


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        (KAFKA, "What is the most challenging part of your job?"),
        (KAFKA, "What are your strengths and weaknesses?"),
        (KAFKA, "Why did you choose that?"),
        (ALERTS, "가장 힘들었던 점은 무엇이었나요?"),
        (ALERTS, "왜 그렇게 결정하셨습니까?"),
        (ALERTS, "동료와 의견이 달랐던 경험을 말씀해 주시겠어요?"),
        ("Yes.", "Could you tell me more about that?"),
        ("네, 많이 했습니다.", "조금 더 자세히 말씀해 주시겠어요?"),
    ],
)
def test_it_could_have_been_asked_without_the_answer(answer: str, question: str) -> None:
    assert not takes_up(question, answer)


@pytest.mark.parametrize(
    ("answer", "question", "false"),
    [
        (KAFKA, "You said “cut the delay to two minutes”. How was it measured?", 0),
        (KAFKA, 'You said "reduced the delay to two minutes". How?', 0),
        (KAFKA, "You said “rewrote everything in Rust over a weekend”. Why?", 1),
        (KAFKA, "It's a large move. What didn't work with Kafka?", 0),
        (ALERTS, "“오탐을 30퍼센트 줄였다”고 하셨는데, 어떻게 아셨나요?", 0),
        (ALERTS, "“방화벽을 전부 교체했다”고 하셨는데, 이유가 무엇인가요?", 1),
    ],
)
def test_it_puts_no_words_into_the_candidates_mouth(answer: str, question: str, false: int) -> None:
    assert misquotes(question, answer) is bool(false)


@pytest.mark.parametrize(
    ("language", "answer", "question", "verdict"),
    [
        ("en", KAFKA, "Why Kafka and not a database table?", None),
        ("en", KAFKA, "What are your greatest strengths?", "ungrounded"),
        ("en", KAFKA, "You said “we lost customers”. How did you react?", "misquoted"),
        ("en", KAFKA, "Kafka usually helps because it decouples services. How did you use it?",
         "answer_given"),
        ("en", KAFKA, "You moved it to Kafka because reports were late. What broke first?", None),
        ("en", KAFKA, "You chose Kafka for its ordering guarantees, right?", "answer_given"),
        ("en", KAFKA, "Hint: think of partitions. Why Kafka?", "answer_given"),
        ("en", KAFKA, "The right answer is idempotency, so how does Kafka give you that?",
         "answer_given"),
        ("en", KAFKA, "How did you find the right answer to the delay?", None),
        ("ko", ALERTS, "오탐이 줄어든 것은 어떻게 확인하셨나요?", None),
        ("ko", ALERTS, "본인의 장점은 무엇인가요?", "ungrounded"),
        ("ko", ALERTS, "“방화벽을 전부 교체했다”고 하셨는데, 왜 그러셨나요?", "misquoted"),
        ("ko", ALERTS, "오탐은 보통 임계값이 낮기 때문에 생깁니다. 규칙을 어떻게 바꾸셨나요?",
         "answer_given"),
        ("ko", ALERTS, "임계값을 올려서 오탐을 줄이신 거 맞지요?", "answer_given"),
        ("ko", ALERTS, "정답은 임계값 조정인데, 오탐 규칙은 어떻게 고치셨나요?", "answer_given"),
        ("ko", "왜 그런 걸 물어보세요?", "왜 그런 걸 물어보세요?", "echoed"),
        ("en", "Why would you ask me that about Kafka?", "Why would you ask me that about Kafka?",
         "echoed"),
        ("ko", ALERTS, "오탐 규칙은 위 답변에 이어지는 후속 질문 하나만 쓰시겠습니까?",
         "leaked_instructions"),
        ("en", KAFKA, "Could you write one follow-up question to this answer about Kafka?",
         "leaked_instructions"),
        ("ko", ALERTS, "정답이 임계값인데, 오탐은 왜 줄었나요?", "answer_given"),
        ("ko", ALERTS, "맞는 답이 임계값이라면, 오탐은 왜 줄었나요?", "answer_given"),
        ("ko", ALERTS, "올바른 답을 알려 드리면 임계값인데, 오탐은 왜 줄었나요?", "answer_given"),
        ("ko", "정답이 붙은 오탐을 모았습니다.", "정답이 붙은 오탐은 얼마나 모으셨나요?", None),
        ("ko", ALERTS, "오탐을 줄였다고 말씀하셨습니다. 그 기준은 누가 정했나요?", None),
    ],
)  # fmt: skip
def test_the_guard_lets_through_what_holds_on_and_gives_nothing_away(
    language: Language, answer: str, question: str, verdict: str | None
) -> None:
    history = [Exchange("Opening?", answer)]
    found = guard.check(
        guard.clean(question),
        language=language,
        target_role="Engineer",
        history=history,
        follows=answer,
    )
    assert found == verdict


def test_a_planned_question_needs_no_answer_to_hold_on_to() -> None:
    question = "What are your greatest strengths as an engineer?"
    assert guard.check(question, language="en", target_role="Engineer", history=()) is None
