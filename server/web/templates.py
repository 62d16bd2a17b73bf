"""Interview templates over HTTP, for interviewers: list, read, add, change, remove."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.core.dialogue.authoring import faults
from server.core.dialogue.template import Template
from server.store import templates
from server.store.templates import StoredTemplate
from server.web.errors import Problem
from server.web.keys import require_interviewer
from server.web.services import Services

MAY = "see and change templates"


@dataclass(frozen=True, slots=True)
class TemplateView:
    """``is_default``: what an interview is made from that names no template."""

    id: UUID
    is_default: bool
    created_at: datetime
    updated_at: datetime
    template: Template


@get("/")
async def list_all(
    request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> list[TemplateView]:
    """The default first, then by name."""
    require_interviewer(request, services.interviewer_key, MAY)
    return [_view(stored) for stored in await templates.every(services.pool)]


@get("/{template_id:uuid}")
async def show(
    template_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> TemplateView:
    require_interviewer(request, services.interviewer_key, MAY)
    return await _found(services, template_id)


@post("/")
async def add(
    data: JSONBody[Template],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> TemplateView:
    require_interviewer(request, services.interviewer_key, MAY)
    _check(data)
    try:
        template_id = await templates.add(services.pool, data)
    except templates.NameTaken as error:
        raise _name_taken() from error
    return await _found(services, template_id)


@put("/{template_id:uuid}")
async def change(
    template_id: FromPath[UUID],
    data: JSONBody[Template],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> TemplateView:
    """Interviews that were made from it before stay as they are."""
    require_interviewer(request, services.interviewer_key, MAY)
    _check(data)
    try:
        await templates.change(services.pool, template_id, data)
    except templates.NameTaken as error:
        raise _name_taken() from error
    return await _found(services, template_id)


@post("/{template_id:uuid}/default", status_code=200)
async def make_default(
    template_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> TemplateView:
    require_interviewer(request, services.interviewer_key, MAY)
    await templates.make_default(services.pool, template_id)
    return await _found(services, template_id)


@delete("/{template_id:uuid}")
async def remove(
    template_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> None:
    require_interviewer(request, services.interviewer_key, MAY)
    if (await _found(services, template_id)).is_default:
        raise Problem(409, "template_default", "Make another template the default one first.")
    await templates.remove(services.pool, template_id)


async def _found(services: Services, template_id: UUID) -> TemplateView:
    stored = await templates.get(services.pool, template_id)
    if stored is None:
        raise Problem(404, "template_not_found", "There is no such interview template.")
    return _view(stored)


def _view(stored: StoredTemplate) -> TemplateView:
    return TemplateView(
        stored.id, stored.is_default, stored.created_at, stored.updated_at, stored.template
    )


def _check(template: Template) -> None:
    """Raises Problem with the code of the first fault and the details of all."""
    found = faults(template)
    if found:
        raise Problem(422, found[0].code, " ".join(fault.detail for fault in found))


def _name_taken() -> Problem:
    return Problem(409, "template_name_taken", "Another template has this name.")


router = Router(
    "/templates",
    route_handlers=[list_all, show, add, change, make_default, remove],
    tags=["templates"],
)
