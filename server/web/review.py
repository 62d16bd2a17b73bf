"""The interviewer's view of résumés: list, pages as pictures, corrections."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.core.resume import MAX_ROLE
from server.store import corrections, interviews, resumes
from server.store.corrections import Correction
from server.web.errors import Problem
from server.web.keys import require_interviewer
from server.web.services import Services

LONGEST_VALUE: Final = 200
PICTURE = "image/webp"
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


@dataclass(frozen=True, slots=True)
class PageView:
    """Width and height in PDF points, the unit of ``target_role_evidence.bbox``."""

    page: int
    width: float
    height: float


@get("/")
async def list_recent(services: NamedDependency[Services]) -> list[ResumeSummary]:
    """The newest first. ``used``: an interview was made from it, nothing changes any more."""
    return [ResumeSummary(**row) for row in await resumes.recent(services.pool)]


@get("/{resume_id:uuid}/pages")
async def list_pages(
    resume_id: FromPath[UUID], services: NamedDependency[Services]
) -> list[PageView]:
    return [PageView(**row) for row in await resumes.pages(services.pool, resume_id)]


@get("/{resume_id:uuid}/pages/{page:int}", media_type=PICTURE)
async def show_page(
    resume_id: FromPath[UUID], page: FromPath[int], services: NamedDependency[Services]
) -> Response[bytes]:
    picture = await resumes.picture(services.pool, resume_id, page)
    if picture is None:
        raise Problem(404, "page_not_found", "There is no picture of this page.")
    headers = {"cache-control": "private, max-age=3600"}
    return Response(picture, media_type=PICTURE, headers=headers)


@get("/{resume_id:uuid}/corrections")
async def list_corrections(
    resume_id: FromPath[UUID], services: NamedDependency[Services]
) -> list[Correction]:
    return await corrections.of_resume(services.pool, resume_id)


@patch("/{resume_id:uuid}")
async def correct(
    resume_id: FromPath[UUID],
    data: JSONBody[CorrectionOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> list[Correction]:
    """Put one field right, with the interviewer's key. Answers all corrections so far."""
    require_interviewer(request, services.interviewer_key, "correct")
    by = _tidy(data.by)
    if not by:
        raise Problem(422, "name_missing", "Say who corrects: put your name in `by`.")
    value = _checked(data.field, data.value)
    try:
        await corrections.correct(services.pool, resume_id, data.field, value, by)
    except corrections.NotReady as error:
        raise Problem(
            409, "resume_not_ready", "Only a résumé that has been read can be corrected."
        ) from error
    except corrections.AlreadyUsed as error:
        raise Problem(
            409, "resume_used", "An interview was made from this résumé; it stays as it is."
        ) from error
    return await corrections.of_resume(services.pool, resume_id)


def _checked(field: str, value: str | None) -> str | None:
    if value is None:
        return None
    value = _tidy(value)
    if not value:
        return None
    longest = MAX_ROLE if field == "target_role" else LONGEST_VALUE
    if len(value) > longest:
        raise Problem(422, "value_too_long", f"At most {longest} characters, please.")
    if field == "target_role" and value == interviews.NO_ROLE:
        raise Problem(
            422, "no_role_is_null", "To say that no role is stated, leave the field empty."
        )
    return value


def _tidy(text: str) -> str:
    """One line, without control and format characters."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", kept)).strip()


HANDLERS = [list_recent, list_pages, show_page, list_corrections, correct]
