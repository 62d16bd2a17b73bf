"""Résumés over HTTP: upload one, ask what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from litestar.status_codes import HTTP_202_ACCEPTED

from server.store import resumes
from server.web import review
from server.web.errors import Problem
from server.web.services import Services

FIELDS_BYTES = 64 * 1024
"""Room for the multipart envelope around the largest file."""

PDF_HEADER_WITHIN = 1_024
LONGEST_FILENAME = 200


@dataclass(frozen=True, slots=True)
class ResumeForm:
    file: UploadFile


@dataclass(frozen=True, slots=True)
class ResumeAccepted:
    id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class ResumeState:
    """``error`` is ``{code, detail}`` where ``status`` is ``failed``."""

    id: UUID
    status: str
    error: dict[str, str] | None
    structured_data: dict[str, Any] | None


def check_pdf(content: bytes, limit: int) -> None:
    """Refuse what is certainly no résumé; the rest is the parser's to judge. Raises Problem."""
    if not content:
        raise Problem(422, "empty_file", "The file is empty. Choose the résumé's PDF again.")
    if len(content) > limit:
        raise Problem(
            413, "too_large", f"The file is larger than {limit // 2**20} MiB. Choose a smaller PDF."
        )
    if b"%PDF-" not in content[:PDF_HEADER_WITHIN]:
        raise Problem(
            415, "not_a_pdf", "This file is not a PDF. Save the résumé as a PDF and upload that."
        )


@post("/", status_code=HTTP_202_ACCEPTED)
async def upload(
    data: MultipartBody[ResumeForm], services: NamedDependency[Services]
) -> ResumeAccepted:
    """Store the PDF and have it read; ask ``GET /resumes/{id}`` until it is."""
    content = await data.file.read()
    check_pdf(content, services.max_resume_bytes)
    filename = data.file.filename[-LONGEST_FILENAME:]
    resume_id, status = await resumes.add(services.pool, content, filename)
    if status == "queued":
        services.queue.wake()
    return ResumeAccepted(resume_id, status)


@get("/{resume_id:uuid}")
async def show(resume_id: FromPath[UUID], services: NamedDependency[Services]) -> ResumeState:
    stored = await resumes.get(services.pool, resume_id)
    if stored is None:
        raise Problem(404, "resume_not_found", "There is no such résumé. Upload it again.")
    return ResumeState(stored.id, stored.status, stored.error, stored.structured_data)


def router(max_resume_bytes: int) -> Router:
    return Router(
        "/resumes",
        route_handlers=[upload, show, *review.HANDLERS],
        request_max_body_size=max_resume_bytes + FIELDS_BYTES,
        tags=["resumes"],
    )
