"""Sections -> work, education, projects, certificates, awards, skills, languages, essays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from server.document.pages import BULLET
from server.document.resume import (
    Award,
    Certificate,
    Education,
    Project,
    SelfIntroduction,
    Skill,
    SpokenLanguage,
    Work,
)
from workers.reading.dates import find_span
from workers.reading.entries import Entry, Group, split_entries
from workers.reading.rows import row_text, rows_of
from workers.reading.sections import Section

_SCORE = re.compile(
    r"(?:GPA|CGPA|학점|평점|grade)\s*+(?:average\s*+)?[:：]?\s*+"
    r"(\d(?:\.\d+)?\s*(?:/\s*\d(?:\.\d+)?)?|\d{2,3}\s*/\s*100|\d\.\d+)",
    re.IGNORECASE,
)
_ROLE_LABEL = re.compile(r"^(?:역할|담당\s*역할|role|담당)\s*[:：]\s*(.+)$", re.IGNORECASE)
_LIST = re.compile(rf"\s*[,;·{BULLET}|、]\s*|\s+/\s+|\s{{3,}}")
_LANGUAGES = re.compile(
    r"한국어|영어|일본어|중국어|독일어|프랑스어|불어|스페인어|러시아어|베트남어|태국어|아랍어|"
    r"\b(?:english|korean|japanese|chinese|mandarin|cantonese|german|french|spanish|portuguese|"
    r"italian|russian|dutch|arabic|hindi|turkish|vietnamese|polish|swedish|thai|hebrew)\b|"
    r"英語|日本語|韓国語|中国語|英语|日语|韩语|汉语|普通话",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?$|시오\.?$|세요\.?$|바랍니다\.?$|기술하[라십]")
_MOST = 60


def works(sections: Sequence[Section]) -> tuple[Work, ...]:
    found: list[Work] = []
    for entry in _entries(sections, "work", ("work",)):
        name, position = entry.of("org"), entry.of("title")
        if name is None and position is not None and found and _goes_on(entry):
            name = found[-1].name
        found.append(
            Work(
                name, position, entry.start, entry.end, entry.summary, tuple(entry.highlights)
            )
        )
    return tuple(each for each in found if each.name or each.position)[:_MOST]


def _goes_on(entry: Entry) -> bool:
    """A further post at the employer above: it has a title and dates, and no employer."""
    return entry.start is not None


def educations(sections: Sequence[Section]) -> tuple[Education, ...]:
    found = []
    for entry in _entries(sections, "education", ("education",)):
        told = " ".join([*(row.text for row in entry.rows), *entry.texts, *entry.highlights])
        score = _SCORE.search(told)
        found.append(
            Education(
                institution=entry.of("org"),
                area=entry.of("area"),
                studyType=entry.of("degree"),
                score=" ".join(score.group(1).split()) if score else None,
                startDate=entry.start,
                endDate=entry.end,
            )
        )
    return tuple(each for each in found if each.institution or each.studyType)[:_MOST]


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
            )
        )
    return tuple(each for each in found if each.name)[:_MOST]


def certificates(sections: Sequence[Section]) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(parts[0], date, parts[1] if len(parts) > 1 else None)
        for parts, date in _items(sections, "certificates")
    )[:_MOST]


def awards(sections: Sequence[Section]) -> tuple[Award, ...]:
    return tuple(
        Award(parts[0], date, parts[1] if len(parts) > 1 else None)
        for parts, date in _items(sections, "awards")
    )[:_MOST]


def skills(sections: Sequence[Section]) -> tuple[Skill, ...]:
    found: list[Skill] = []
    for section in sections:
        if section.kind != "skills":
            continue
        for row in rows_of(section.lines):
            text = row_text(row)
            label, colon, rest = text.partition(":")
            if colon and rest.strip() and len(label) <= 40:
                found.append(Skill(label.strip(), _keywords(rest)))
            elif len(row) == 2 and row[0].bold and not row[1].bold:
                found.append(Skill(row[0].text.strip(f" {BULLET}"), _keywords(row[1].text)))
            elif text:
                found.append(Skill(None, _keywords(text)))
    return tuple(skill for skill in found if skill.keywords)[:_MOST]


def languages(sections: Sequence[Section]) -> tuple[SpokenLanguage, ...]:
    found: dict[str, SpokenLanguage] = {}
    for section in sections:
        if section.kind != "languages":
            continue
        for row in rows_of(section.lines):
            text = row_text(row)
            marks = list(_LANGUAGES.finditer(text))
            ends = [mark.start() for mark in marks[1:]] + [len(text)]
            for mark, end in zip(marks, ends, strict=False):
                fluency = text[mark.end() : end].strip(f" ,:-–—()|·{BULLET}○●")
                found.setdefault(
                    mark.group().casefold(), SpokenLanguage(mark.group(), fluency or None)
                )
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


def _entries(
    sections: Sequence[Section], group: Group, kinds: Sequence[str]
) -> Iterator[Entry]:
    for section in sections:
        if section.kind in kinds:
            yield from split_entries(section.lines, group)


def _items(sections: Sequence[Section], kind: str) -> Iterator[tuple[list[str], str | None]]:
    """One item a row: its parts without the date, and the date."""
    for section in sections:
        if section.kind != kind:
            continue
        for row in rows_of(section.lines):
            for text in _listed(row_text(row)):
                span = find_span(text)
                date, rest = (span[0], span[2]) if span else (None, text)
                parts = [p.strip(" ,") for p in re.split(r"\s+[-–—|]\s+|\s{3,}|\|", rest)]
                parts = [part for part in parts if len(part) > 1]
                if parts:
                    yield parts, date


def _listed(text: str) -> list[str]:
    """'정보보안기사, 리눅스마스터 2급' are two, 'Tortuga Press, 2020' is one."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    short = all(len(part) <= 20 and re.search(r"[가-힣]", part) for part in parts)
    return parts if len(parts) > 1 and short else [text]


def _keywords(text: str) -> tuple[str, ...]:
    parts = (part.strip(" .") for part in _LIST.split(text))
    return tuple(part for part in parts if part and len(part) <= 80)
