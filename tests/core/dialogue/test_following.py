"""The built-in interviewer's follow-ups."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.dialogue.following import follow_up
from server.core.events import Brief, Exchange, Language

LANGUAGES: tuple[Language, ...] = ("ko", "en")
languages = st.sampled_from(LANGUAGES)


def brief(language: Language, *answers: str, questions: tuple[str, ...] = ()) -> Brief:
    asked = [*questions, *["Opening?"] * len(answers)]
    history = tuple(map(Exchange, asked, answers))
    return Brief("Engineer", language, {}, history)


def test_a_follow_up_quotes_the_last_answer() -> None:
    asked = follow_up(brief("ko", "다른 말", "결제 서비스를 야간 배치에서 카프카로 옮겼습니다"))
    assert asked is not None
    assert asked.split("“")[1].split("”")[0] == "결제 서비스를 야간 배치에서 카프카로 옮겼습니다"
    assert "”라고 " in asked


@pytest.mark.parametrize("answer", ["", "네", "잘 모르겠습니다", "yes", "I don't know."])
def test_where_nothing_was_said_there_is_no_follow_up(answer: str) -> None:
    assert follow_up(brief("ko", answer)) is None
    assert follow_up(brief("en", answer)) is None


def test_there_is_no_follow_up_before_the_first_answer() -> None:
    assert follow_up(brief("en")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_is_used_twice_until_there_are_no_more(language: Language) -> None:
    exchanges: list[Exchange] = []
    bare: list[str] = []
    while True:
        number = len(exchanges)
        answer = (
            f"서버 {number}번의 응답 시간을 절반으로 줄였습니다"
            if language == "ko"
            else f"I reduced the load of server {number} by half."
        )
        asked = follow_up(Brief("r", language, {}, (*exchanges, Exchange("Opening?", answer))))
        if asked is None:
            break
        bare.append(re.sub("“.*?”", "", asked))
        exchanges.append(Exchange(asked, answer))
    assert len(set(bare)) == len(bare)
    assert len(bare) >= 12


def test_the_same_words_are_not_quoted_again() -> None:
    answer = "I rebuilt the billing system from scratch."
    first = follow_up(brief("en", answer))
    assert first is not None
    again = Brief("r", "en", {}, (Exchange("Opening?", answer), Exchange(first, answer)))
    assert follow_up(again) is None


@given(st.lists(st.text(max_size=80), max_size=4), languages)
def test_a_follow_up_is_always_verbatim(answers: list[str], language: Language) -> None:
    asked = follow_up(brief(language, *answers))
    if asked is not None:
        assert asked.split("“")[1].split("”")[0] in answers[-1]
