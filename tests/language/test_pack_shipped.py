"""The packs that come with viva ask the same in every language."""

from __future__ import annotations

import itertools
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from server.language import pack
from server.language.families import CoreQuestion
from server.language.speech import Pack

ROOT = Path(__file__).parents[2]
PACKS = pack.shipped().by_language


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(PACKS, 2)))
def test_languages_ask_the_same_in_the_same_order(one: str, other: str) -> None:
    assert pack.differences(PACKS[one], PACKS[other]) == []


def asked(language: Pack) -> list[tuple[str, str]]:
    """Every core question with where it stands."""
    found: list[tuple[str, str]] = []
    for name, family in language.families.items():
        found += ((name, question.text) for question in family.question)
    for name, stage in language.stages.items():
        found += ((name, question.text) for question in stage.question)
    return found


@pytest.mark.parametrize("language", list(PACKS))
def test_no_family_asks_twice(language: str) -> None:
    questions = asked(PACKS[language])
    assert len(set(questions)) == len(questions)
    shared = {text for name, text in questions if name in PACKS[language].stages}
    assert not [text for name, text in questions if name not in PACKS[language].stages
                and text in shared]  # fmt: skip


@pytest.mark.parametrize("language", list(PACKS))
def test_every_candidate_of_a_family_gets_the_same_questions(language: str) -> None:
    spoken = PACKS[language]
    first = spoken.questions("nursing", "experience")
    assert first == spoken.questions("nursing", "experience")
    assert first[0] == spoken.families["nursing"].of("experience")[0]
    assert isinstance(first[-1], CoreQuestion)
    assert first[-1].text == spoken.stages["experience"].question[-1].text


@pytest.mark.parametrize("language", list(PACKS))
def test_every_kind_of_question_has_probes(language: str) -> None:
    spoken = PACKS[language]
    for family in spoken.families.values():
        for question in family.question:
            assert spoken.probes[spoken.kind(question)]


def test_packs_travel_in_the_wheel(tmp_path: Path) -> None:
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    inside = set(zipfile.ZipFile(wheel).namelist())
    files = {str(path.relative_to(ROOT)) for path in pack.PACKS.rglob("*.toml")}
    assert len(files) > 50
    assert files <= inside
