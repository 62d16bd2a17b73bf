"""Which role the résumé is for, as the document states it; None where it states none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from server.core.document import BULLET, Document
from server.core.resume import Evidence, RoleSource
from workers.reading.contacts import emails_in
from workers.reading.dates import is_date
from workers.reading.fields import Field
from workers.reading.headings import is_document_title, section_kind
from workers.reading.labels import label_kind, squash
from workers.reading.lines import Line
from workers.reading.names import Named, body_size
from workers.reading.phrases import (
    RoleRefused,
    headline_roles,
    objective_role,
    stated_role,
    tagline_role,
    title_role,
    without_years,
)
from workers.reading.places import is_place
from workers.reading.roles import has_role_word, names_a_field
from workers.reading.sections import Section

_NOT_A_HEADLINE = re.compile(
    r"\d|@|https?:|www\.|[“”\"?!]|\.\s*$|\b(?:university|college|institute|school|inc|ltd|llc|gmbh|"
    r"corp|company|department|faculty|laboratory|updated|born|nationality|married|male|female|"
    r"bachelor|master of|ph\.?d|b\.?tech|b\.?sc|m\.?sc|student|candidate|welcome|page|phone|tel|"
    r"email|mobile|address|template|github|linkedin|language)\b|대학교|대학원|학과|주식회사|\(주\)|학번|"
    r"대학|출생|거주|남자|여자|미혼|기혼|졸업|재학|전공",
    re.IGNORECASE,
)
_STUDENT = re.compile(
    r"\b(?:student|candidate|graduate|undergraduate)\b|학생|재학|졸업", re.IGNORECASE
)
_PAPER = re.compile(r"이력서|지원서|포트폴리오|résumé|resume|(?<![a-z])cv(?![a-z])", re.IGNORECASE)


_LABELLED = re.compile(r"[^:：|]{2,28}[:：]\s")


@dataclass(frozen=True, slots=True)
class TargetRole:
    role: str
    source: RoleSource
    confidence: float
    evidence: Evidence
    headline: str | None = None


@dataclass(slots=True)
class Search:
    """All there is to find the role in; ``refused`` collects the codes of refused texts."""

    document: Document
    pages: Sequence[Sequence[Line]]
    fields: Sequence[Field]
    sections: Sequence[Section]
    name: Named | None
    filename: str
    refused: list[str]

    def attempt(self, read: Callable[[str], str | None], text: str) -> str | None:
        try:
            return read(text)
        except RoleRefused as refusal:
            self.refused.append(str(refusal))
            return None


def find_target_role(search: Search) -> TargetRole | None:
    """The first that is stated, in this order: form cell, label line, headline at the name,
    running header or PDF title, objective, tagline, file name. Never a past job title."""
    for find in (_labelled, _headline, _running_header, _objective, _tagline, _file_name):
        if found := find(search):
            return found
    return None


def _evidence(line: Line) -> Evidence:
    box = line.box
    return Evidence(line.page, (box.x0, box.top, box.x1, box.bottom), line.text[:200])


def _labelled(search: Search) -> TargetRole | None:
    for source, confidence in (("form_cell", 0.97), ("label_line", 0.95)):
        for field in search.fields:
            if field.source != source or not _applies(search, field):
                continue
            role = search.attempt(stated_role, field.value)
            if role is not None:
                found: RoleSource = "form_cell" if source == "form_cell" else "label_line"
                return TargetRole(role, found, confidence, _evidence(field.line))
    return None


def _applies(search: Search, field: Field) -> bool:
    if field.kind == "role":
        return _section_at(search, field.line) not in ("work", "projects", "education")
    if field.kind == "weak_role":
        return field.line.page == 1 and _section_at(search, field.line) in (
            "header", "personal", "objective",
        )  # fmt: skip
    return False


def _section_at(search: Search, line: Line) -> str:
    for section in search.sections:
        if any(each.row == line.row and each.page == line.page for each in section.lines):
            if any(_overlap(each, line) for each in section.lines if each.row == line.row):
                return section.kind
    for section in search.sections:
        if any(each.page == line.page and _touches(each, line) for each in section.lines):
            return section.kind
    return "header"


def _overlap(one: Line, other: Line) -> bool:
    return one.page == other.page and one.box.x0 <= other.box.x1 and other.box.x0 <= one.box.x1


def _touches(one: Line, other: Line) -> bool:
    return _overlap(one, other) and (
        one.box.top <= other.box.bottom and other.box.top <= one.box.bottom
    )


def _headline(search: Search) -> TargetRole | None:
    if search.name is None:
        return None
    name, lines = search.name, search.pages[0]
    if name.rest:
        role = search.attempt(headline_roles, name.rest)
        if role is not None and not _STUDENT.search(role):
            return TargetRole(role, "headline", 0.9, _evidence(name.line), name.rest)
    under, around = _neighbours(name, lines)
    body = body_size(lines)
    for line in under:
        if found := _headline_at(search, line):
            return found
        if not _is_heading_matter(search, line):
            continue
        if line is under[0] and _is_headline(line, name, lines, body):
            role = search.attempt(stated_role, line.text)
            if role is not None:
                return TargetRole(role, "headline", 0.7, _evidence(line), line.text)
    for line in around:
        if found := _headline_at(search, line):
            return found
    return None


def _headline_at(search: Search, line: Line) -> TargetRole | None:
    text = line.text.strip(f" {BULLET}")
    if not _is_heading_matter(search, line) or section_kind(text) or _LABELLED.match(text):
        return None
    role = search.attempt(headline_roles, text)
    if role is None or _STUDENT.search(role) or _is_contact(text):
        return None
    whole = squash(role) in squash(text) and len(squash(text)) <= 2 * len(squash(role))
    source: RoleSource = "headline" if whole else "tagline"
    return TargetRole(role, source, 0.9 if whole else 0.75, _evidence(line), text)


def _is_heading_matter(search: Search, line: Line) -> bool:
    """It stands in no section where jobs of the past are told, and beside no date."""
    for section in search.sections:
        if any(each is line for each in section.lines):
            if section.kind not in ("header", "personal", "summary", "objective"):
                return False
            return not any(each.row == line.row and is_date(each.text) for each in section.lines)
    return True


def _neighbours(name: Named, lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Lines that touch the name: those under it, nearest first; those beside and above it."""
    box, size = name.box, min(name.line.size, 30.0)
    under: list[Line] = []
    reach = box.bottom + 1.6 * size + 8
    for line in sorted(lines, key=lambda each: each.box.top):
        if line.box.top < box.bottom - 0.45 * size or line is name.line:
            continue
        sideways = max(line.box.x0 - box.x1, box.x0 - line.box.x1, 0.0)
        if line.box.top > reach or len(under) >= 4:
            break
        if sideways <= 2.5 * size:
            if section_kind(line.text):
                break
            under.append(line)
            reach = max(reach, line.box.bottom + 1.2 * line.size)
    around: list[Line] = []
    for line in lines:
        level = line.box.top < box.bottom and line.box.bottom > box.top
        if level and line is not name.line and line not in under and line.size < size:
            near = line.box.x0 - box.x1 < 12 * size and line.box.x0 >= box.x1
            if near and not section_kind(line.text):
                around.append(line)
    whole = replace(name.line, box=box)
    for line in lines:
        close = -0.5 * size < box.top - line.box.bottom < 1.5 * size
        if close and _overlap(line, whole) and not is_document_title(line.text):
            around.append(line)
    return under, around


