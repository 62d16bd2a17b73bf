"""One interview for a colleague without an account, by a link that ends and is logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from server.store import decisions, organisations, scorecards, shares
from server.store.decisions import Decision
from server.store.pool import Connection
from server.store.scorecards import Scorecard
from server.store.shares import Share, TooMany
from server.web import reports
from server.web.author import author_of
from server.web.guards import INTERVIEW_HERE, SharedOnly, own_share
from server.web.letters import share_link
from server.web.once import Once
from server.web.paging import Page, Window
from server.web.principal import principal_of
from server.web.privacy import may_delete
from server.web.problems import Problem
from server.web.problems_reports import CARDS_FIRST, SHARE_NOT_FOUND, SHARES_MANY
from server.web.reports import ReportView
from server.web.services import Services


class ShareOrder(msgspec.Struct):
    """``name``: for whom; ``judgement``: with submitted scorecards and decisions."""

    name: Annotated[
        str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*[^\x00-\x20]")
    ]
    days: Annotated[int, msgspec.Meta(ge=1, le=shares.LONGEST.days)] = 7
    judgement: bool = False


@dataclass(frozen=True, slots=True)
class ShareMade:
    """``link`` is told this once, to be handed on."""

    share: Share
    link: str


@dataclass(frozen=True, slots=True)
class SharedView:
    """``cards`` and ``decisions`` are empty where they are not shared (``judgement``). ``by``: who
    shares it, where they have an account."""

    organisation: str
    by: str | None
    expires_at: datetime
    report: ReportView
    judgement: bool
    cards: list[Scorecard]
    decisions: list[Decision]


@get("/shares")
async def list_shares(
    interview_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[Share]:
    """The newest first, those that are over too."""
    before = window.after(UUID)
    found = await shares.of_interview(services.pool, interview_id)
    later = [one for one in found if before is None or one.id < before]
    return window.page(later[: window.fetch], lambda share: share.id)


@post("/shares", refuses=[CARDS_FIRST, SHARES_MANY])
async def add_share(
    interview_id: FromPath[UUID],
    data: JSONBody[ShareOrder],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> ShareMade:
    """A link by which somebody without an account reads the report, for some days."""
    if data.judgement:
        await _see_cards(services, request, interview_id)

    async def make(connection: Connection) -> ShareMade:
        lasts = timedelta(days=data.days)
        made, token = await shares.add(
            connection, interview_id, author_of(request), data.name, lasts, judgement=data.judgement
        )
        return ShareMade(made, share_link(request, token))

    try:
        asked = {"interview_id": interview_id, "order": data}
        return await once(asked, ShareMade, make, lambda made: made.share.interview_id)
    except TooMany as error:
        raise Problem(SHARES_MANY, most=shares.MOST) from error


@delete("/shares/{share_id:uuid}", status_code=HTTP_204_NO_CONTENT, refuses=[SHARE_NOT_FOUND])
async def revoke_share(
    interview_id: FromPath[UUID], share_id: FromPath[UUID], services: NamedDependency[Services]
) -> None:
    """The link opens nothing from now on."""
    if not await shares.revoke(services.pool, interview_id, share_id):
        raise Problem(SHARE_NOT_FOUND)


@get("/shared")
async def show_shared(
    share: NamedDependency[Share], services: NamedDependency[Services]
) -> SharedView:
    """What stands behind the link: the report without suggestions and notes. Each time it is
    opened stands in the log."""
    await shares.opened(services.pool, share)
    report = await reports.view(services, share.interview_id, rated=())
    every, decided = [], []
    if share.judgement:
        cards = await scorecards.every(services.pool, share.interview_id)
        every = [one for one in cards if one.submitted_at is not None]
        decided = await decisions.of_interview(services.pool, share.interview_id)
    organisation = await organisations.get(services.pool, share.organisation_id)
    assert organisation is not None
    return SharedView(
        organisation.name,
        share.by,
        share.expires_at,
        report,
        share.judgement,
        every,
        decided,
    )


async def _see_cards(
    services: Services, request: Request[Any, Any, Any], interview_id: UUID
) -> None:
    """Nobody sees others' cards before their own by a link to themselves. Raises Problem."""
    principal = principal_of(request)
    if "rate" not in principal.rights:
        return
    if await decisions.of_interview(services.pool, interview_id):
        return
    cards = await scorecards.every(services.pool, interview_id)
    if not any(one.author == principal.name and one.submitted_at for one in cards):
        raise Problem(CARDS_FIRST)


router = Router(
    "/",
    route_handlers=[
        Router(
            "/interviews/{interview_id:uuid}",
            route_handlers=[list_shares, add_share, revoke_share],
            guards=[may_delete, INTERVIEW_HERE],
        ),
        Router(
            "/",
            route_handlers=[show_shared],
            guards=[SharedOnly()],
            dependencies={"share": Provide(own_share)},
        ),
    ],
    tags=["interviews"],
)
