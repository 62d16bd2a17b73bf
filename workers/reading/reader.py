"""A document -> its résumé: finds the name first, then everything that stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.document.confidence import UNSURE
from server.document.pages import Document
from server.document.resume import Header, Meta, Notice, Resume, Work
from workers.reading import history
from workers.reading.contacts import (
    all_emails,
    choose_email,
    find_links,
    find_location,
    find_phone,
    linked_email,
)
from workers.reading.fields import Field, page_fields
from workers.reading.labels import squash
from workers.reading.language import language_of
from workers.reading.lines import Line, document_lines
from workers.reading.names import Hints, Named, find_name
from workers.reading.sections import Section, find_sections
from workers.reading.target_role import Search, TargetRole, find_target_role

_FEWEST_HIDDEN = 3
_CUT_AT = 80
"""Hidden text of this length may go on beyond its excerpt."""


def read_resume(document: Document, filename: str) -> Resume:
    """Pure. ``meta.sha256`` is the document's own; what is not stated stays None or empty."""
    pages = document_lines(document)
    first = pages[0] if pages else ()
    fields = [
        field
        for page, lines in zip(document.pages[:3], pages[:3], strict=False)
        for field in page_fields(page, lines)
    ]
    found_emails = all_emails(pages)
    hints = Hints(
        (document.title, document.author, filename), tuple(each.value for each in found_emails)
    )
    name = find_name(first, fields, document.pages[0].height, hints) if first else None
    sections = find_sections(document, pages)
    search = Search(document, pages, fields, sections, name, filename, [])
    role = find_target_role(search)
    email = choose_email(
        found_emails, fields, name.text if name else None, name.box if name else None, pages
    ) or linked_email(document)
    jobs = history.among_jobs(sections)
    works = history.works(sections, jobs)
    header = _header(document, first, fields, name, role, email)
    return Resume(
        header=replace(header, summary=history.summary(sections)),
        meta=_meta(document, pages, [*search.refused, *_missing(works, sections)]),
        work=works,
        education=history.educations(sections, jobs),
        projects=history.projects(sections),
        certificates=history.certificates(sections),
        awards=history.awards(sections),
        skills=history.skills(sections),
        languages=history.languages(sections),
        selfIntroduction=history.self_introductions(sections),
        volunteer=history.volunteering(sections),
        publications=history.publications(sections),
        sections=history.raw_sections(sections),
    )


def _header(
    document: Document,
    lines: Sequence[Line],
    fields: Sequence[Field],
    name: Named | None,
    role: TargetRole | None,
    email: str | None,
) -> Header:
    near = name.box if name else None
    below = max(near.bottom if near else 0.0, 0.0) + 0.2 * (
        document.pages[0].height if document.pages else 0.0
    )
    company = next((f.value for f in fields if f.kind == "company" and len(f.value) <= 60), None)
    return Header(
        name=name.text if name else None,
        name_alt=name.alt if name else None,
        email=email,
        phone=find_phone(lines, fields, near),
        links=find_links(document, lines, below),
        location=find_location(lines, fields, below),
        headline=role.headline if role else None,
        target_role=role.role if role else None,
        target_company=company,
        target_role_source=role.source if role else None,
        target_role_confidence=role.confidence if role else None,
        target_role_evidence=role.evidence if role else None,
    )


def _missing(works: Sequence[Work], sections: Sequence[Section]) -> Iterator[str]:
    """What a person should look at, since less was read than seems to be there."""
    told = [section for section in sections if section.kind == "work" and section.lines]
    if told and not works:
        yield "no_jobs_read"
    unsure = [work for work in works if work.confidence.get("entry", 1.0) < UNSURE]
    if len(unsure) > len(works) / 2:
        yield "jobs_unsure"


def _tells(excerpt: str, shown: str) -> bool:
    """Hidden text says something that stands nowhere else: what is cut at a page's end and printed
    again on the next hides nothing, nor do single letters, which are icons' own."""
    hidden = squash(excerpt)
    return len(hidden) >= _FEWEST_HIDDEN and (hidden not in shown or len(excerpt) >= _CUT_AT)


def _meta(document: Document, pages: Sequence[Sequence[Line]], refused: Sequence[str]) -> Meta:
    text = " ".join(line.text for lines in pages for line in lines)
    warnings = [Notice(code) for code in document.warnings]
    shown = squash(text)
    warnings += [
        Notice(f"hidden_{hidden.reason}", hidden.page, hidden.excerpt)
        for hidden in document.hidden
        if _tells(hidden.excerpt, shown)
    ]
    warnings += [Notice(code) for code in dict.fromkeys(refused)]
    return Meta(document.sha256, document.page_count, language_of(text), tuple(warnings))
