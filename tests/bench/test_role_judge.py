"""The judge of the evaluation tells a role's questions from those of other roles."""

from __future__ import annotations

import pytest

from bench.role_judge import off_role
from server.core.events import Language
from server.core.pack import GENERAL
from server.language.pack import shipped

ROLES: dict[Language, tuple[str, ...]] = {
    "en": ("Security Engineer", "Backend Developer", "Nurse", "Sales Manager", "Accountant"),
    "ko": ("보안 엔지니어", "백엔드 개발자", "간호사", "영업", "재무"),
}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_other_roles_questions_are_noticed_and_ones_own_are_not(language: Language) -> None:
    for role in ROLES[language]:
        judged = {
            name: [off_role(question.text, "", role, language) for question in family.question]
            for name, family in shipped().of(language).families.items()
        }
        assert not any(judged.pop(shipped().family(role)) + judged.pop(GENERAL))
        others = [one for several in judged.values() for one in several]
        assert sum(others) / len(others) > 0.9, role


def test_a_security_engineer_is_not_to_be_asked_a_nurses_questions() -> None:
    nurse = "When you hand over patients at the change of shift, what must never be left out?"
    assert off_role(nurse, "", "Security Engineer", "en")
    assert not off_role(nurse, "", "Nurse", "en")
    assert not off_role("How did you find the cause?", "", "Security Engineer", "en")
