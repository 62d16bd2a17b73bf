"""Which role the résumé is for, as the document states it; None where it states none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from server.document.pages import BULLET, Document
from server.document.resume import Evidence, RoleSource
from workers.reading.contacts import emails_in
from workers.reading.dates import find_span, is_date
from workers.reading.fields import Field
from workers.reading.headings import section_kind
from workers.reading.headlines import is_headline, lines_beside, lines_over, lines_under
from workers.reading.labels import squash
from workers.reading.lines import Line
from workers.reading.names import Named
from workers.reading.phrases import (
    RoleRefused,
    headline_roles,
    objective_role,
    stated_role,
    tagline_role,
    title_role,
)
from workers.reading.places import is_place
from workers.reading.roles import has_role_word, names_a_field
from workers.reading.sections import Section
from workers.reading.words import pattern

_AT_THE_HEAD = ("header", "personal", "objective")
_STUDENT = re.compile(
    r"\b(?:student|candidate|undergraduate|graduate(?!\s+[a-z]+\s+(?:assistant|engineer)))\b|"
    + pattern("studies"),
    re.IGNORECASE,
)
_PAPER = re.compile(rf"{pattern('file_noise')}|résumé|resume|(?<![a-z])cv(?![a-z])", re.IGNORECASE)


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
        return field.line.page == 1 and _section_at(search, field.line) in _AT_THE_HEAD
    return False


def _section_at(search: Search, line: Line) -> str:
    for section in search.sections:
        if any(each.row == line.row and _overlap(each, line) for each in section.lines):
            return section.kind
    for section in search.sections:
        if any(_touches(each, line) for each in section.lines):
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
    under = lines_under(name, lines)
    for line in _unwrapped(under):
        if found := _headline_at(search, line) or (
            _odd_headline(search, line) if line is under[0] else None
        ):
            return found
    around = [*lines_beside(name, lines), *lines_over(name, lines)]
    near = next((found for line in around if (found := _headline_at(search, line))), None)
    return near or next(_alone_in_the_header(search, name), None)


def _unwrapped(under: Sequence[Line]) -> Iterator[Line]:
    """The lines; one whose words only become a job with the next line's is one with it."""
    for at, line in enumerate(under):
        below = under[at + 1] if at + 1 < len(under) else None
        if below is not None and _wraps(line, below):
            yield replace(line, text=f"{line.text} {below.text}", words=(*line.words, *below.words))
        yield line


def _wraps(line: Line, below: Line) -> bool:
    alike = (line.font, line.size, line.bold, line.color) == (
        below.font, below.size, below.bold, below.color
    )  # fmt: skip
    aligned = abs(line.box.x0 - below.box.x0) < 2 or abs(line.middle - below.middle) < 2
    close = below.row - line.row >= 0 and below.box.top - line.box.bottom < 0.8 * line.size
    jobs = has_role_word(below.text) and not has_role_word(line.text)
    words = line.text.split()
    phrase = len(words) > 2 and not re.search(r"[()\[\],:|@\d]", line.text)
    return alike and aligned and close and jobs and phrase and len(below.text.split()) <= 3


def _alone_in_the_header(search: Search, name: Named) -> Iterator[TargetRole]:
    """Below the contacts, before any heading: the name of a job on a row of its own."""
    rows = Counter(line.row for line in search.pages[0])
    header = search.sections[0].lines if search.sections else []
    for line in header:
        below = line.page == 1 and line.box.top > name.box.bottom and rows[line.row] == 1
        if below and len(line.text) <= 40 and not re.search(r"[.,:;]", line.text):
            found = _headline_at(search, line)
            if found is not None and found.source == "headline":
                yield replace(found, confidence=0.75)


def _odd_headline(search: Search, line: Line) -> TargetRole | None:
    """Set as a headline is, though no word of it is known as a job: 'Storm Chaser'."""
    if search.name is None or not _is_heading_matter(search, line) or _is_a_value(search, line):
        return None
    if not is_headline(line, search.name, search.pages[0]):
        return None
    role = search.attempt(stated_role, line.text)
    return TargetRole(role, "headline", 0.7, _evidence(line), line.text) if role else None


def _headline_at(search: Search, line: Line) -> TargetRole | None:
    text = line.text.strip(f" {BULLET}")
    if not _is_heading_matter(search, line) or section_kind(text) or _LABELLED.match(text):
        return None
    if find_span(text) is not None or _is_a_value(search, line):
        return None
    role = search.attempt(headline_roles, text)
    if role is None or _STUDENT.search(role) or is_place(role) or next(emails_in(text), None):
        return None
    whole = squash(role) in squash(text) and len(squash(text)) <= 2 * len(squash(role))
    source: RoleSource = "headline" if whole else "tagline"
    return TargetRole(role, source, 0.9 if whole else 0.75, _evidence(line), text)


def _is_a_value(search: Search, line: Line) -> bool:
    """It answers a label, so it is no headline."""
    return any(field.kind != "name" and _touches(field.line, line) for field in search.fields)


def _is_heading_matter(search: Search, line: Line) -> bool:
    """It stands in no section where jobs of the past are told, and beside no date."""
    for section in search.sections:
        if any(each is line for each in section.lines):
            if section.kind not in (*_AT_THE_HEAD, "summary"):
                return False
            return not any(each.row == line.row and is_date(each.text) for each in section.lines)
    return True


def _is_contact(text: str) -> bool:
    return bool(next(emails_in(text), None)) or is_place(text)


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
        told = BULLET in line.text or find_span(line.text) is not None
        if below and not told and len(line.text.split()) >= 3:
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
