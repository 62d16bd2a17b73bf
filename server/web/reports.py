"""The report of one interview, and the cards of those who rate it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from server.evidence.level import Level, Suggestion
from server.evidence.lines import Status
from server.evidence.report import AskedOfUs, Passage
from server.evidence.topics import Topic
from server.evidence.trouble import Trouble
from server.jobs import WRITE_REPORT
from server.store import audit, interviews, outbox, reports, scorecards
from server.store.reports import StoredReport, StoredStatement
from server.store.scorecards import Missing, Rating, Scorecard
from server.web.guards import INTERVIEW_HERE, Allowed
from server.web.notes import MADE, READ, Reason, author_of
from server.web.principal import principal_of
from server.web.problems import (
    CARD_INCOMPLETE,
    COMPETENCY_UNKNOWN,
    INTERVIEW_NOT_FOUND,
    QUOTE_NOT_FOUND,
    REPORT_NOT_READY,
    Problem,
)
from server.web.services import Services

State = Literal["none", "queued", "reading", "ready", "failed"]
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


class QuoteOrder(msgspec.Struct):
    statement_id: UUID


@dataclass(frozen=True, slots=True)
class StatementView:
    """Sentence number ``sentence``: words ``first_word`` to ``last_word`` of the stored answer.
    ``doubted``: of these, words that may not be what was said. ``start_ms`` null: nothing was heard
    of it. ``stale``: the answer reads differently by now."""

    id: UUID
    sentence: int
    answer_id: UUID
    first_word: int
    last_word: int
    start_ms: int | None
    end_ms: int | None
    quote: str
    doubted: list[int]
    why: str
    runs: int
    stale: bool


@dataclass(frozen=True, slots=True)
class LineView:
    text: str
    status: Status
    statements: list[StatementView]


@dataclass(frozen=True, slots=True)
class CriterionView:
    """``suggestion`` null until the caller has rated it, and where no model has read it.
    ``questions`` and ``probes``: how many of them were asked."""

    name: str
    stage: str
    levels: list[str]
    asked: bool
    questions: int
    probes: int
    lines: list[LineView]
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """``state`` none: the interview has not ended. What is read of it is empty until it was.
    ``opening``: the title of the one it is for."""

    interview_id: UUID
    state: State
    resume_id: UUID | None = None
    candidate_name: str | None = None
    target_role: str = ""
    language: str = ""
    opening: str | None = None
    ended_at: datetime | None = None
    version: int | None = None
    engine: str | None = None
    made_at: datetime | None = None
    ready_at: datetime | None = None
    topics: list[Topic] = field(default_factory=list)
    criteria: list[CriterionView] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    questions: list[AskedOfUs] = field(default_factory=list)
    trouble: Trouble | None = None
    duration_ms: int = 0


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
    submitted cards that rest on words which read differently by now."""

    own: list[Scorecard]
    others: list[OthersCard]
    opened: list[UUID]
    missing: Missing
    stale: list[str]


@get("/report", refuses=[INTERVIEW_NOT_FOUND])
async def show_report(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReportView:
    """What was said, by topic and by what was looked for in it."""
    about = await _about(services, interview_id)
    found = await reports.newest(services.pool, interview_id)
    if found is None:
        job = await outbox.waiting(services.pool, WRITE_REPORT, interview_id)
        state: State = "none" if job is None else "failed" if job.failed else "queued"
        return ReportView(interview_id, state, *about)
    await audit.seen(services.pool, "report.seen", f"interview {interview_id}")
    cards = await scorecards.every(services.pool, interview_id)
    author = principal_of(request).name
    rated = {
        rating.competency
        for card in cards
        for rating in card.ratings
        if card.author == author and rating.level is not None
    }
    return ReportView(
        interview_id,
        "reading" if found.ready_at is None else "ready",
        *about,
        found.version,
        found.engine,
        found.made_at,
        found.ready_at,
        list(found.content.topics),
        _criteria(found, rated),
        list(found.content.passages),
        list(found.content.questions),
        found.content.trouble,
        found.content.duration_ms,
    )


@post("/report", status_code=HTTP_202_ACCEPTED)
async def write_again(
    interview_id: FromPath[UUID], services: NamedDependency[Services]
) -> ReportView:
    """Have it looked at once more, where it failed or an answer was put right."""
    await reports.wanted(services.pool, interview_id)
    services.queue.wake()
    return ReportView(interview_id, "queued")


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


async def _about(
    services: Services, interview_id: UUID
) -> tuple[UUID | None, str | None, str, str, str | None, datetime | None]:
    """Of whom it is, and for what."""
    stored = await interviews.get(services.pool, interview_id)
    if stored is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    return (
        await interviews.resume_of(services.pool, interview_id),
        stored.resume["header"].get("name"),
        stored.target_role,
        stored.language,
        (stored.opening or {}).get("title"),
        stored.ended_at,
    )


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
    )


def _criteria(found: StoredReport, rated: set[str]) -> list[CriterionView]:
    by_line: dict[tuple[int, int], list[StoredStatement]] = {}
    for statement in found.statements:
        by_line.setdefault((statement.criterion, statement.line), []).append(statement)
    topics = {one.question_id: one for one in found.content.topics}
    return [
        CriterionView(
            one.name,
            one.stage,
            list(one.levels),
            one.asked,
            sum(topics[topic].asked for topic in one.topics),
            sum(topics[topic].probes for topic in one.topics),
            _lines(found, at, by_line),
            _suggestion(found, at) if one.name in rated else None,
        )
        for at, one in enumerate(found.content.criteria)
    ]


def _suggestion(found: StoredReport, at: int) -> Suggestion | None:
    return found.criteria[at].suggestion if found.criteria else None


def _lines(
    found: StoredReport, at: int, by_line: Mapping[tuple[int, int], list[StoredStatement]]
) -> list[LineView]:
    lines: list[tuple[str, Status]] = [
        (text, "unread" if asked else "not_asked")
        for text, asked in found.content.criteria[at].lines
    ]
    if found.criteria:
        lines = [(line.text, line.status) for line in found.criteria[at].lines]
    return [
        LineView(text, status, [_statement(one) for one in by_line.get((at, place), [])])
        for place, (text, status) in enumerate(lines)
    ]


def _statement(one: StoredStatement) -> StatementView:
    return StatementView(
        one.id,
        one.sentence,
        one.answer_id,
        one.first_word,
        one.last_word,
        one.start_ms,
        one.end_ms,
        one.quote,
        one.doubted,
        one.why,
        one.runs,
        one.stale_at is not None,
    )


router = Router(
    "/interviews/{interview_id:uuid}",
    route_handlers=[
        Router(
            "/",
            route_handlers=[show_report, show_cards, *READ],
            guards=[Allowed("see", "see interviews"), INTERVIEW_HERE],
        ),
        Router(
            "/",
            route_handlers=[
                write_again, save_card, open_quote, submit_card, *MADE,
            ],
            guards=[Allowed("rate", "rate interviews"), INTERVIEW_HERE],
        ),
    ],
    tags=["interviews"],
)  # fmt: skip
