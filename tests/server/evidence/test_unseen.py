"""Whoever looks for evidence sees no name, school, age or sound that wins time."""

from __future__ import annotations

import pytest

from server.evidence.unseen import MARK, hidden, veiled

RESUME = {
    "header": {"name": "서지안", "name_alt": "Jian Seo"},
    "education": [{"institution": "한빛대학교"}, {"institution": "Harrow College"}, {}],
}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("저는 서지안이고 한빛대학교를 나왔습니다", f"저는 {MARK}이고 {MARK}를 나왔습니다"),
        ("지안 씨가 물었습니다", f"{MARK} 씨가 물었습니다"),
        ("I am Jian and went to harrow college.", f"I am {MARK} and went to {MARK}."),
        ("I was twenty-six years old then", f"I was {MARK} then"),
        ("서른두 살에 시작했고 95년생입니다", f"{MARK}에 시작했고 {MARK}입니다"),
        ("음, 어 저는 um, uh the queue", "저는 the queue"),
        ("3세대 장비와 two years later", "3세대 장비와 two years later"),
    ],
)
def test_what_is_shown(said: str, shown: str) -> None:
    assert veiled(said, hidden(RESUME), ("음", "어", "um", "uh")) == shown


def test_a_resume_without_a_name_hides_nothing() -> None:
    assert hidden({"header": {"name": None}}) == []
    assert hidden({}) == []
