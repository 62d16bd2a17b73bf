"""Whether words are the question's own, come back."""

from __future__ import annotations

import pytest

from server.language.own_voice import is_own_voice

QUESTION = (
    "Thank you. Which part of moving the reports was yours, and how did you know that it worked?"
)
KOREAN = "감사합니다. 지난해에 맡으신 일 가운데 가장 어려웠던 것은 무엇이었나요?"


@pytest.mark.parametrize(
    ("heard", "spoken"),
    [
        ("which part of moving the reports", QUESTION),
        ("Witch part of moving the report.", QUESTION),
        ("and how did you know that it", QUESTION),
        ("지난해에 맡으신 일 가운데", KOREAN),
        ("가장 어려웠던 거슨 무엇", KOREAN),
    ],
)
def test_an_echo_is_known_also_where_it_was_badly_heard(heard: str, spoken: str) -> None:
    assert is_own_voice(heard, spoken)


@pytest.mark.parametrize(
    ("heard", "spoken"),
    [
        ("", QUESTION),
        ("Yes.", QUESTION),
        ("Sorry, could you say that again?", QUESTION),
        ("I moved the reports to a queue that three of us could watch", QUESTION),
        ("My part was the schema, the rest was done by a colleague", QUESTION),
        ("I would like to stop here.", "Would you like to end the interview here?"),
        ("네, 말씀드릴게요", KOREAN),
        ("작년에는 정산 시스템을 옮기는 일이 제일 힘들었습니다", KOREAN),
    ],
)
def test_what_somebody_says_is_not_one(heard: str, spoken: str) -> None:
    assert not is_own_voice(heard, spoken)
