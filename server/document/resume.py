"""The structured résumé, as stored in ``resumes.structured_data``.

Top-level lists and their fields carry JSON Resume v1 names (hence ``startDate``); ``header`` and
``meta`` are ours. Nothing is invented: what the document does not state is None or empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SCHEMA_VERSION = "1.2"
PARSER_VERSION = "2.0.0"
MAX_ROLE = 80
"""Longest target role in characters; longer text is refused, never cut."""

RoleSource = Literal[
    "form_cell",
    "label_line",
    "headline",
    "running_header",
    "pdf_title",
    "objective",
    "tagline",
    "file_name",
    "model",
    "correction",
]


@dataclass(frozen=True, slots=True)
class Link:
    network: str
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something stands: page from 1, box as x0, top, x1, bottom in points, text verbatim.

    ``page`` is 0 and ``bbox`` None for what comes from the PDF title or the file name.
    """

    page: int
    bbox: tuple[float, float, float, float] | None
    text: str


@dataclass(frozen=True, slots=True)
class Header:
    """``target_role`` is the role the document itself states, None where it states none.
    ``target_role_unconfirmed``: what a picture seems to state, which counts for nothing until a
    person has confirmed it."""

    name: str | None = None
    name_alt: str | None = None
    email: str | None = None
    phone: str | None = None
    links: tuple[Link, ...] = ()
    location: str | None = None
    headline: str | None = None
    summary: str | None = None
    target_role: str | None = None
    target_company: str | None = None
    target_role_source: RoleSource | None = None
    target_role_confidence: float | None = None
    target_role_evidence: Evidence | None = None
    target_role_unconfirmed: str | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """``confidence``: how likely the ``entry`` and each stated field is right, in [0, 1]."""

    name: str | None = None
    position: str | None = None
    startDate: str | None = None
    endDate: str | None = None
    summary: str | None = None
    highlights: tuple[str, ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Volunteer:
    organization: str | None = None
    position: str | None = None
    startDate: str | None = None
    endDate: str | None = None
    summary: str | None = None
    highlights: tuple[str, ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Education:
    institution: str | None = None
    area: str | None = None
    studyType: str | None = None
    score: str | None = None
    startDate: str | None = None
    endDate: str | None = None
    confidence: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project:
    name: str | None = None
    description: str | None = None
    roles: tuple[str, ...] = ()
    entity: str | None = None
    startDate: str | None = None
    endDate: str | None = None
    highlights: tuple[str, ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Publication:
    name: str
    releaseDate: str | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    name: str
    date: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Award:
    title: str
    date: str | None = None
    awarder: str | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    name: str | None = None
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    language: str
    fluency: str | None = None


@dataclass(frozen=True, slots=True)
class SelfIntroduction:
    question: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class RawSection:
    """A section as it stands, understood or not; ``kind`` is 'other' where its heading is unknown.

    ``page`` is where it begins, ``confidence`` how likely its heading is one, in [0, 1].
    """

    kind: str
    title: str
    page: int
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Notice:
    """``code`` is stable; ``page`` 0 means the whole document."""

    code: str
    page: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """``sha256`` is of the file's bytes; ``language`` is an ISO 639-1 code, by content. ``ocr``:
    it was read from pictures of text. ``paged``: the file has pages of its own, of which there are
    pictures; without, no page is told."""

    sha256: str
    pages: int
    language: str
    warnings: tuple[Notice, ...] = ()
    ocr: bool = False
    paged: bool = True
    schema_version: str = SCHEMA_VERSION
    parser_version: str = PARSER_VERSION


@dataclass(frozen=True, slots=True)
class Resume:
    """``text``: all that was read, line by line, where there are no pictures of pages."""

    header: Header
    meta: Meta
    work: tuple[Work, ...] = ()
    education: tuple[Education, ...] = ()
    projects: tuple[Project, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    awards: tuple[Award, ...] = ()
    skills: tuple[Skill, ...] = ()
    languages: tuple[SpokenLanguage, ...] = ()
    selfIntroduction: tuple[SelfIntroduction, ...] = ()
    volunteer: tuple[Volunteer, ...] = ()
    publications: tuple[Publication, ...] = ()
    sections: tuple[RawSection, ...] = ()
    text: str | None = None
