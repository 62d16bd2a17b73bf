"""The interviewer's view of résumés: list, pages as pictures, corrections."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from server.document.resume import MAX_ROLE
from server.language.speech import NO_ROLE
from server.store import audit, corrections, resumes
from server.store.corrections import Correction
from server.store.resumes import Wanted
from server.web.guards import RESUME_HERE, Allowed
from server.web.paging import Page, Since, Window, instant
from server.web.problems import (
    NAME_MISSING,
    NO_ROLE_IS_NULL,
    PAGE_NOT_FOUND,
    RESUME_NOT_READ,
    RESUME_USED,
    VALUE_TOO_LONG,
    Problem,
)
from server.web.services import Services

LONGEST_VALUE: Final = 200
PICTURE = "image/webp"
Number = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
Status = Literal["queued", "ready", "failed"]
Field = Literal[
    "name", "name_alt", "email", "phone", "location", "headline", "target_role", "target_company"
]


class CorrectionOrder(msgspec.Struct):
    """``value`` null empties the field; ``by`` is the interviewer's name, kept with it."""

    field: Field
    value: str | None
    by: str


@dataclass(frozen=True, slots=True)
class ResumeSummary:
    id: UUID
    status: str
    filename: str
    created_at: datetime
    name: str | None
    target_role: str | None
    warnings: int
    used: bool
    disputes: int


@dataclass(frozen=True, slots=True)
class PageView:
    """Width and height in PDF points, the unit of ``target_role_evidence.bbox``."""

    page: int
    width: float
    height: float


@get("/")
async def list_recent(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    status: FromQuery[Status | None] = None,
    used: FromQuery[bool | None] = None,
    created_since: Since = None,
) -> Page[ResumeSummary]:
    """The newest first. ``used``: an interview was made from it, nothing changes any more."""
    wanted = Wanted(status, used, instant(created_since))
    rows = await resumes.recent(services.pool, window.after(UUID), window.fetch, wanted)
    return window.page([ResumeSummary(**row) for row in rows], lambda resume: resume.id)


@get("/{resume_id:uuid}/pages")
async def list_pages(
    resume_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[PageView]:
    after = window.after(Number) or 0
    rows = await resumes.pages(services.pool, resume_id, after, window.fetch)
    return window.page([PageView(**row) for row in rows], lambda page: page.page)


@get("/{resume_id:uuid}/pages/{page:int}", media_type=PICTURE, refuses=[PAGE_NOT_FOUND])
async def show_page(
    resume_id: FromPath[UUID], page: FromPath[Number], services: NamedDependency[Services]
) -> Response[bytes]:
    picture = await resumes.picture(services.pool, resume_id, page)
    if picture is None:
        raise Problem(PAGE_NOT_FOUND)
    await audit.seen(services.pool, "resume.seen", f"resume {resume_id}")
    headers = {"cache-control": "private, max-age=3600"}
    return Response(picture, media_type=PICTURE, headers=headers)


@get("/{resume_id:uuid}/corrections")
async def list_corrections(
    resume_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[Correction]:
    after = window.after(Number) or 0
    found = await corrections.of_resume(services.pool, resume_id, after, window.fetch)
    return window.page(found, lambda correction: correction.id)


@patch(
    "/{resume_id:uuid}",
    refuses=[NAME_MISSING, NO_ROLE_IS_NULL, RESUME_NOT_READ, RESUME_USED, VALUE_TOO_LONG],
)
async def correct(
    resume_id: FromPath[UUID],
    data: JSONBody[CorrectionOrder],
    services: NamedDependency[Services],
) -> list[Correction]:
    """Put one field right, with the interviewers' key. Answers all corrections so far."""
    by = _tidy(data.by)
    if not by:
        raise Problem(NAME_MISSING)
    value = _checked(data.field, data.value)
    try:
        await corrections.correct(services.pool, resume_id, data.field, value, by)
    except corrections.NotReady as error:
        raise Problem(RESUME_NOT_READ) from error
    except corrections.AlreadyUsed as error:
        raise Problem(RESUME_USED) from error
    return await corrections.of_resume(services.pool, resume_id)


def _checked(field: str, value: str | None) -> str | None:
    if value is None:
        return None
    value = _tidy(value)
    if not value:
        return None
    longest = MAX_ROLE if field == "target_role" else LONGEST_VALUE
    if len(value) > longest:
        raise Problem(VALUE_TOO_LONG, longest=longest)
    if field == "target_role" and value == NO_ROLE:
        raise Problem(NO_ROLE_IS_NULL)
    return value


def _tidy(text: str) -> str:
    """One line, without control and format characters."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", kept)).strip()


ROUTERS = [
    Router("/", route_handlers=[list_recent], guards=[Allowed("see", "see résumés")]),
    Router(
        "/",
        route_handlers=[list_pages, show_page, list_corrections],
        guards=[Allowed("see", "see résumés"), RESUME_HERE],
    ),
    Router("/", route_handlers=[correct], guards=[Allowed("correct", "correct"), RESUME_HERE]),
]
