"""Twenty-four scripted candidates through whole interviews with the bank: what must hold of all."""

from __future__ import annotations

import asyncio

import pytest

from bench.eval_interview import Figures, Held, grounded, hold_all
from bench.personas import PERSONAS
from server.core.events import InterviewEnded


@pytest.fixture(scope="module")
def interviews() -> list[Held]:
    with asyncio.Runner() as loop:
        return hold_all(None, loop)


def test_there_are_enough_personas_in_both_languages() -> None:
    languages = [persona.language for persona in PERSONAS]
    assert len(PERSONAS) >= 20
    assert min(languages.count("ko"), languages.count("en")) >= 10


def test_every_interview_comes_to_its_end(interviews: list[Held]) -> None:
    for held in interviews:
        (ended,) = held.all(InterviewEnded)
        assert ended.reason in ("complete", "no_answer"), held.persona.name


def test_nothing_forbidden_nothing_twice_and_follow_ups_hold_on_to_the_answer(
    interviews: list[Held],
) -> None:
    figures = Figures()
    for held in interviews:
        figures.add(held)
    assert figures.forbidden == 0
    assert figures.repeats == 0
    assert figures.follow_ups >= 40
    assert figures.grounded / figures.follow_ups >= 0.7


def test_the_whole_plan_of_the_standard_template_is_asked(interviews: list[Held]) -> None:
    strong = next(held for held in interviews if held.persona.name == "strong")
    assert [q.stage for q in strong.asked if q.kind != "follow_up"] == [
        "introduction", "motivation", "knowledge", "experience", "problem_solving",
        "collaboration", "closing", "closing",
    ]  # fmt: skip


def test_grounding_is_told_from_its_absence() -> None:
    answer = "We kept both paths running for a month."
    assert grounded("You mentioned “both paths running”. What did that cost?", answer)
    assert not grounded("What is your greatest strength?", answer)
    assert grounded("오탐을 어떻게 줄이셨나요?", "오탐을 삼십 퍼센트 줄였습니다.")
