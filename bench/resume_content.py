"""Made-up people with what their résumés tell, in six languages; nothing of it is about anybody.

``make_person`` gives the same person for the same dice. Every value that a reader should find is a
plain text here; how it is set on a page is the business of ``bench.resume_layouts``.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("en", "ko", "de", "ja", "zh", "fr")

Date = tuple[int, int]
"""Year and month; (0, 0) is now."""
NOW: Date = (0, 0)
_FILE = Path(__file__).resolve().parents[1] / "data" / "resume_content.toml"
CONTENT = tomllib.loads(_FILE.read_text(encoding="utf-8"))


@dataclass
class Job:
    org: str
    title: str
    place: str
    start: Date
    end: Date
    body: list[str]
    dept: str = ""
    about: str = ""


@dataclass
class School:
    org: str
    degree: str
    area: str
    place: str
    start: Date
    end: Date
    score: str = ""
    body: list[str] = field(default_factory=list)


@dataclass
class Work:
    """A project."""

    name: str
    role: str
    start: Date
    end: Date
    tech: str
    body: list[str]


@dataclass
class Person:
    language: str
    name: str
    role: str | None
    email: str
    phone: str
    place: str
    summary: str
    jobs: list[Job]
    schools: list[School]
    projects: list[Work]
    skills: list[tuple[str, list[str]]]
    spoken: list[tuple[str, str]]
    certificates: list[tuple[str, str, Date]]
    awards: list[tuple[str, str, Date]]
    others: list[tuple[str, list[str]]]


def choices(table: str, language: str) -> list[str]:
    found: list[str] = CONTENT[table][language].split("|")
    return found


def pick(dice: random.Random, table: str, language: str) -> str:
    return dice.choice(choices(table, language))


def org_name(dice: random.Random, language: str) -> str:
    own = language if dice.random() < 0.85 else "en"
    return pick(dice, "org_forms", own).format(pick(dice, "org_stems", own))


def sentences(dice: random.Random, language: str, least: int, most: int) -> list[str]:
    chosen = dice.sample(choices("sentences", language), min(dice.randint(least, most), 5))
    return [each.format(n=dice.randint(3, 98), y=dice.randint(2009, 2023)) for each in chosen]


def make_person(dice: random.Random, language: str) -> Person:
    now = 2025
    jobs: list[Job] = []
    year, month = now, dice.randint(1, 12)
    for number in range(dice.choice([1, 2, 2, 3, 3, 4, 5, 6])):
        end = NOW if number == 0 and dice.random() < 0.6 else (year, month)
        months = dice.randint(2, 50)
        at = year * 12 + month - 1 - months
        start = (at // 12, at % 12 + 1)
        gap = at - dice.choice([0, 1, 3, 6])
        year, month = gap // 12, gap % 12 + 1
        least = dice.choice([0, 1, 1, 2])
        jobs.append(
            Job(org_name(dice, language), pick(dice, "titles", language), pick(dice, "places", language),
                start, end, sentences(dice, language, least, 4),
                pick(dice, "depts", language) if dice.random() < 0.4 else "",
                pick(dice, "about", language) if dice.random() < 0.12 else "")
        )  # fmt: skip
    schools: list[School] = []
    year = min(year, 2019)
    for _ in range(dice.choice([1, 1, 2, 2, 3])):
        stem = pick(dice, "org_stems", language)
        schools.append(
            School(pick(dice, "schools", language).format(stem), pick(dice, "degrees", language),
                   pick(dice, "areas", language), pick(dice, "places", language),
                   (year - 4, dice.choice([3, 4, 9, 10])), (year, dice.choice([2, 3, 6, 7])),
                   dice.choice(["", "", "3.8/4.0", "4.1/4.5", "3.52 / 4.5"]),
                   sentences(dice, language, 0, 1) if dice.random() < 0.3 else [])
        )  # fmt: skip
        year -= 4
    return Person(
        language=language,
        name=pick(dice, "names", language),
        role=pick(dice, "titles", language) if dice.random() < 0.6 else None,
        email=f"{dice.choice(['hello', 'contact.me', 'work', 'me.1991'])}@example.com",
        phone="010-1234-5678" if language == "ko" else "+44 20 7946 0958",
        place=pick(dice, "places", language),
        summary=" ".join(
            each.format(n=dice.randint(2, 15), y=dice.randint(2009, 2020))
            for each in dice.sample(choices("summaries", language), 1)
        ),
        jobs=jobs,
        schools=schools,
        projects=_projects(dice, language),
        skills=_skills(dice, language),
        spoken=_spoken(dice, language),
        certificates=_listed(dice, "certificates", language),
        awards=_listed(dice, "awards", language),
        others=_others(dice, language),
    )


def _projects(dice: random.Random, language: str) -> list[Work]:
    names = choices("project_names", language)
    found = []
    for name in dice.sample(names, min(dice.choice([0, 1, 2, 3, 4]), len(names))):
        year, month = dice.randint(2015, 2023), dice.randint(1, 9)
        found.append(
            Work(name, pick(dice, "project_roles", language), (year, month),
                 (year, month + dice.randint(1, 3)), ", ".join(dice.sample(choices("skills", "all"), 3)),
                 sentences(dice, language, 1, 3))
        )  # fmt: skip
    return found


def _skills(dice: random.Random, language: str) -> list[tuple[str, list[str]]]:
    groups = dice.sample(choices("groups", language), dice.choice([1, 2, 3]))
    chosen = dice.sample(choices("skills", "all"), dice.randint(5, 16))
    size = -(-len(chosen) // len(groups))
    cut = [chosen[at : at + size] for at in range(0, len(chosen), size)]
    return list(zip(groups, cut, strict=False))


def _spoken(dice: random.Random, language: str) -> list[tuple[str, str]]:
    listed = [each.split(":") for each in choices("spoken", language)]
    return [(one, level) for one, level in dice.sample(listed, dice.choice([0, 1, 2, 2]))]


def _listed(dice: random.Random, table: str, language: str) -> list[tuple[str, str, Date]]:
    listed = choices(table, language)
    found = []
    for each in dice.sample(listed, min(dice.choice([0, 0, 1, 2]), len(listed))):
        name, issuer = each.rsplit("/", 1)
        found.append((name, issuer, (dice.randint(2012, 2023), dice.randint(1, 12))))
    return found


def _others(dice: random.Random, language: str) -> list[tuple[str, list[str]]]:
    titles = dice.sample(choices("others", language), dice.choice([0, 1, 1, 2]))
    return [(title, sentences(dice, language, 1, 3)) for title in titles]
