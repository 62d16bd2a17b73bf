"""Sections -> work, education, projects, certificates, awards, skills, languages, essays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from server.document.resume import (
    Award,
    Certificate,
    Education,
    Project,
    Publication,
    RawSection,
    SelfIntroduction,
    Skill,
    SpokenLanguage,
    Volunteer,
    Work,
)
from workers.reading import keywords
from workers.reading.dates import is_date
from workers.reading.entries import split_entries
from workers.reading.entry import Entry, Group
from workers.reading.happenings import Stay, stays
from workers.reading.labels import squash
from workers.reading.rows import row_text, rows_of, section_rows
from workers.reading.sections import Section
from workers.reading.vocabulary import column_kind, shapes, text_shapes
from workers.reading.words import is_hangul, pattern, words

_SCORE = re.compile(
    rf"(?:{'|'.join(sorted(words('history', 'scores')))})\s*+(?:average\s*+)?[:：]?\s*+"
    r"(\d(?:\.\d+)?\s*(?:/\s*\d(?:\.\d+)?)?|\d{2,3}\s*/\s*100|\d\.\d+)",
    re.IGNORECASE,
)
_DEGREE_IN = re.compile(r"((?:[A-Z][\w.'’]{0,12}\s){0,2}[A-Z][\w.'’]{0,12})\s(?:in|of)\s(\S.*)")
_ROLE_LABEL = re.compile(rf"^(?:{pattern('role_labels')})\s*[:：]\s*(.+)$", re.IGNORECASE)
_QUESTION = re.compile(rf"\?$|(?:{pattern('asks')})\.?$|{pattern('asks_to_tell')}")
Held = tuple[Entry, bool]
"""An entry among the jobs, and whether it is a study."""
_MOST = 60
_LONGEST_RAW = 4_000
_CLOSE = 0.1
_BESIDE = 24.0


def works(sections: Sequence[Section], jobs: Sequence[Held]) -> tuple[Work, ...]:
    """``jobs`` is what stands among them: ``among_jobs``."""
    found = [Work(stay.name, None, stay.start, stay.end) for stay in _stays(sections, "work")]
    for entry, study in jobs:
        if study:
            continue
        name, position = entry.of("org"), entry.of("title")
        if name is None and position is not None and found and _goes_on(entry):
            name = found[-1].name
        found.append(
            Work(
                name, position, entry.start, entry.end, entry.summary, tuple(entry.highlights),
                entry.confidence(name="org", position="title"),
            )
        )  # fmt: skip
    return tuple(_told_once(each for each in found if each.name or each.position))[:_MOST]


def _told_once(works: Iterable[Work]) -> Iterator[Work]:
    """A table of all jobs stands above what is told of each: the same employer and time again adds
    what was done."""
    found: dict[object, Work] = {}
    for at, work in enumerate(works):
        key = (squash(work.name or ""), work.startDate, work.endDate)
        before = found.get(key)
        same = before is not None and (
            work.position is None or before.position in (None, work.position)
        )
        if before is None or not same or not (work.name and work.startDate):
            found[key if before is None else at] = work
            continue
        found[key] = replace(
            before, position=before.position or work.position,
            summary=before.summary or work.summary,
            highlights=before.highlights or work.highlights,
        )  # fmt: skip
    yield from found.values()


def volunteering(sections: Sequence[Section]) -> tuple[Volunteer, ...]:
    return tuple(
        Volunteer(
            entry.of("org"), entry.of("title"), entry.start, entry.end, entry.summary,
            tuple(entry.highlights), entry.confidence(organization="org", position="title"),
        )
        for entry in _entries(sections, "work", ("volunteer",))
        if entry.has("org") or entry.has("title")
    )[:_MOST]  # fmt: skip


def publications(sections: Sequence[Section]) -> tuple[Publication, ...]:
    """One a row; rows that go on belong to the one above."""
    found: list[tuple[str, str | None]] = []
    for section in sections:
        if section.kind != "publications":
            continue
        for row in section_rows(section.lines):
            goes_on = found and not row.marked and (row.text[:1].islower() or row.gap < _CLOSE)
            date = row.spans[0].start if row.spans else None
            if goes_on:
                found[-1] = (f"{found[-1][0]} {row.text}", found[-1][1] or date)
            else:
                found.append((row.text, date))
    return tuple(Publication(name, date) for name, date in found)[:_MOST]


def summary(sections: Sequence[Section]) -> str | None:
    return next((each.text for each in raw_sections(sections) if each.kind == "summary"), None)


def raw_sections(sections: Sequence[Section]) -> tuple[RawSection, ...]:
    """Every section under a heading, as it stands."""
    found = []
    for section in sections:
        text = "\n".join(row_text(row) for row in rows_of(section.lines))[:_LONGEST_RAW]
        if section.title and text:
            page = section.lines[0].page
            found.append(
                RawSection(section.kind, section.title, page, text, round(section.sure, 2))
            )
    return tuple(found)[:_MOST]


def _stays(sections: Sequence[Section], group: str) -> Iterator[Stay]:
    for section in sections:
        if section.kind in ("work", "education", "training"):
            yield from (stay for stay in stays(section_rows(section.lines)) if stay.group == group)


def _school(text: str) -> tuple[str | None, str | None]:
    """The school and what was studied there."""
    parts = text.split()
    school = next((at for at, part in enumerate(parts) if "school" in shapes(part)), 0)
    return " ".join(parts[: school + 1]) or None, " ".join(parts[school + 1 :]) or None


def _goes_on(entry: Entry) -> bool:
    """A further post at the employer above: it has a title and dates, and no employer."""
    return entry.start is not None


def among_jobs(sections: Sequence[Section]) -> list[Held]:
    return [
        (entry, _is_study(entry, section.mixed))
        for section in sections
        for entry in _entries([section], "work", ("work",))
    ]


def _is_study(entry: Entry, mixed: bool) -> bool:
    """Among jobs a school where a degree was taken; under 'Education and career' a school where
    nothing was held, or what is learned."""
    where, held = (text_shapes(entry.of(part) or "") for part in ("org", "title"))
    if "role" in held:
        return False
    if mixed and ("school" in where or "degree" in held):
        return True
    return "school" in where and "degree" in held


def educations(sections: Sequence[Section], jobs: Sequence[Held]) -> tuple[Education, ...]:
    found = [
        Education(*_school(stay.name), startDate=stay.start, endDate=stay.end)
        for stay in _stays(sections, "school")
    ]
    for entry in _entries(sections, "education", _school_kinds(sections)):
        told = " ".join([*(row.text for row in entry.rows), *entry.texts, *entry.highlights])
        score = _SCORE.search(told)
        area, degree = entry.of("area"), entry.of("degree")
        if degree is None and area is not None and (both := _DEGREE_IN.match(area)):
            degree, area = both[1], both[2]
        found.append(
            Education(
                institution=entry.of("org"),
                area=area,
                studyType=degree,
                score=" ".join(score.group(1).split()) if score else None,
                startDate=entry.start if entry.end or _is_a_period(entry) else None,
                endDate=entry.end or entry.start,
                confidence=entry.confidence(institution="org", area="area", studyType="degree"),
            )
        )
    found += [
        Education(
            institution=entry.of("org"), studyType=entry.of("title"),
            startDate=entry.start if entry.end else None, endDate=entry.end or entry.start,
            confidence=entry.confidence(institution="org", studyType="title"),
        )
        for entry, study in jobs
        if study
    ]  # fmt: skip
    return tuple(each for each in found if each.institution or each.studyType)[:_MOST]


def _school_kinds(sections: Sequence[Section]) -> tuple[str, ...]:
    """Where nothing is headed as education, schools stand under training."""
    named = any(each.kind == "education" and each.lines for each in sections)
    return ("education",) if named else ("training",)


def _is_a_period(entry: Entry) -> bool:
    """One date in a column of periods begins and ends there; elsewhere it is the end."""
    dated = next((cell for row in entry.rows for cell in row.cells if is_date(cell.text)), None)
    return dated is not None and column_kind(dated.column) == "date"


def projects(sections: Sequence[Section]) -> tuple[Project, ...]:
    found = []
    for entry in _entries(sections, "projects", ("projects",)):
        roles = [
            match.group(1)
            for text in [*entry.texts, *entry.highlights, *(row.text for row in entry.rows)]
            if (match := _ROLE_LABEL.match(text))
        ]
        title = entry.of("title")
        found.append(
            Project(
                name=entry.of("project"),
                description=entry.summary,
                roles=tuple(roles or ([title] if title else [])),
                entity=entry.of("org"),
                startDate=entry.start,
                endDate=entry.end,
                highlights=tuple(entry.highlights),
                confidence=entry.confidence(name="project", entity="org"),
            )
        )
    return tuple(each for each in found if each.name)[:_MOST]


def certificates(sections: Sequence[Section]) -> tuple[Certificate, ...]:
    return tuple(Certificate(*each) for each in _items(sections, "certificates"))[:_MOST]


def awards(sections: Sequence[Section]) -> tuple[Award, ...]:
    return tuple(Award(*each) for each in _items(sections, "awards"))[:_MOST]


def skills(sections: Sequence[Section]) -> tuple[Skill, ...]:
    found = [
        skill
        for at, each in enumerate(sections)
        if each.kind == "skills"
        for skill in keywords.skills(each.lines, _edge(each, sections[max(1, at - 1) : at + 2]))
    ]
    return tuple(found)[:_MOST]


def _edge(section: Section, near: Sequence[Section]) -> float:
    """How far right the lines of the sections around it go that begin where its own do."""
    left = min((line.box.x0 for line in section.lines), default=0.0)
    pages = {line.page for line in section.lines}
    return max(
        (
            line.box.x1
            for each in near
            for line in each.lines
            if line.page in pages and abs(line.box.x0 - left) < _BESIDE
        ),
        default=0.0,
    )


def languages(sections: Sequence[Section]) -> tuple[SpokenLanguage, ...]:
    found: dict[str, SpokenLanguage] = {}
    for section in sections:
        if section.kind == "languages":
            for one in keywords.languages(section.lines):
                found.setdefault(one.language.casefold(), one)
    return tuple(found.values())


def self_introductions(sections: Sequence[Section]) -> tuple[SelfIntroduction, ...]:
    found: list[SelfIntroduction] = []
    for section in sections:
        if section.kind != "self_introduction":
            continue
        question, answer = section.title or None, list[str]()
        for row in rows_of(section.lines):
            text = row_text(row)
            if _QUESTION.search(text) and len(text) < 200 and not answer:
                question = text
            elif text:
                answer.append(text)
        if answer:
            found.append(SelfIntroduction(question, " ".join(answer)))
    return tuple(found)[:_MOST]


def _entries(sections: Sequence[Section], group: Group, kinds: Sequence[str]) -> Iterator[Entry]:
    for section in sections:
        if section.kind in kinds and not stays(section_rows(section.lines)):
            yield from split_entries(section.lines, group)


def _items(sections: Sequence[Section], kind: str) -> Iterator[tuple[str, str | None, str | None]]:
    """Of each item its name, date and who gave it."""
    for entry in _entries(sections, "list", (kind,)):
        name = entry.of("item") or entry.of("issuer")
        if name is not None:
            for each in _listed(name):
                yield _unpassed(each), entry.end or entry.start, entry.of("issuer")


def _unpassed(text: str) -> str:
    """'基本情報技術者試験 合格' -> without the word for having passed."""
    for word in words("history", "passed"):
        if text.endswith(word) and len(text) > len(word) + 2:
            return text.removesuffix(word).rstrip()
    return text


def _listed(text: str) -> list[str]:
    """Two short names in Hangul are two, 'Tortuga Press, 2020' is one."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    short = all(len(part) <= 20 and is_hangul(part) for part in parts)
    return parts if len(parts) > 1 and short else [text]
