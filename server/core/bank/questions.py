"""Where a language's questions are: a family's own, those for every role, those on the résumé."""

from __future__ import annotations

from server.core.bank import shared_en, shared_ko
from server.core.bank.family import Family
from server.core.events import Language

FAMILIES: dict[Language, dict[str, Family]] = {"ko": {}, "en": {}}
_SHARED = {"ko": shared_ko.SHARED, "en": shared_en.SHARED}
_FROM_RESUME = {"ko": shared_ko.FROM_RESUME, "en": shared_en.FROM_RESUME}


def of(language: Language, family: str) -> tuple[Family, Family, Family]:
    """The family's own questions, the shared ones, and those with slots for the résumé."""
    own = FAMILIES[language].get(family, Family())
    return own, _SHARED[language], _FROM_RESUME[language]
