"""Interviews over HTTP: create one from a résumé, list the open ones, read one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from server.jobs import GENERATE_QUESTIONS
from server.store import audit, interviews, notices, outbox, resumes, templates
from server.store.conduct import adjustments_of, conduct
from server.store.interviews import Wanted
from server.store.invitations import Adjustments
from server.store.notices import StoredNotice
from server.store.pool import Connection
from server.web import declarations, outcome, outline, person, privacy, receipts, recordings
from server.web.admission import admit
from server.web.guards import Allowed, OwnCandidateOnly, own_interview
from server.web.leaving import AGAIN
from server.web.once import Once
from server.web.paging import Page, Since, Window, instant
from server.web.problems import (
    INTERVIEW_NOT_FOUND,
    LEAVING,
    RESUME_FAILED,
    RESUME_NOT_FOUND,
    RESUME_NOT_READY,
    SERVER_FULL,
    TEMPLATE_NOT_FOUND,
    Problem,
)
from server.web.problems_accounts import ADDRESS_MANY
from server.web.services import Services
from server.web.strangers import limited
from server.web.watch import watch

Turn = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
OPEN: Final = ("created", "live")
STATUSES: Final = (*OPEN, "ended")
Wished = Annotated[
    Literal["created", "live", "ended", "all"] | None,
    QueryParameter(description="Those of this state; left out: those that have not ended."),
]

log = structlog.get_logger()


class InterviewOrder(msgspec.Struct):
    """``template_id`` left out: the default template. ``position`` is taken for old forms' sake and
    never used: the résumé states the role."""

    resume_id: UUID
    template_id: UUID | None = None
    position: Any = msgspec.UNSET


@dataclass(frozen=True, slots=True)
class InterviewTicket:
    interview_id: UUID
    target_role: str
    language: str
    token: str
    websocket_url: str


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    """``person_asked_at``: since when the candidate would rather speak with a person.
    ``end_reason``: why it ended; null where it has not."""

    interview_id: UUID
    target_role: str
    language: str
    status: str
    candidate_name: str | None
    created_at: datetime
    started_at: datetime | None
    turns: int
    person_asked_at: datetime | None
    end_reason: str | None
    ended_at: datetime | None
    resume_id: UUID
    opening_id: UUID | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Of a follow-up ``evidence`` are the words of the answer it rests on, ``line`` is the line of
    the rubric it asks for; null where it names none. ``weight``: how much its competency counts for
    the opening beside others; 0: nothing was said of it."""

    id: UUID
    ordinal: int | None
    turn: int | None
    text: str
    source: str
    kind: str
    stage: str
    parent: UUID | None
    model: str | None
    reason: str | None
    asked_at: datetime | None
    competency: str
    rests_on: list[dict[str, Any]]
    rubric: list[str]
    language: str | None
    prompt: str | None
    outcome: str | None
    outcome_reason: str | None
    evidence: str | None
    line: str | None
    weight: int = 0


@dataclass(frozen=True, slots=True)
class AnswerView:
    """``words`` are ``{text, start_ms, end_ms, sure}`` on the session's audio clock, ``gaps`` the
    sound that is not words yet, ``{start_ms, end_ms}``. ``clear``: the text as it may be quoted and
    rated, with ``[…]`` where something is missing, in another language or could not be made out."""

    id: UUID
    question_id: UUID
    turn: int
    text: str
    clear: str
    words: list[dict[str, Any]]
    engine: str
    language: str
    timings: dict[str, int]
    created_at: datetime
    gaps: list[dict[str, int]]


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What was heard of the candidate in one turn; ``gaps`` as in the interview's answers."""

    turn: int
    text: str
    gaps: list[dict[str, int]]


@dataclass(frozen=True, slots=True)
class PlanState:
    """``status``: ``queued``, ``ready``, ``failed`` (``error`` says why; the bank asks, with
    the template's own questions), or ``none`` where the interview ended before."""

    status: str
    error: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class InterviewView:
    """``opening``: what the candidate was invited for, as it was then; its title may be another
    than the role, which is the résumé's. ``adjustments``: what the candidate needs."""

    interview_id: UUID
    target_role: str
    language: str
    status: str
    end_reason: str | None
    candidate_name: str | None
    template_id: UUID | None
    template: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    plan: PlanState
    questions: list[QuestionView]
    answers: list[AnswerView]
    notices: list[StoredNotice]
    person_asked_at: datetime | None
    opening: dict[str, Any] | None
    adjustments: Adjustments


