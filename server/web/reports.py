"""The report of one interview: what was said, by topic and by what was looked for in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED

from server.evidence.level import Suggestion
from server.evidence.lines import Status
from server.evidence.report import AskedOfUs, Passage
from server.evidence.topics import Topic
from server.evidence.trouble import Trouble
from server.jobs import WRITE_REPORT
from server.store import amendments, audit, interviews, outbox, reports
from server.store.amendments import Amendment, Place
from server.store.reports import Probes, StoredReport, StoredStatement
from server.store.scorecards import rated_by
from server.web import dossier, notes, releases, scorecards
from server.web.author import LineOrder
from server.web.guards import INTERVIEW_HERE, Allowed
from server.web.principal import principal_of
from server.web.privacy import may_delete
from server.web.problems import INTERVIEW_NOT_FOUND, Problem
from server.web.problems_reports import LINE_NOT_FOUND, LINES_BUSY, NOT_OVER
from server.web.services import Services

State = Literal["none", "queued", "reading", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class StatementView:
    """Sentence number ``sentence``: words ``first_word`` to ``last_word`` of the stored answer.
    ``doubted``: of these, words that may not be what was said. ``start_ms`` null: nothing was heard
    of it. ``stale``: the answer reads differently by now. ``disputed``: what the candidate says
    they said instead."""

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
    disputed: list[str]


@dataclass(frozen=True, slots=True)
class LineView:
    text: str
    status: Status
    statements: list[StatementView]


@dataclass(frozen=True, slots=True)
class CriterionView:
    """``suggestion`` null until the caller has rated it, and where no model has read it.
    ``questions`` and ``probes``: how many of them were asked; ``probes_elsewhere``: in the
    others of the same opening, with which it is compared."""

    name: str
    stage: str
    levels: list[str]
    asked: bool
    questions: int
    probes: int
    probes_elsewhere: Probes | None
    lines: list[LineView]
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """``state`` none: the interview has not ended. What is read of it is empty until it was.
    ``opening``: the title of the one it is for. ``amendments``: lines that the candidate
    says were misheard, and lines that people put right."""

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
    amendments: list[Amendment] = field(default_factory=list)


@get("/report", refuses=[INTERVIEW_NOT_FOUND])
async def show_report(
    interview_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReportView:
    """What was said, by topic and by what was looked for in it."""
    rated = await rated_by(services.pool, interview_id, principal_of(request).name)
    shown = await view(services, interview_id, rated)
    if shown.version is not None:
        await audit.seen(services.pool, "report.seen", f"interview {interview_id}")
    return shown


@post("/report", status_code=HTTP_202_ACCEPTED)
async def write_again(
    interview_id: FromPath[UUID], services: NamedDependency[Services]
) -> ReportView:
    """Have it looked at once more, where it failed or an answer was put right."""
    await reports.wanted(services.pool, interview_id)
    services.queue.wake()
    return ReportView(interview_id, "queued")


async def view(services: Services, interview_id: UUID, rated: Collection[str]) -> ReportView:
    """``rated``: competencies whose suggestion is shown. Raises Problem."""
    about = await _about(services, interview_id)
    found = await reports.newest(services.pool, interview_id)
    if found is None:
        job = await outbox.waiting(services.pool, WRITE_REPORT, interview_id)
        state: State = "none" if job is None else "failed" if job.failed else "queued"
        return ReportView(interview_id, state, *about)
    amended = await amendments.of_interview(services.pool, interview_id)
    return ReportView(
        interview_id,
        "reading" if found.ready_at is None else "ready",
        *about,
        found.version,
        found.engine,
        found.made_at,
        found.ready_at,
        list(found.content.topics),
        _criteria(
            found,
            rated,
            await reports.probes_elsewhere(services.pool, interview_id),
            [one for one in amended if one.disputes],
        ),
        list(found.content.passages),
        list(found.content.questions),
        found.content.trouble,
        found.content.duration_ms,
        amended,
    )


@post(
    "/corrections",
    status_code=HTTP_202_ACCEPTED,
    refuses=[INTERVIEW_NOT_FOUND, LINE_NOT_FOUND, LINES_BUSY, NOT_OVER],
)
async def correct_line(
    interview_id: FromPath[UUID],
    data: JSONBody[LineOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> ReportView:
    """Put right what was misheard, once the interview is over. What it was stays known; what rested
    on it is marked stale, and the report is written anew."""
    stored = await interviews.get(services.pool, interview_id)
    if stored is None or stored.status != "ended":
        raise Problem(NOT_OVER)
    place = Place(data.turn, data.first, data.last)
    author = principal_of(request).name
    try:
        await amendments.correct(services.pool, interview_id, place, data.said.strip(), author)
    except amendments.NoLine as error:
        raise Problem(LINE_NOT_FOUND) from error
    except amendments.Busy as error:
        raise Problem(LINES_BUSY) from error
    services.queue.wake()
    services.monitor.announce(interview_id)
    return ReportView(interview_id, "queued")


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


def _criteria(
    found: StoredReport,
    rated: Collection[str],
    elsewhere: Mapping[str, Probes],
    disputes: Sequence[Amendment],
) -> list[CriterionView]:
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
            elsewhere.get(one.name),
            _lines(found, at, by_line, disputes),
            _suggestion(found, at) if one.name in rated else None,
        )
        for at, one in enumerate(found.content.criteria)
    ]


def _suggestion(found: StoredReport, at: int) -> Suggestion | None:
    return found.criteria[at].suggestion if found.criteria else None


def _lines(
    found: StoredReport,
    at: int,
    by_line: Mapping[tuple[int, int], list[StoredStatement]],
    disputes: Sequence[Amendment],
) -> list[LineView]:
    lines: list[tuple[str, Status]] = [
        (text, "unread" if asked else "not_asked")
        for text, asked in found.content.criteria[at].lines
    ]
    if found.criteria:
        lines = [(line.text, line.status) for line in found.criteria[at].lines]
    return [
        LineView(text, status, [_statement(one, disputes) for one in by_line.get((at, place), [])])
        for place, (text, status) in enumerate(lines)
    ]


def _statement(one: StoredStatement, disputes: Sequence[Amendment]) -> StatementView:
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
        [
            line.said
            for line in disputes
            if line.answer_id == one.answer_id
            and line.touches(line.turn, one.first_word, one.last_word)
        ],
    )


router = Router(
    "/interviews/{interview_id:uuid}",
    route_handlers=[
        Router(
            "/",
            route_handlers=[show_report, *scorecards.READ, *notes.READ, *releases.READ],
            guards=[Allowed("see", "see interviews"), INTERVIEW_HERE],
        ),
        Router(
            "/",
            route_handlers=releases.RELEASED,
            guards=[Allowed("plan", "release interviews"), INTERVIEW_HERE],
        ),
        Router(
            "/",
            route_handlers=[
                write_again,
                correct_line,
                *scorecards.MADE,
                *notes.MADE,
                *releases.MADE,
            ],
            guards=[Allowed("rate", "rate interviews"), INTERVIEW_HERE],
        ),
        Router(
            "/",
            route_handlers=dossier.HANDLERS,
            guards=[may_delete, INTERVIEW_HERE],
        ),
    ],
    tags=["interviews"],
)