def _is_contact(text: str) -> bool:
    return bool(next(emails_in(text), None)) or is_place(text)


def _is_headline(line: Line, name: Named, lines: Sequence[Line], body: float) -> bool:
    """Short words set like a headline under the name, though none of them is known as a job."""
    text = without_years(line.text)
    words = text.split()
    if BULLET in text or len(words) > 6 or len(text) > 50 or _NOT_A_HEADLINE.search(text):
        return False
    if "," in text or ":" in text or is_place(text) or label_kind(text) or section_kind(text):
        return False
    if is_document_title(text) or squash(text) == squash(name.text):
        return False
    if any(each is not line and each.row == line.row and _near(each, line) for each in lines):
        return False
    if re.search(r"[가-힣]", text) and not names_a_field(text):
        return False
    style = line.size > 1.08 * body or (line.size >= 0.95 * body and _unlike_body(line, lines))
    smaller = line.size < 0.92 * name.line.size or (
        line.size <= name.line.size and (line.bold, line.color) != (name.line.bold, name.line.color)
    )
    capital = not text[:1].islower()
    return style and smaller and capital and name.line.size > 1.15 * body


def _near(one: Line, other: Line) -> bool:
    return abs(one.middle - other.middle) < 250


def _unlike_body(line: Line, lines: Sequence[Line]) -> bool:
    """In colour, weight or letter it differs from most of the text."""
    weights: dict[tuple[str, int], int] = {}
    for each in lines:
        key = (each.font, each.color)
        weights[key] = weights.get(key, 0) + len(each.text)
    return (line.font, line.color) != max(weights, key=lambda key: weights[key])