@post(
    "/realtime",
    refuses=[
        ADDRESS_MANY,
        LEAVING,
        RESUME_FAILED,
        RESUME_NOT_FOUND,
        RESUME_NOT_READY,
        SERVER_FULL,
        TEMPLATE_NOT_FOUND,
    ],
)
async def create(
    data: JSONBody[InterviewOrder],
    request: Request[Any, Any, Any],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> InterviewTicket:
    """Fix the interview's role from the résumé and copy its template; answers the candidate's token
    and address."""
    if services.registry.leaving:
        raise Problem(LEAVING, headers=AGAIN)
    if data.position is not msgspec.UNSET:
        log.info("position ignored, the résumé states the role", resume_id=str(data.resume_id))

    async def make(connection: Connection) -> InterviewTicket:
        admit(services)
        await limited(request, services, "interviews")
        created = await interviews.create(
            connection, data.resume_id, data.template_id, packs=services.packs
        )
        if created is None:
            raise await _why_not(services, data)
        scheme = "wss" if request.url.scheme == "https" else "ws"
        return InterviewTicket(
            created.interview_id,
            created.target_role,
            created.language,
            created.token,
            f"{scheme}://{request.url.netloc}/v1/realtime",
        )

    ticket = await once(data, InterviewTicket, make, lambda made: made.interview_id)
    services.queue.wake()
    return ticket


async def _why_not(services: Services, order: InterviewOrder) -> Problem:
    resume_id, template_id = order.resume_id, order.template_id
    if template_id is not None and await templates.get(services.pool, template_id) is None:
        return Problem(TEMPLATE_NOT_FOUND)
    resume = await resumes.get(services.pool, resume_id)
    if resume is None:
        return Problem(RESUME_NOT_FOUND)
    if resume.status == "failed":
        error = resume.error or {}
        why = error.get("detail", "it could not be read")
        return Problem(RESUME_FAILED, code=error.get("code"), why=why)
    return Problem(RESUME_NOT_READY, resume_id=resume_id)


@get("/")
async def list_all(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    status: Wished = None,
    opening_id: FromQuery[UUID | None] = None,
    resume_id: FromQuery[UUID | None] = None,
    created_since: Since = None,
) -> Page[InterviewSummary]:
    """The newest first; those that have not ended where no ``status`` is named."""
    statuses = OPEN if status is None else STATUSES if status == "all" else (status,)
    wanted = Wanted(statuses, opening_id, resume_id, instant(created_since))
    rows = await interviews.listed(services.pool, wanted, window.after(UUID), window.fetch)
    return window.page(
        [InterviewSummary(**row) for row in rows], lambda interview: interview.interview_id
    )


@get("/{interview_id:uuid}", refuses=[INTERVIEW_NOT_FOUND])
async def show(interview_id: FromPath[UUID], services: NamedDependency[Services]) -> InterviewView:
    stored = await interviews.get(services.pool, interview_id)
    if stored is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    await audit.seen(services.pool, "interview.seen", f"interview {interview_id}")
    questions = await interviews.questions(services.pool, interview_id)
    answers = await interviews.answers(services.pool, interview_id)
    weight = conduct(stored).rules.weight
    return InterviewView(
        stored.id,
        stored.target_role,
        stored.language,
        stored.status,
        stored.end_reason,
        stored.resume["header"].get("name"),
        stored.template_id,
        stored.template and _shown(stored.template),
        stored.created_at,
        stored.started_at,
        stored.ended_at,
        await _plan(services, interview_id, questions),
        [QuestionView(**row, weight=weight(row["competency"] or "")) for row in questions],
        [AnswerView(**row) for row in answers],
        await notices.of_interview(services.pool, interview_id),
        stored.person_asked_at,
        stored.opening and {"id": stored.opening_id, **_described(stored.opening)},
        adjustments_of(stored),
    )


@get("/answers")
async def own_answers(
    interview_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[OwnAnswer]:
    """For the candidate: their own words as they were heard, and nothing else of the interview."""
    after = window.after(Turn)
    rows = await interviews.answers(
        services.pool, interview_id, -1 if after is None else after, window.fetch
    )
    found = [OwnAnswer(row["turn"], row["text"], row["gaps"]) for row in rows]
    return window.page(found, lambda answer: answer.turn)


async def _plan(
    services: Services, interview_id: UUID, questions: list[dict[str, Any]]
) -> PlanState:
    if any(question["ordinal"] is not None for question in questions):
        return PlanState("ready")
    job = await outbox.waiting(services.pool, GENERATE_QUESTIONS, interview_id)
    if job is None:
        return PlanState("none")
    return PlanState("failed", job.error) if job.failed else PlanState("queued")


def _shown(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Of the template what anybody may read: not the questions before they are asked."""
    shown = ("name", "stages", "languages", "minutes", "pace", "follow_ups")
    return {name: snapshot[name] for name in shown if name in snapshot}


def _described(snapshot: dict[str, Any]) -> dict[str, Any]:
    shown = ("title", "level", "team", "competencies")
    return {name: snapshot[name] for name in shown if name in snapshot}


router = Router(
    "/interviews",
    route_handlers=[
        Router("/", route_handlers=[create], guards=[Allowed("prepare", "create interviews")]),
        Router("/", route_handlers=[list_all, show], guards=[Allowed("see", "see interviews")]),
        watch,
        *recordings.ROUTERS,
    ],
    tags=["interviews"],
)
own = Router(
    "/interviews/{interview_id:uuid}",
    route_handlers=[
        own_answers,
        *outcome.HANDLERS,
        *outline.HANDLERS,
        *person.HANDLERS,
        *privacy.OWN,
        *receipts.OWN,
        *declarations.OWN,
    ],
    guards=[OwnCandidateOnly()],
    dependencies={"interview": Provide(own_interview)},
    tags=["interviews"],
)
"""What the candidate may read of it."""
