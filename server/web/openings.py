"""Openings over HTTP: what a company interviews for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.core.events import CompanyFact, Language
from server.core.rules import OwnQuestion, Stage
from server.identity.principal import Member
from server.store import openings
from server.store.openings import Competency, Opening, StoredOpening
from server.store.pool import Connection
from server.store.templates import Template
from server.web import results
from server.web.authoring import Warned, check
from server.web.guards import Allowed
from server.web.once import Once
from server.web.paging import Page, Since, Window, instant
from server.web.principal import principal_of
from server.web.privacy import may_delete
from server.web.problems import (
    OPENING_INVITED,
    OPENING_NOT_FOUND,
    TEMPLATE_FAULTY,
    TEMPLATE_NOT_FOUND,
    Problem,
)
from server.web.services import Services

MOST_COMPETENCIES = 20
Line = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Title = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$"),
]
Text = Annotated[str, msgspec.Meta(max_length=5_000, pattern=r"^[^\x00]*$")]


class CompetencyOrder(msgspec.Struct):
    """``weight``: how much it counts beside the others."""

    name: Title
    weight: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1


class OpeningOrder(msgspec.Struct):
    """``languages`` empty: those of the template. ``template_id`` null: the default template.
    ``questions`` are asked of everybody, after the core questions of their stage; ``company``: what
    may be told, besides what the template tells. ``releases``: once somebody has decided on an
    interview, its candidate sees what was said and how it was decided. ``result_days``: in how
    many days after the interview candidates hear the result, from ``result_by``; they are told so
    before and after it. null: nothing is said of it."""

    title: Title
    description: Text = ""
    level: Line = ""
    team: Line = ""
    contact: Line = ""
    deadline: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    template_id: UUID | None = None
    languages: Annotated[list[Language], msgspec.Meta(max_length=20)] = []
    competencies: Annotated[list[CompetencyOrder], msgspec.Meta(max_length=MOST_COMPETENCIES)] = []
    questions: list[OwnQuestion] = []
    company: list[CompanyFact] = []
    releases: bool = False
    result_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    result_by: Line = ""


class CloseOrder(msgspec.Struct):
    closed: bool


@dataclass(frozen=True, slots=True)
class OpeningView:
    """``closed_at`` null: open. ``invited``: whose invitation stands; ``interviewed``: of whom an
    interview was created. ``warnings``: what its author had better look at again; only in the
    answer to adding and changing it."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    invited: int
    interviewed: int
    opening: Opening
    warnings: list[Warned] = field(default_factory=list)


@get("/")
async def list_all(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    closed: FromQuery[bool | None] = None,
    created_since: Since = None,
) -> Page[OpeningView]:
    """The newest first, also those that are closed."""
    found = await openings.every(
        services.pool, window.after(UUID), window.fetch,
        closed=closed, created_since=instant(created_since),
    )  # fmt: skip
    return window.page([_view(one) for one in found], lambda opening: opening.id)


@get("/{opening_id:uuid}", refuses=[OPENING_NOT_FOUND])
async def show(opening_id: FromPath[UUID], services: NamedDependency[Services]) -> OpeningView:
    return await _found(services, opening_id)


@post("/", refuses=[TEMPLATE_FAULTY, TEMPLATE_NOT_FOUND])
async def add(
    data: JSONBody[OpeningOrder],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> OpeningView:
    opening = _opening(data)
    warned = await check(services, _as_template(opening))
    principal = principal_of(request)
    by = principal.user_id if isinstance(principal, Member) else None

    async def store(connection: Connection) -> OpeningView:
        try:
            opening_id = await openings.add(connection, opening, by)
        except openings.NoTemplate as error:
            raise Problem(TEMPLATE_NOT_FOUND) from error
        stored = await openings.get(connection, opening_id)
        assert stored is not None
        return replace(_view(stored), warnings=warned)

    return await once(data, OpeningView, store)


@put("/{opening_id:uuid}", refuses=[OPENING_NOT_FOUND, TEMPLATE_FAULTY, TEMPLATE_NOT_FOUND])
async def change(
    opening_id: FromPath[UUID],
    data: JSONBody[OpeningOrder],
    services: NamedDependency[Services],
) -> OpeningView:
    """Interviews that were created for it before stay as they are."""
    opening = _opening(data)
    warned = await check(services, _as_template(opening))
    try:
        await openings.change(services.pool, opening_id, opening)
    except openings.NoTemplate as error:
        raise Problem(TEMPLATE_NOT_FOUND) from error
    return replace(await _found(services, opening_id), warnings=warned)


@post("/{opening_id:uuid}/closed", status_code=HTTP_200_OK, refuses=[OPENING_NOT_FOUND])
async def close(
    opening_id: FromPath[UUID],
    data: JSONBody[CloseOrder],
    services: NamedDependency[Services],
) -> OpeningView:
    """Nobody begins an interview any more; those that were created go on."""
    await openings.close(services.pool, opening_id, closed=data.closed)
    return await _found(services, opening_id)


@delete("/{opening_id:uuid}", refuses=[OPENING_INVITED, OPENING_NOT_FOUND])
async def remove(opening_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    try:
        if not await openings.remove(services.pool, opening_id):
            raise Problem(OPENING_NOT_FOUND)
    except openings.Invited as error:
        raise Problem(OPENING_INVITED) from error


async def _found(services: Services, opening_id: UUID) -> OpeningView:
    stored = await openings.get(services.pool, opening_id)
    if stored is None:
        raise Problem(OPENING_NOT_FOUND)
    return _view(stored)


def _view(stored: StoredOpening) -> OpeningView:
    return OpeningView(
        stored.id,
        stored.created_at,
        stored.updated_at,
        stored.closed_at,
        stored.invited,
        stored.interviewed,
        stored.opening,
    )


def _opening(order: OpeningOrder) -> Opening:
    return Opening(
        order.title.strip(),
        order.description.strip(),
        order.level.strip(),
        order.team.strip(),
        order.contact.strip(),
        order.deadline,
        order.template_id,
        tuple(order.languages),
        tuple(Competency(one.name.strip(), one.weight) for one in order.competencies),
        tuple(order.questions),
        tuple(order.company),
        order.releases,
        order.result_days,
        order.result_by.strip(),
    )


def _as_template(opening: Opening) -> Template:
    """What is asked and told is looked at as it is in a template."""
    return Template(
        "x",
        (Stage("closing"),),
        opening.languages or None,
        questions=opening.questions,
        company=opening.company,
    )


router = Router(
    "/openings",
    route_handlers=[
        Router("/", route_handlers=[list_all, show], guards=[Allowed("see", "see openings")]),
        Router(
            "/",
            route_handlers=[add, change, close, remove],
            guards=[Allowed("plan", "change openings")],
        ),
        Router("/", route_handlers=results.HANDLERS, guards=[may_delete]),
    ],
    tags=["openings"],
)
