"""What questions are to find out: readable off a transcript, the family's own points first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from server.core.interview import Interview
from server.core.rules import OwnQuestion, Rules, Stage
from server.language.pack import shipped
from server.language.speech import Pack
from server.plan import MOST_LINES, draft_plan

PACKS = shipped()
LANGUAGES = list(PACKS.by_language)
OWN_STAGES = ("knowledge", "experience", "problem_solving")
STAGES = ("introduction", "motivation", *OWN_STAGES, "collaboration", "closing")
RULES = Rules(
    stages=(Stage("introduction"), Stage("motivation"), Stage("knowledge", 2)),
    own=(OwnQuestion("knowledge", {"en": "What is TLS?"}, "Cryptography", ("Names the parts",)),),
)


def rubric(pack: Pack, stage: str, family: str | None) -> tuple[str, ...]:
    return tuple(line.text for line in pack.lines(family, stage))[:MOST_LINES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_somebody_speaks_is_never_looked_at(language: str) -> None:
    said = re.compile(
        r"자신감|목소리|말투|표정|억양|발음|유창|또박또박|밝은|침착하게 말"
        r"|\b(confiden|voice|tone|accent|fluen|smil|calm|eye contact|pronounc)",
        re.IGNORECASE,
    )
    pack = PACKS.of(language)
    lines = [
        line
        for family in pack.families.values()
        for own in family.competency.values()
        for line in (own.name, *own.levels, *(line.text for line in own.lines))
    ]
    lines += [line for s in pack.stages.values() for line in s.competency.levels]
    assert [line for line in lines if said.search(line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rubric_has_the_familys_points_first_and_no_more_than_four(language: str) -> None:
    pack = PACKS.of(language)
    assert rubric(pack, "collaboration", "security") == rubric(pack, "collaboration", None)
    assert rubric(pack, "smalltalk", None) == rubric(pack, "experience", None)
    for name, family in pack.families.items():
        for stage in OWN_STAGES:
            own = pack.competency(name, stage)
            points = rubric(pack, stage, name)
            assert points[:2] == tuple(line.text for line in own.lines)
            assert 3 <= len(points) == len(set(points)) <= 4
            assert own.name == family.competency[stage].name  # type: ignore[index]


def test_every_question_of_a_plan_has_a_competency_and_a_rubric() -> None:
    interview = Interview(
        "00000000-0000-7000-8000-000000000001", "Security Engineer", "en", packs=PACKS
    )
    first, motivation, own, knowledge = draft_plan(replace(interview, rules=RULES))
    assert first.competency == "Summary of relevant work"
    assert motivation.rubric[0].startswith("Connects the choice of this role")
    assert (own.competency, own.rubric) == ("Cryptography", ("Names the parts",))
    assert knowledge.competency == "Threat and risk judgement"
    assert knowledge.rubric[0].startswith("Ranks what is affected")


def test_an_interviewers_bare_question_is_not_measured_by_the_familys_points() -> None:
    interview = Interview(
        "00000000-0000-7000-8000-000000000001", "Security Engineer", "en", packs=PACKS
    )
    rules = Rules(
        stages=(Stage("introduction"), Stage("knowledge", 2)),
        own=(OwnQuestion("knowledge", {"en": "What is TLS?"}),),
    )
    _, own, knowledge = draft_plan(replace(interview, rules=rules))
    assert own.competency == "Knowledge of the role"
    assert own.rubric == rubric(PACKS.of("en"), "knowledge", None)
    assert not set(own.rubric) & set(knowledge.rubric[:2])
