"""Candidates of one opening beside each other, question by question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from server.evidence.comparison import Planned, Row, aligned
from server.evidence.level import Level
from server.evidence.topics import Topic
from server.store import audit, comparisons, openings, reports, scorecards
from server.store.comparisons import Compared
from server.store.reports import StoredReport
from server.web.guards import OPENING_HERE, Allowed
from server.web.principal import principal_of
from server.web.problems import OPENING_NOT_FOUND, Problem
from server.web.problems_reports import COMPARISON_FEW
from server.web.services import Services

FEWEST, MOST = 2, 4
Of = Annotated[
    list[UUID] | None,
    QueryParameter(description="Interviews of this opening, two to four; none: whom there are."),
]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """``probes``: follow-ups in all. ``own``: what the caller's submitted card gives, by
    competency; null until there is one."""

    interview_id: UUID
    candidate_name: str | None
    language: str
    ended_at: datetime
    read: bool
    probes: int
    own: dict[str, Level] | None


@dataclass(frozen=True, slots=True)
class CellView:
    """What one candidate was asked and answered there, their follow-ups included."""

    probes: int
    topic: Topic


@dataclass(frozen=True, slots=True)
class RowView:
    """``common``: all of them were to be asked it; else it is in the plan of some of them only.
    ``cells`` in the order of the candidates; null: it was not in their plan."""

    text: str
    stage: str
    competency: str
    common: bool
    cells: list[CellView | None]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """``choices``: everybody whom the opening lets one compare."""

    opening_id: UUID
    opening: str
    choices: list[Compared]
    candidates: list[CandidateView]
    rows: list[RowView]


@get("/comparison", refuses=[COMPARISON_FEW, OPENING_NOT_FOUND])
async def compare(
    opening_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
    of: Of = None,
) -> ComparisonView:
    """What everybody was asked stands in one row, whatever language it was asked in."""
    opening = await openings.get(services.pool, opening_id)
    if opening is None:
        raise Problem(OPENING_NOT_FOUND)
    choices = await comparisons.candidates(services.pool, opening_id)
    by_id = {one.interview_id: one for one in choices}
    wanted = list(dict.fromkeys(of or ()))
    if wanted and (not FEWEST <= len(wanted) <= MOST or not set(wanted) <= set(by_id)):
        raise Problem(COMPARISON_FEW, fewest=FEWEST, most=MOST)
    found = [await reports.newest(services.pool, one) for one in wanted]
    plans = [await comparisons.plan(services.pool, one) for one in wanted]
    for one in wanted:
        await audit.seen(services.pool, "report.seen", f"interview {one}")
    author = principal_of(request).name
    return ComparisonView(
        opening_id,
        opening.opening.title,
        choices,
        [
            _candidate(by_id[one], report, await _own(services, one, author))
            for one, report in zip(wanted, found, strict=True)
        ],
        _rows(plans, found),
    )


async def _own(services: Services, interview_id: UUID, author: str) -> dict[str, Level] | None:
    """As on the page of one interview: nothing before one's own card is submitted."""
    cards = await scorecards.every(services.pool, interview_id)
    card = next((c for c in reversed(cards) if c.author == author and c.submitted_at), None)
    if card is None:
        return None
    return {one.competency: one.level for one in card.ratings if one.level is not None}


def _candidate(
    one: Compared, report: StoredReport | None, own: dict[str, Level] | None
) -> CandidateView:
    probes = sum(topic.probes for topic in report.content.topics) if report else 0
    return CandidateView(
        one.interview_id,
        one.candidate_name,
        one.language,
        one.ended_at,
        report is not None,
        probes,
        own,
    )


def _rows(
    plans: Sequence[Sequence[Planned]], found: Sequence[StoredReport | None]
) -> list[RowView]:
    topics = [
        {topic.question_id: topic for topic in report.content.topics} if report else {}
        for report in found
    ]
    rows = [(row, _cells(row, topics)) for row in aligned(plans)]
    return [_row(row, cells) for row, cells in rows if any(cells)]


def _cells(row: Row, topics: Sequence[dict[str, Topic]]) -> list[CellView | None]:
    found = [
        of.get(question.question_id) if question else None
        for question, of in zip(row.questions, topics, strict=True)
    ]
    return [None if topic is None else CellView(topic.probes, topic) for topic in found]


def _row(row: Row, cells: list[CellView | None]) -> RowView:
    first = next(cell.topic for cell in cells if cell is not None)
    return RowView(first.text, first.stage, first.competency, row.common, cells)


router = Router(
    "/openings/{opening_id:uuid}",
    route_handlers=[compare],
    guards=[Allowed("see", "see interviews"), OPENING_HERE],
    tags=["openings"],
)
