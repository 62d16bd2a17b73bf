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
from workers.reading.entries import Entry, row_text, rows_of, split_entries
from workers.reading.places import is_place
from workers.reading.roles import has_role_word
from workers.reading.sections import Section

_SCHOOL = re.compile(
    r"대학|학교|고등|아카데미|부트캠프|\b(?:university|college|school|institute|academy|"
    r"polytechnic|universität|université|universidad|università)\b|大学|大學|高校|学院",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"학사|석사|박사|전문학사|졸업|수료|재학|휴학|\b(?:ph\.?\s?d|doctor(?:ate)?|bachelor[^,;|]*|master[^,;|]*|"
    r"b\.?\s?s\.?c?|m\.?\s?s\.?c?|b\.?\s?a|m\.?\s?a|b\.?\s?eng|m\.?\s?eng|b\.?\s?tech|m\.?\s?tech|mba|"
    r"diploma|associate[^,;|]*)\b\.?",
    re.IGNORECASE,
)
_AREA = re.compile(
    r"(?<![가-힣A-Za-z·&() ])[가-힣A-Za-z·&() ]*(?:학과|학부|전공|계열|공학|과학)(?=$|[\s,)])"
    r"|(?<=\bin )[A-Z][^,;|]+"
)
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
    return tuple(_work(each) for each in _entries(sections, "work"))[:_MOST]


def _work(entry: Entry) -> Work:
    position = next((head for head in entry.heads if has_role_word(head)), None)
    others = [head for head in entry.heads if head is not position and not is_place(head)]
    name = others[0] if others else None
    if position is None and len(others) > 1:
        position = others[1]
    if name is None and position is not None and "," in position:
        name, _, position = position.partition(",")
    return Work(
        _shorter(name), _shorter(position), entry.start, entry.end, entry.summary,
        tuple(entry.highlights),
    )  # fmt: skip


def _shorter(text: str | None) -> str | None:
    """'한국인터넷진흥원(KISA), 서울' -> without the place."""
    if text is None:
        return None
    name, comma, tail = text.rpartition(",")
    return name.strip() if comma and is_place(tail) else text.strip(" ,") or None


def educations(sections: Sequence[Section]) -> tuple[Education, ...]:
    found = []
    for entry in _entries(sections, "education"):
        whole = ", ".join(entry.heads)
        told = " ".join([*entry.texts, *entry.highlights])
        parts = [part.strip() for head in entry.heads for part in re.split(r",\s|\s{2,}", head)]
        school = next((part for part in parts if _SCHOOL.search(part)), None)
        degree = _DEGREE.search(whole) or (None if school is None else _DEGREE.search(told))
        area = _AREA.search(whole)
        score = _SCORE.search(f"{whole} {told}")
        if school is None and degree is None:
            continue
        found.append(
            Education(
                institution=school,
                area=area.group().strip() if area else None,
                studyType=degree.group().strip(" ,.") if degree else None,
                score=" ".join(score.group(1).split()) if score else None,
                startDate=entry.start,
                endDate=entry.end,
            )
        )
    return tuple(found)[:_MOST]


def projects(sections: Sequence[Section]) -> tuple[Project, ...]:
    found = []
    for entry in _entries(sections, "projects"):
        roles = [
            match.group(1)
            for text in [*entry.texts, *entry.highlights, *entry.heads]
            if (match := _ROLE_LABEL.match(text))
        ]
        heads = [head for head in entry.heads if not _ROLE_LABEL.match(head)]
        found.append(
            Project(
                name=heads[0] if heads else None,
                description=entry.summary,
                roles=tuple(roles),
                entity=heads[1] if len(heads) > 1 else None,
                startDate=entry.start,
                endDate=entry.end,
                highlights=tuple(entry.highlights),
            )
        )
    return tuple(found)[:_MOST]


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


def _entries(sections: Sequence[Section], kind: str) -> Iterator[Entry]:
    for section in sections:
        if section.kind == kind:
            found = split_entries(section.lines, section.title)
            yield from (entry for entry in found if entry.heads or entry.told)


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