def _running_header(search: Search) -> TargetRole | None:
    name = search.name.text if search.name else None
    for page, lines in zip(search.document.pages, search.pages, strict=True):
        edges = [
            line
            for line in lines
            if line.box.bottom < 0.075 * page.height or line.box.top > 0.94 * page.height
        ]
        for line in edges:
            named = name is not None and squash(name) in squash(line.text)
            repeated = sum(_repeats(line, other) for other in search.pages) >= 2
            if (named or repeated) and len(line.text) < 120:
                role = search.attempt(lambda text: title_role(text, name), line.text)
                if role is not None and not _STUDENT.search(role):
                    return TargetRole(role, "running_header", 0.8, _evidence(line))
    title = search.document.title
    role = search.attempt(lambda text: title_role(text, name), title)
    if role is not None and not _STUDENT.search(role):
        return TargetRole(role, "pdf_title", 0.7, Evidence(0, None, title[:200]))
    return None


def _repeats(line: Line, lines: Sequence[Line]) -> bool:
    plain = re.sub(r"\d+", "", squash(line.text))
    return any(
        re.sub(r"\d+", "", squash(other.text)) == plain and abs(other.box.top - line.box.top) < 4
        for other in lines
    )


def _objective(search: Search) -> TargetRole | None:
    for field in search.fields:
        if field.kind == "objective":
            role = search.attempt(_objective_value, field.value)
            if role is not None:
                return TargetRole(role, "objective", 0.8, _evidence(field.line))
    for section in search.sections:
        if section.kind == "objective" and section.lines:
            text = " ".join(line.text for line in section.lines[:6])
            role = search.attempt(_objective_value, text)
            if role is not None:
                return TargetRole(role, "objective", 0.8, _evidence(section.lines[0]))
    return None


def _objective_value(text: str) -> str | None:
    found = objective_role(text) or tagline_role(text)
    if found is None and len(text.split()) <= 6 and (has_role_word(text) or names_a_field(text)):
        return stated_role(text)
    return None if found and _STUDENT.search(found) else found


def _tagline(search: Search) -> TargetRole | None:
    """The first sentence of what stands under the name, or of a summary that follows."""
    for section in search.sections:
        if section.kind in ("header", "summary") and section.lines and section.lines[0].page == 1:
            for text, line in _paragraphs(section, search.name):
                role = search.attempt(_about_oneself, text)
                if role is not None and not _STUDENT.search(role):
                    return TargetRole(role, "tagline", 0.6, _evidence(line))
    return None


def _paragraphs(section: Section, name: Named | None) -> Iterator[tuple[str, Line]]:
    if section.kind == "summary":
        yield " ".join(line.text for line in section.lines[:4]), section.lines[0]
        return
    for line in section.lines[:12]:
        below = name is None or line.box.top > name.box.top
        if below and len(line.text.split()) >= 3 and BULLET not in line.text:
            yield line.text, line


def _about_oneself(text: str) -> str | None:
    if _is_contact(text) or ":" in text[:25]:
        return None
    seeks = re.match(
        r"(?:to|i|seeking|looking|.{0,60}\b(?:seeking|looking for)\b)", text, re.IGNORECASE
    )
    return tagline_role(text) or (objective_role(text) if seeks else None)


def _file_name(search: Search) -> TargetRole | None:
    name = search.name.text if search.name else None
    stem = re.sub(r"\.pdf$", "", search.filename, flags=re.IGNORECASE)
    if not (_PAPER.search(stem) or (name and squash(name) in squash(stem))):
        return None
    role = search.attempt(lambda text: title_role(text, name), stem)
    if role is None or _STUDENT.search(role):
        return None
    return TargetRole(role, "file_name", 0.5, Evidence(0, None, search.filename[:200]))
