"""Scorecards of one interview, and what people decide on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.evidence.level import Level
from server.store import decisions, reports, scorecards
from server.store.decisions import Decision, Outcome
from server.store.reports import StoredReport
from server.store.scorecards import Missing, Rating, Scorecard
from server.web.author import Reason, author_of
from server.web.principal import principal_of
from server.web.problems import Problem
from server.web.problems_reports import (
    CARD_INCOMPLETE,
    COMPETENCY_UNKNOWN,
    DECISION_EARLY,
    QUOTE_NOT_FOUND,
    REPORT_NOT_READY,
)
from server.web.services import Services

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class RatingOrder(msgspec.Struct):
    """``level`` null: not rated yet."""

    competency: Name
    level: Level | None = None
    reason: Reason = ""


class CardOrder(msgspec.Struct):
    """All of the draft; what is left out is not rated."""

    ratings: Annotated[list[RatingOrder], msgspec.Meta(max_length=50)] = msgspec.field(
        default_factory=list
    )
    summary: Reason = ""


class DecisionOrder(msgspec.Struct):
    """``reason``: what it rests on, in words that the candidate could be told."""

    outcome: Outcome
    reason: Annotated[
        str, msgspec.Meta(min_length=1, max_length=2_000, pattern=r"^[^\x00]*\S[^\x00]*$")
    ]


class QuoteOrder(msgspec.Struct):
    statement_id: UUID


@dataclass(frozen=True, slots=True)
class OthersCard:
    """``card`` null until the caller has submitted one."""

    name: str | None
    author: str
    submitted_at: datetime
    card: Scorecard | None


@dataclass(frozen=True, slots=True)
class CardsView:
    """``own``: the caller's versions, a draft last. ``opened``: quotes that the caller opened.
    ``missing``: what stands between the draft and its submission. ``stale``: competencies of
    submitted cards that rest on words which read differently by now. ``decisions``: the last one
    holds."""

    own: list[Scorecard]
    others: list[OthersCard]
    opened: list[UUID]
    missing: Missing
    stale: list[str]
    decisions: list[Decision]


@get("/scorecards")
async def show_cards(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> CardsView:
    """The caller's own; others' once theirs is submitted."""
    return await _cards(services, interview_id, principal_of(request).name)


@put("/scorecard", refuses=[COMPETENCY_UNKNOWN, REPORT_NOT_READY])
async def save_card(
    interview_id: FromPath[UUID],
    data: JSONBody[CardOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> CardsView:
    """The caller's draft. Of what it rates the report tells the suggestion from then on."""
    report = await _ready(services, interview_id)
    known = {one.name for one in report.content.criteria}
    if any(one.competency not in known for one in data.ratings):
        raise Problem(COMPETENCY_UNKNOWN)
    author = author_of(request)
    given = {one.competency: one for one in data.ratings}
    ratings = [Rating(one.competency, one.level, one.reason) for one in given.values()]
    await scorecards.save(services.pool, interview_id, author, report, ratings, data.summary)
    return await _cards(services, interview_id, author.name)


@post(
    "/scorecard/opened",
    status_code=HTTP_200_OK,
    refuses=[QUOTE_NOT_FOUND, REPORT_NOT_READY],
)
async def open_quote(
    interview_id: FromPath[UUID],
    data: JSONBody[QuoteOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> CardsView:
    """The caller has heard or read a quote in its place."""
    report = await _ready(services, interview_id)
    author = principal_of(request).name
    if not await scorecards.open_quote(
        services.pool, interview_id, author, report, data.statement_id
    ):
        raise Problem(QUOTE_NOT_FOUND)
    return await _cards(services, interview_id, author)


@post(
    "/scorecard/submission",
    status_code=HTTP_200_OK,
    refuses=[CARD_INCOMPLETE, REPORT_NOT_READY],
)
async def submit_card(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> CardsView:
    """The draft stays as it is from here on; what is saved later is another version."""
    report = await _ready(services, interview_id)
    author = author_of(request)
    try:
        version = await scorecards.submit(services.pool, interview_id, author, report)
    except scorecards.Incomplete as error:
        missing = error.missing
        why = "; ".join(
            f"{what}: {', '.join(names)}"
            for what, names in (("rate", missing.unrated), ("open a quote of", missing.unheard))
            if names
        )
        raise Problem(CARD_INCOMPLETE, why=why) from error
    if version is None:
        raise Problem(CARD_INCOMPLETE, why="nothing is rated yet")
    return await _cards(services, interview_id, author.name)


@post("/decision", status_code=HTTP_200_OK, refuses=[DECISION_EARLY])
async def decide(
    interview_id: FromPath[UUID],
    data: JSONBody[DecisionOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> CardsView:
    """A person's, beside those before it. Nothing follows from it by itself."""
    author = author_of(request)
    try:
        await decisions.decide(
            services.pool, interview_id, author, data.outcome, data.reason.strip()
        )
    except decisions.NobodyRated as error:
        raise Problem(DECISION_EARLY) from error
    return await _cards(services, interview_id, author.name)


async def _ready(services: Services, interview_id: UUID) -> StoredReport:
    found = await reports.newest(services.pool, interview_id)
    if found is None or found.ready_at is None:
        raise Problem(REPORT_NOT_READY)
    return found


async def _cards(services: Services, interview_id: UUID, author: str) -> CardsView:
    cards = await scorecards.every(services.pool, interview_id)
    heard = await scorecards.opened(services.pool, interview_id, author)
    report = await reports.newest(services.pool, interview_id)
    own = [card for card in cards if card.author == author]
    submitted = any(card.submitted_at for card in own)
    # The newest of each of the others that was submitted.
    others = {card.author: card for card in cards if card.author != author and card.submitted_at}
    draft = next((card.ratings for card in own if card.submitted_at is None), [])
    return CardsView(
        own,
        [
            OthersCard(one.name, one.author, one.submitted_at, one if submitted else None)
            for one in others.values()
            if one.submitted_at is not None
        ],
        sorted(heard.statements),
        Missing() if report is None else scorecards.missing_of(draft, report, heard),
        await scorecards.stale(services.pool, interview_id),
        await decisions.of_interview(services.pool, interview_id),
    )


READ = [show_cards]
MADE = [save_card, open_quote, submit_card, decide]
