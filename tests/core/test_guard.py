"""Which questions may be spoken, and what of a model's reply becomes one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import guard
from server.core.events import Exchange, Language
from tests.core.attacks import ALLOWED, REFUSED

LANGUAGES = st.sampled_from(("ko", "en"))


def verdict(language: Language, text: str, *asked: str, role: str = "Engineer") -> str | None:
    history = [Exchange(question, "answer") for question in asked]
    return guard.check(text, language=language, target_role=role, history=history)


@pytest.mark.parametrize(("language", "text", "reason"), REFUSED)
def test_it_is_refused_for_the_right_reason(language: Language, text: str, reason: str) -> None:
    found = verdict(language, text) or ""
    assert found.partition(":")[0] == reason


@pytest.mark.parametrize(("language", "text", "reason"), REFUSED)
def test_cleaning_does_not_make_a_forbidden_question_pass(
    language: Language, text: str, reason: str
) -> None:
    cleaned = guard.clean(text)
    if reason in ("forbidden_topic", "personal_data", "wrong_language", "impolite"):
        assert verdict(language, cleaned) is not None


@pytest.mark.parametrize(("language", "text"), ALLOWED)
def test_an_ordinary_question_may_be_spoken(language: Language, text: str) -> None:
    assert verdict(language, text) is None
    assert guard.clean(text) == text


@pytest.mark.parametrize(
    ("language", "first", "again"),
    [
        ("en", "How did you measure the result?", "How did you measure the result?"),
        ("en", "How did you measure the result?", "So, how did you measure the results?"),
        ("ko", "그 결과는 어떻게 측정하셨나요?", "그 결과는 어떻게 측정하셨나요?"),
        ("ko", "그 결과는 어떻게 측정하셨나요?", "그 결과를 어떻게 측정하셨나요?"),
    ],
)
def test_a_question_is_not_asked_twice(language: Language, first: str, again: str) -> None:
    assert verdict(language, first) is None
    assert verdict(language, again, "Something else?", first) == "repeated"


def test_another_question_on_the_same_matter_is_no_repetition() -> None:
    first = "How did you measure the result?"
    assert verdict("en", "Who else looked at the result?", first) is None


def test_a_role_in_the_other_language_may_be_named() -> None:
    korean, english = "보안엔지니어", "Security Engineer"
    assert verdict("en", f"What drew you to the {korean} role?", role=korean) is None
    assert verdict("ko", f"{english}에 지원하신 이유는 무엇인가요?", role=english) is None


def test_a_role_does_not_excuse_a_forbidden_question() -> None:
    assert verdict("ko", "결혼하셨나요?", role="결혼") == "forbidden_topic:marriage"


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ('"What broke first?"', "What broke first?"),
        ("“What broke first?”", "What broke first?"),
        ("Question: What broke first?", "What broke first?"),
        ("**Question 2:** What broke first?", "What broke first?"),
        ("Follow-up question: “What broke first?”", "What broke first?"),
        ("질문: 무엇이 먼저 고장 났나요?", "무엇이 먼저 고장 났나요?"),
        ("**후속 질문:** 무엇이 먼저 고장 났나요?", "무엇이 먼저 고장 났나요?"),
        ("What broke first? And how did you notice?", "What broke first?"),
        ("What broke first?\n\nThis asks about the cause.", "What broke first?"),
        ("<think>The candidate moved it.</think>\nWhat broke first?", "What broke first?"),
        ("- What broke first? 😊", "What broke first?"),
        ("1. What broke first?", "What broke first?"),
        ("Great answer! What broke first?", "What broke first?"),
        ("훌륭한 답변입니다. 무엇이 먼저 고장 났나요?", "무엇이 먼저 고장 났나요?"),
        ("You moved it to Kafka. What broke first?", "You moved it to Kafka. What broke first?"),
        ("You said “why not?” then. What broke?", "You said “why not?” then. What broke?"),
        ("“응답 시간”이라고 하셨는데, 왜인가요?", "“응답 시간”이라고 하셨는데, 왜인가요?"),
        ("How did `node_modules` grow?", "How did node_modules grow?"),
        ("", ""),
    ],
)
def test_a_reply_becomes_one_plain_question(reply: str, question: str) -> None:
    assert guard.clean(reply) == question


def test_a_thought_that_does_not_end_is_not_spoken() -> None:
    assert verdict("en", guard.clean("<think>What should I ask?")) == "markup"


@given(st.text(max_size=300), LANGUAGES, st.text(max_size=30), st.lists(st.text(max_size=60)))
def test_any_text_gets_a_verdict(
    text: str, language: Language, role: str, asked: list[str]
) -> None:
    verdict(language, text, *asked, role=role)
    cleaned = guard.clean(text)
    assert guard.clean(cleaned) is not None
    if verdict(language, cleaned) is None:
        assert cleaned.count("?") <= 1 or "“" in cleaned or '"' in cleaned
        assert "\n" not in cleaned


@pytest.mark.parametrize(
    "unit", ["?", "a ", "아 ", "“", "<think>", "가 나 ", "1. ", "*", "Great! "]
)
def test_a_very_long_reply_takes_no_long_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert len(guard.clean(text)) <= 4_000
    assert verdict("ko", text) is not None
    assert verdict("en", guard.clean(text)) is not None


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("What broke first", 0),
        ("What broke first?", 0),  # a closing mark may follow
        ("What broke first? ", 1),
        ("**What broke first?**\n", 1),
        ("You said “why not? ", 0),
        ('You said "why not? Because', 0),
        ("You said “why not?” then. What broke? Be", 1),
        ("<think>What should I ask? Something", 0),
        ("<think>What should I ask?</think>What broke", 0),
        ("<think>What should I ask?</think>What broke? ", 1),
        ("무엇이 먼저 고장 났나요?\n", 1),
        ("Tell me what broke first. And", 0),
    ],
)
def test_a_reply_is_read_no_further_than_its_first_question(text: str, done: int) -> None:
    assert guard.whole(text) is bool(done)
