"""What is asked about a company: which samples belong to which of a template's facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from server.core.events import CompanyFact, Language
from server.core.understanding import COMPANY
from server.language.texts import Subject


def told_in(language: Language, company: Sequence[CompanyFact]) -> dict[str, tuple[str, str]]:
    """By which words a fact about the company is asked for, and its text, by its name."""
    return {
        f"{COMPANY}{place}": (fact.topic, fact.text[language])
        for place, fact in enumerate(company)
        if language in fact.text
    }


def asked_of_company(
    subjects: Mapping[str, Subject], topics: Sequence[str], *, compounds: bool
) -> tuple[list[tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """For each topic the ways to ask for it, and by name those of the subjects that no topic is
    about. ``compounds``: words are not parted, so a subject's word may stand inside another."""
    left = {name: subject.asked for name, subject in subjects.items()}
    asked: list[tuple[str, ...]] = []
    for topic in topics:
        parts = parted(topic)
        about = [
            name for name, one in subjects.items() if _is_about(parts, one, compounds=compounds)
        ]
        samples = (text for name in about for text in subjects[name].asked)
        asked.append((*parts, *samples))
        for name in about:
            left.pop(name, None)
    return asked, left


def parted(topic: str) -> list[str]:
    return [one for one in re.split(r"[,/·]\s*", topic) if one]


def _is_about(parts: Sequence[str], subject: Subject, *, compounds: bool) -> bool:
    edge = "" if compounds else " "
    said = f"{edge}{' '.join(parts).casefold()}{edge}"
    return any(f"{edge}{word.casefold()}{edge}" in said for word in subject.words)
