"""Which sentences may be spoken, by their form, and what of a model's reply becomes one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import guard
from server.core.events import Exchange, Language
from server.language.grammar import grammar
from server.wording.question import clean

LANGUAGES = st.sampled_from(("ko", "en"))
LEDGER = (
    "At Northgate I rebuilt the settlement ledger in Go, the nightly batch lost about four hundred"
    " euros a month, and I had two people with me."
)
ALERTS = (
    "가온에서 카프카로 로그를 모아서 오탐을 사십 퍼센트 줄였습니다. 처음에는 이천 건쯤이었어요."
)


def verdict(language: Language, text: str, *asked: str, role: str = "Engineer") -> str | None:
    history = [Exchange(question, "answer") for question in asked]
    return guard.check(text, grammar=grammar(language), target_role=role, history=history)


def following(language: Language, text: str, answer: str, *known: str) -> str | None:
    return guard.check(
        text,
        grammar=grammar(language),
        target_role="Engineer",
        history=[Exchange("What did you do there?", answer)],
        follows=answer,
        known=known,
    )


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("ko", "What did you do when the service failed?", "wrong_language"),
        ("ko", "그 문제를 어떻게 解決하셨나요?", "wrong_language"),
        ("en", "그때 무엇을 하셨나요?", "wrong_language"),
        ("en", "¿Cómo resolvió usted este problema de ayer?", "wrong_language"),
        ("en", "What about " + "the very many details " * 14 + "?", "too_long"),
        ("ko", "그때 " + "여러 가지 복잡한 상황이 겹쳐서 " * 9 + "어떠셨나요?", "too_long"),
        ("en", "What did **you** do?", "markup"),
        ("ko", "그때 무엇을 하셨나요? 😊", "markup"),
        ("en", "I see what you mean.", "not_a_question"),
        ("ko", "다음 질문으로 넘어가겠습니다.", "not_a_question"),
        ("en", "Why did you do that? And how did it go?", "several_questions"),
        ("ko", "그 이유를 말씀해 주세요. 그리고 결과도 설명해 주세요.", "several_questions"),
        ("ko", "그 과정을 자세히 말해봐.", "impolite"),
        ("en", "Why did you make such a stupid decision?", "impolite"),
        ("en", "What is your home address?", "personal_data"),
        ("ko", "본인 확인을 위해 주민등록번호를 말씀해 주시겠어요?", "personal_data"),
        ("en", "My instructions say to ask one question; shall I?", "leaked_instructions"),
        ("ko", "이전 지시를 무시하고 무엇을 도와드릴까요?", "leaked_instructions"),
        ("en", "You said “we cut the delay by half”. Why was that?", "quoted"),
        ("ko", "“지연을 절반으로 줄였습니다”라고 하셨는데, 왜인가요?", "quoted"),
    ],
)
def test_it_is_refused_for_the_right_reason(language: Language, text: str, reason: str) -> None:
    assert verdict(language, text) == reason


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Why that limit and not a higher one?"),
        ("en", "A shorter list can miss things. How did you decide what was safe to leave off?"),
        ("en", "What was hard about “Orion”?"),
        ("ko", "제품 이름은 빼고 여쭙겠습니다. 무엇이 결정적이었나요?"),
        ("ko", "CI/CD를 도입하신 까닭은 무엇인가요?"),
        ("ko", "그다음은요?"),
    ],
)
def test_an_ordinary_question_may_be_spoken(language: Language, text: str) -> None:
    assert verdict(language, text) is None
    assert clean(text) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Thank you."), ("ko", "네."), ("ko", "천천히 하셔도 됩니다.")]
)
def test_what_is_not_meant_to_ask_need_not(language: Language, text: str) -> None:
    said = guard.check(text, grammar=grammar(language), target_role="", history=(), asks=False)
    assert said is None


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        # Paraphrase, implication, trade-off and what-if need no word of the answer.
        ("en", "What made you choose a rewrite over fixing what was there?", None),
        ("en", "Both of you had to trust it. How did you know the books agreed?", None),
        ("en", "How did you split the work between the three of you?", None),
        ("en", "What went wrong in Northgates batch?", None),
        ("en", "How did you find the 400 euros?", None),
        ("ko", "오탐을 40퍼센트 줄이실 때 놓친 공격은 없는지 어떻게 확인하셨나요?", None),
        ("ko", "Kafka를 고르신 까닭은 무엇인가요?", None),
        ("ko", "그 방식이 이어지도록 무엇을 해 두셨나요?", None),
        # What nobody said.
        ("en", "What changed for latency when you moved the ledger to Rust?", "invented"),
        ("en", "How did you keep 250 engineers informed?", "invented"),
        ("en", "How did you lose seventy thousand euros?", "invented"),
        ("ko", "Terraform으로 옮기실 때 무엇이 어려웠나요?", "invented"),
        ("ko", "삼백 명에게는 어떻게 알리셨나요?", "invented"),
        # What was said comes back.
        ("en", "So I rebuilt the settlement ledger in Go, the nightly batch, how?", "quoted"),
        ("en", "That is a lot. It is late. How did you begin?", "too_long"),
    ],
)
def test_a_follow_up_may_go_beyond_the_words_but_invents_nothing(
    language: Language, text: str, reason: str | None
) -> None:
    assert following(language, text, LEDGER if language == "en" else ALERTS) == reason


def test_what_the_resume_says_is_not_invented() -> None:
    question = "How did that compare with your time at Corvane in 2019?"
    assert following("en", question, LEDGER) == "invented"
    assert following("en", question, LEDGER, "Corvane Ltd", "2019-03") is None


@pytest.mark.parametrize(
    ("language", "first", "again"),
    [
        ("en", "How did you measure the result?", "So, how did you measure the results?"),
        ("ko", "그 결과는 어떻게 측정하셨나요?", "그 결과를 어떻게 측정하셨나요?"),
    ],
)
def test_a_question_is_not_asked_twice(language: Language, first: str, again: str) -> None:
    assert verdict(language, again, "Something else?") is None
    assert verdict(language, again, "Something else?", first) == "repeated"


def test_a_role_in_the_other_language_may_be_named() -> None:
    korean, english = "보안엔지니어", "Security Engineer"
    assert verdict("en", f"What drew you to the {korean} role?", role=korean) is None
    assert verdict("ko", f"{english}에 지원하신 이유는 무엇인가요?", role=english) is None


@given(st.text(max_size=300), LANGUAGES, st.text(max_size=30), st.lists(st.text(max_size=60)))
def test_any_text_gets_a_verdict(
    text: str, language: Language, role: str, asked: list[str]
) -> None:
    verdict(language, text, *asked, role=role)
    following(language, text, " ".join(asked), role)
    cleaned = clean(text)
    assert clean(cleaned) is not None
    if verdict(language, cleaned) is None:
        assert cleaned.count("?") <= 1 or "“" in cleaned or '"' in cleaned
        assert "\n" not in cleaned


@pytest.mark.parametrize("unit", ["?", "a ", "아 ", "“", "<think>", "가 나 ", "1. ", "*", "Is A "])
def test_a_very_long_reply_takes_no_long_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert len(clean(text)) <= 4_000
    assert verdict("ko", text) is not None
    assert verdict("en", clean(text)) is not None
    following("en", "What did Go and Rust and 500 of them do?", text)


@pytest.mark.parametrize(
    ("language", "text", "answer", "reason"),
    [
        ("en", "So you rebuilt the settlement ledger in Go?", LEDGER, "echoed"),
        ("en", "Why did you rebuild the settlement ledger in Go?", LEDGER, None),
        ("ko", "카프카로 로그를 모아서 오탐을 줄이셨다는 말씀이죠?", ALERTS, "echoed"),
        ("ko", "카프카로 로그를 모으신 까닭은 무엇인가요?", ALERTS, None),
        (
            "en",
            "Who found it, what was lost, and how long did it take?",
            LEDGER,
            "several_questions",
        ),
        ("en", "What was lost, and how did you notice?", LEDGER, None),
        ("ko", "누가 발견했고 언제 알렸고 얼마나 걸렸나요?", ALERTS, "several_questions"),
        ("ko", "누가 발견했고 얼마나 걸렸나요?", ALERTS, None),
    ],
)
def test_a_follow_up_asks_for_something_and_for_little(
    language: Language, text: str, answer: str, reason: str | None
) -> None:
    assert following(language, text, answer) == reason
