"""Résumés over HTTP: upload one, ask what was understood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import structlog
from litestar import Request, Router, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from litestar.status_codes import HTTP_202_ACCEPTED

from server.document.kinds import PICTURES, kind_of
from server.ports import FileInfected, ScannerAway
from server.store import audit, quotas, resumes
from server.store.pool import Connection
from server.store.quotas import Reached, Today
from server.web import review
from server.web.allowance import Allowance, tell, used_up
from server.web.guards import Allowed
from server.web.once import Once
from server.web.principal import principal_of
from server.web.problems import (
    EMPTY_FILE,
    FILE_INFECTED,
    FILE_TOO_LARGE,
    NO_PICTURES,
    NOT_A_PDF,
    QUOTA_REACHED,
    RESUME_NOT_FOUND,
    SCANNER_AWAY,
    Problem,
)
from server.web.problems_accounts import ADDRESS_MANY
from server.web.services import Services
from server.web.strangers import limited

log = structlog.get_logger()

UNFIT = (EMPTY_FILE, FILE_INFECTED, FILE_TOO_LARGE, NO_PICTURES, NOT_A_PDF, SCANNER_AWAY)
"""What ``check_file`` refuses."""

FIELDS_BYTES = 64 * 1024
"""Room for the multipart envelope around the largest file."""

LONGEST_FILENAME = 200
DAY_S: Final = 86_400


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


async def check_file(content: bytes, services: Services) -> None:
    """Refuse what is certainly no résumé, or does harm; the rest is the parser's to judge.
    Raises Problem."""
    if not content:
        raise Problem(EMPTY_FILE)
    if len(content) > services.max_resume_bytes:
        raise Problem(FILE_TOO_LARGE, limit=services.max_resume_bytes // 2**20)
    kind = kind_of(content)
    if kind is None:
        raise Problem(NOT_A_PDF)
    if kind in PICTURES and not services.reads_pictures:
        raise Problem(NO_PICTURES)
    if services.scanner is None:
        return
    try:
        await services.scanner.scan(content)
    except FileInfected as error:
        raise Problem(FILE_INFECTED) from error
    except ScannerAway as error:
        log.warning("file not scanned", reason=str(error))
        raise Problem(SCANNER_AWAY, headers={"retry-after": "60"}) from error


async def added(
    connection: Connection, content: bytes, filename: str, services: Services
) -> ResumeAccepted:
    """Raises Problem where the organisation has added all that it may today."""
    try:
        return ResumeAccepted(*await resumes.add(connection, content, filename, services.quota))
    except Reached as error:
        raise used_up(QUOTA_REACHED, _scarcest(error.today)) from error


async def tell_left(connection: ASGIConnection[Any, Any, Any, Any], services: Services) -> None:
    """How much more the caller's organisation may add today."""
    organisation = principal_of(connection).organisation
    assert organisation is not None
    today = await quotas.left(services.pool, organisation, services.quota)
    tell(connection, *_allowances(today))


def _allowances(today: Today) -> tuple[Allowance, Allowance]:
    most = today.most
    files = Allowance("resumes", most.files, DAY_S, most.files - today.files, today.seconds)
    size = Allowance(
        "resume-bytes", most.bytes, DAY_S, most.bytes - today.bytes, today.seconds, "content-bytes"
    )
    return files, size


def _scarcest(today: Today) -> Allowance:
    """Of which there is too little."""
    files, size = _allowances(today)
    return replace(files if files.left < 0 else size, left=0)


@post(
    "/",
    status_code=HTTP_202_ACCEPTED,
    refuses=[*UNFIT, ADDRESS_MANY, QUOTA_REACHED],
)
async def upload(
    data: MultipartBody[ResumeForm],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> ResumeAccepted:
    """Store the PDF or picture and have it read; ask ``GET /resumes/{id}`` until it is."""
    await limited(request, services, "uploads")
    content = await data.file.read()
    await check_file(content, services)
    filename = data.file.filename[-LONGEST_FILENAME:]

    async def store(connection: Connection) -> ResumeAccepted:
        return await added(connection, content, filename, services)

    asked = (hashlib.sha256(content).hexdigest(), filename)
    accepted = await once(asked, ResumeAccepted, store, lambda made: made.id)
    await tell_left(request, services)
    if accepted.status == "queued":
        services.queue.wake()
    return accepted


@get("/{resume_id:uuid}", refuses=[RESUME_NOT_FOUND])
async def show(resume_id: FromPath[UUID], services: NamedDependency[Services]) -> ResumeState:
    stored = await resumes.get(services.pool, resume_id)
    if stored is None:
        raise Problem(RESUME_NOT_FOUND)
    if stored.structured_data is not None:
        await audit.seen(services.pool, "resume.seen", f"resume {resume_id}")
    return ResumeState(stored.id, stored.status, stored.error, stored.structured_data)


def router(max_resume_bytes: int) -> Router:
    return Router(
        "/resumes",
        route_handlers=[
            Router("/", route_handlers=[upload], guards=[Allowed("prepare", "add résumés")]),
            Router("/", route_handlers=[show], guards=[Allowed("see", "see résumés")]),
            *review.ROUTERS,
        ],
        request_max_body_size=max_resume_bytes + FIELDS_BYTES,
        tags=["resumes"],
    )
