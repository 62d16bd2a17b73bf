"""What in a résumé a question rests on."""

from __future__ import annotations

import pytest

from server.core.events import RestsOn
from workers.grounds import rests_on

RESUME = {
    "header": {"name": "김지은", "target_role": "백엔드 개발자"},
    "work": [{"name": "㈜한빛", "summary": "주문 시스템의 응답 시간을 40% 줄임"}],
    "projects": [{"name": "Go"}, {"name": "정산 자동화"}],
    "skills": [{"name": "언어", "keywords": ["Java", "JavaScript"]}],
}


@pytest.mark.parametrize(
    ("question", "path", "quote"),
    [
        ("한빛에서 맡으신 일 가운데 가장 책임이 컸던 일은 무엇인가요?", "work[0].name", "㈜한빛"),
        ("정산 자동화에서 직접 하신 일은 무엇인가요?", "projects[1].name", "정산 자동화"),
        ("JavaScript를 쓰신 이유는 무엇인가요?", "skills[0].keywords[1]", "JavaScript"),
        ("주문 시스템의 응답 시간을 어떻게 40% 줄이셨나요?", "work[0].summary",
         "주문 시스템의 응답 시간을 40% 줄임"),
        ("How would you go about good monitoring?", "header.target_role", "백엔드 개발자"),
    ],
)  # fmt: skip
def test_a_question_rests_on_what_it_names(question: str, path: str, quote: str) -> None:
    assert rests_on(question, RESUME) == (RestsOn(path, quote),)


def test_a_resume_that_states_nothing_is_no_ground() -> None:
    assert rests_on("Why?", {}) == ()
    assert rests_on("Why?", {"header": {"target_role": None}, "work": "x", "skills": [3]}) == ()


@pytest.mark.parametrize("unsure", ["entry", "name", "position"])
def test_no_question_rests_on_what_is_unsure(unsure: str) -> None:
    job = {"name": "Northwind", "position": "Tester", "summary": "Cut the build from nine minutes"}
    about = {"entry": "How did you cut the build from nine minutes?", "name": "What is Northwind?",
             "position": "What does a Tester do?"}  # fmt: skip
    sure = rests_on(about[unsure], {"work": [job]})
    doubted = job | {"confidence": {"entry": 0.9} | {unsure: 0.49}}
    assert sure
    assert rests_on(about[unsure], {"work": [doubted]}) == ()
