"""Interview templates over HTTP, for interviewers: list, read, add, change, remove."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.store import templates
from server.store.pool import Connection
from server.store.templates import StoredTemplate, Template
from server.web.authoring import Warned, check
from server.web.guards import Allowed
from server.web.once import Once
from server.web.paging import Page, Window
from server.web.problems import (
    TEMPLATE_DEFAULT,
    TEMPLATE_FAULTY,
    TEMPLATE_NAME_TAKEN,
    TEMPLATE_NOT_FOUND,
    Problem,
)
from server.web.services import Services

Name = Annotated[str, msgspec.Meta(max_length=500, pattern="^[^\\x00]*$")]


@dataclass(frozen=True, slots=True)
class TemplateView:
    """``is_default``: what an interview is made from that names no template. ``warnings``: what its
    author had better look at again; only in the answer to adding and changing it."""

    id: UUID
    is_default: bool
    created_at: datetime
    updated_at: datetime
    template: Template
    warnings: list[Warned] = field(default_factory=list)


@get("/")
async def list_all(
    window: NamedDependency[Window], services: NamedDependency[Services]
) -> Page[TemplateView]:
    """The default first, then by name."""
    after = window.after(tuple[bool, Name])
    found = await templates.every(services.pool, after, window.fetch)
    return window.page(
        [_view(stored, services) for stored in found],
        lambda one: (one.is_default, one.template.name),
    )


@get("/{template_id:uuid}", refuses=[TEMPLATE_NOT_FOUND])
async def show(template_id: FromPath[UUID], services: NamedDependency[Services]) -> TemplateView:
    return await _found(services, template_id)


@post("/", refuses=[TEMPLATE_FAULTY, TEMPLATE_NAME_TAKEN])
async def add(
    data: JSONBody[Template], once: NamedDependency[Once], services: NamedDependency[Services]
) -> TemplateView:
    warned = await check(services, data)

    async def store(connection: Connection) -> TemplateView:
        try:
            template_id = await templates.add(connection, data)
        except templates.NameTaken as error:
            raise Problem(TEMPLATE_NAME_TAKEN) from error
        stored = await templates.get(connection, template_id)
        assert stored is not None
        return replace(_view(stored, services), warnings=warned)

    return await once(data, TemplateView, store)


@put(
    "/{template_id:uuid}",
    refuses=[TEMPLATE_FAULTY, TEMPLATE_NAME_TAKEN, TEMPLATE_NOT_FOUND],
)
async def change(
    template_id: FromPath[UUID],
    data: JSONBody[Template],
    services: NamedDependency[Services],
) -> TemplateView:
    """Interviews that were made from it before stay as they are."""
    warned = await check(services, data)
    try:
        await templates.change(services.pool, template_id, data)
    except templates.NameTaken as error:
        raise Problem(TEMPLATE_NAME_TAKEN) from error
    return replace(await _found(services, template_id), warnings=warned)


@post("/{template_id:uuid}/default", status_code=HTTP_200_OK, refuses=[TEMPLATE_NOT_FOUND])
async def make_default(
    template_id: FromPath[UUID], services: NamedDependency[Services]
) -> TemplateView:
    await templates.make_default(services.pool, template_id)
    return await _found(services, template_id)


@delete("/{template_id:uuid}", refuses=[TEMPLATE_DEFAULT, TEMPLATE_NOT_FOUND])
async def remove(template_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    if (await _found(services, template_id)).is_default:
        raise Problem(TEMPLATE_DEFAULT)
    await templates.remove(services.pool, template_id)


async def _found(services: Services, template_id: UUID) -> TemplateView:
    stored = await templates.get(services.pool, template_id)
    if stored is None:
        raise Problem(TEMPLATE_NOT_FOUND)
    return _view(stored, services)


def _view(stored: StoredTemplate, services: Services) -> TemplateView:
    """With its languages named."""
    template = stored.template
    if template.languages is None:
        template = replace(template, languages=tuple(services.packs.by_language))
    return TemplateView(
        stored.id, stored.is_default, stored.created_at, stored.updated_at, template
    )


router = Router(
    "/templates",
    route_handlers=[list_all, show, add, change, make_default, remove],
    guards=[Allowed("plan", "see and change templates")],
    tags=["templates"],
)
