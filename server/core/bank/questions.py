"""Where a language's questions are: a family's own, those for every role, those on the résumé."""

from __future__ import annotations

from server.core.bank import (
    business_en,
    business_ko,
    competencies_en,
    competencies_ko,
    shared_en,
    shared_ko,
    technical_en,
    technical_ko,
)
from server.core.bank.competency import Competency
from server.core.bank.family import Family
from server.core.events import Language

FAMILIES: dict[Language, dict[str, Family]] = {
    "ko": {**technical_ko.FAMILIES, **business_ko.FAMILIES},
    "en": {**technical_en.FAMILIES, **business_en.FAMILIES},
}
_SHARED = {"ko": shared_ko.SHARED, "en": shared_en.SHARED}
_FROM_RESUME = {"ko": shared_ko.FROM_RESUME, "en": shared_en.FROM_RESUME}


def of(language: Language, family: str) -> tuple[Family, Family, Family]:
    """The family's own questions, the shared ones, and those with slots for the résumé."""
    return FAMILIES[language][family], _SHARED[language], _FROM_RESUME[language]


_COMPETENCIES = {"ko": competencies_ko.COMPETENCIES, "en": competencies_en.COMPETENCIES}


def competency(family: str, stage: str, language: Language) -> Competency | None:
    """What the family's questions at this stage are to find out; None: what any role's are."""
    return _COMPETENCIES[language].get(family, {}).get(stage)
