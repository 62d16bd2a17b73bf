"""What each role family's questions are to find out, and what a good answer to them shows."""

from __future__ import annotations

import re

import pytest

from server.core import bank
from server.core.bank import questions
from server.core.dialogue.plan import draft_plan
from server.core.dialogue.rubric import competency, rubric
from server.core.dialogue.template import OwnQuestion, Rules, Stage
from server.core.events import Language
from server.core.state import Interview

LANGUAGES: tuple[Language, ...] = ("ko", "en")
OWN_STAGES = ("knowledge", "experience", "problem_solving")
RULES = Rules(
    stages=(Stage("introduction"), Stage("motivation"), Stage("knowledge", 2)),
    own=(OwnQuestion("knowledge", {"en": "What is TLS?"}, "Protocols", ("Knows the handshake",)),),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_says_what_its_questions_are_to_find_out(language: Language) -> None:
    for family in questions.FAMILIES[language]:
        shown: list[str] = []
        for stage in OWN_STAGES:
            own = bank.competency(family, stage, language)
            assert own is not None, (family, stage)
            shown += [own.name, *own.shown]
        assert len(set(shown)) == len(shown), family
        assert all(bool(re.search(r"[가-힣]", line)) is (language == "ko") for line in shown)


def said_of(family: str, stage: str, language: Language) -> list[str]:
    own = bank.competency(family, stage, language)
    name, shown = (own.name, own.shown) if own else ("", ())
    return [competency(stage, language, name), *rubric(stage, language, shown)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_somebody_speaks_is_never_looked_at(language: Language) -> None:
    said = re.compile(
        r"\b(?:tone|accent|confiden(?:t|ce)|nervous|calm|smil|gaze|voice|enthusias|personalit)"
        r"|억양|말투|자신감|표정|시선|목소리|태도|성격|긴장",
        re.IGNORECASE,
    )
    families = [*questions.FAMILIES[language], "unknown"]
    lines = [
        line
        for family in families
        for stage in ("introduction", "motivation", *OWN_STAGES, "collaboration", "closing")
        for line in said_of(family, stage, language)
    ]
    assert [line for line in lines if said.search(line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rubric_has_the_familys_points_first_and_no_more_than_four(language: Language) -> None:
    assert bank.competency("security", "collaboration", language) is None
    for family in questions.FAMILIES[language]:
        for stage in OWN_STAGES:
            own = bank.competency(family, stage, language)
            assert own is not None
            points = rubric(stage, language, own.shown)
            assert points[:2] == own.shown
            assert 3 <= len(points) == len(set(points)) <= 4


def test_a_plan_carries_the_competency_of_its_role_and_leaves_an_interviewers_own() -> None:
    interview = Interview("00000000-0000-7000-8000-000000000001", "Security Engineer", "en")
    first, motivation, own, knowledge = draft_plan(interview, RULES)
    assert first.competency == "Summary of relevant work"
    assert motivation.competency == "Motivation for the role and the company"
    assert (own.competency, own.rubric) == ("Protocols", ("Knows the handshake",))
    assert knowledge.competency == "Threat and risk judgement"


def test_an_interviewers_bare_question_is_not_measured_by_the_familys_points() -> None:
    interview = Interview("00000000-0000-7000-8000-000000000001", "Security Engineer", "en")
    rules = Rules(
        stages=(Stage("knowledge", 2),),
        own=(OwnQuestion("knowledge", {"en": "What is TLS?"}),),
    )
    _, own, knowledge = draft_plan(interview, rules)
    assert own.competency == competency("knowledge", "en") == "Knowledge of the role"
    assert own.rubric == rubric("knowledge", "en")
    assert not set(own.rubric) & set(knowledge.rubric[:2])
