"""A third language is a folder of a few sentences and no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.language import pack
from server.language.roles import Roles
from tests.french import written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "fr")


def test_it_is_read_and_asked_from(folder: Path) -> None:
    french = pack.read(folder)
    nursing = french.questions("nursing", "experience")
    assert [question.text for question in nursing] == [
        "Racontez-moi une urgence que vous avez vécue.",
        "Pour experience, de quoi êtes-vous fier ?",
    ]
    assert french.competency("nursing", "experience").name == "Expérience clinique"
    assert french.competency("nursing", "knowledge").name == "knowledge"
    assert french.family("welding").focus == "votre travail"
    assert french.fill(french.facts["role"].text, role="infirmière") == "Pour infirmière."


def test_its_titles_are_known_beside_those_of_the_other_languages(folder: Path) -> None:
    roles = Roles([*pack.shipped().by_language.values(), pack.read(folder)])
    assert roles.family("Infirmière de bloc opératoire") == "nursing"
    assert roles.family("간호사") == "nursing"
    assert roles.family("Infirmièresque") == "general"


def test_it_stands_beside_the_shipped_ones(folder: Path) -> None:
    assert list(pack.read_all(folder.parent)) == ["fr"]
    missing = pack.differences(pack.read(folder), pack.shipped().of("en"))
    assert "fr: families/security.toml is missing, en has it" in missing
