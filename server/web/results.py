"""How everybody of an opening fared, as a table for a spreadsheet program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from server.evidence.sheet import Cell, written
from server.store import results
from server.store.results import Given, Result
from server.web.accepted import preferred
from server.web.principal import principal_of
from server.web.problems import OPENING_NOT_FOUND, Problem
from server.web.services import Services

CSV: Final = "text/csv"
TROUBLE: Final = ("lost_percent", "doubted", "cut_ins", "faults")
HEAD: Final = ("name", "email", "state", "started", "ended", "end_reason")
TAIL: Final = ("decision", "decided_by", "decided_at", "probes", "gaps", *TROUBLE, "interview")
"""Columns; between them is one for each competency."""

Say = Callable[[str], str]


@get("/{opening_id:uuid}/results", media_type=CSV, refuses=[OPENING_NOT_FOUND])
async def download_results(
    opening_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Stream:
    """A row for everybody who was invited or interviewed, as CSV in the language that is asked
    for: levels as people gave them, never a suggestion; the last decision; follow-ups; trouble."""
    principal = principal_of(request)
    rater = principal.name if "rate" in principal.rights else None
    found = await results.of_opening(services.pool, opening_id, rater=rater)
    if found is None:
        raise Problem(OPENING_NOT_FOUND)
    asked = request.headers.get("accept-language", "")
    packs = services.packs
    pages = packs.of(preferred(asked, packs.by_language, packs.otherwise)).pages
    headers = {
        "content-disposition": f'attachment; filename="viva-opening-{opening_id}.csv"',
        "cache-control": "private, no-store",
    }
    return Stream(_table(found, _saying(pages)), media_type=CSV, headers=headers)


def _saying(pages: Mapping[str, object]) -> Say:
    """A key's text; where there is none, its last part as it is."""
    return lambda key: str(pages.get(key, key.rpartition(".")[2]))


def _table(found: Sequence[Result], say: Say) -> Iterator[bytes]:
    competencies = sorted({name for one in found for name in one.levels})
    head = [say(f"results.{one}") for one in HEAD]
    tail = [say(f"results.{one}") for one in TAIL]
    return written([*head, *competencies, *tail], (_row(one, competencies, say) for one in found))


def _row(one: Result, competencies: Sequence[str], say: Say) -> list[Cell]:
    trouble = one.trouble or {}
    held: list[Cell] = (
        [len(trouble["gaps"]), *(trouble[name] for name in TROUBLE)] if trouble else [None] * 5
    )
    return [
        one.name,
        one.email,
        say(f"results.state.{one.state}"),
        _moment(one.started_at),
        _moment(one.ended_at),
        one.end_reason,
        *(_levels(one, one.levels.get(name, []), say) for name in competencies),
        say(f"report.outcome.{one.outcome}") if one.outcome else None,
        one.by,
        _moment(one.decided_at),
        one.probes if one.started_at else None,
        *held,
        str(one.interview_id) if one.interview_id else None,
    ]


def _levels(of: Result, given: Sequence[Given], say: Say) -> str:
    if of.withheld:
        return say("results.withheld")
    return "; ".join(f"{say(f'report.level.{one.level}')} ({one.by})" for one in given)


def _moment(at: datetime | None) -> str | None:
    """UTC, as spreadsheet programs read it."""
    return None if at is None else at.strftime("%Y-%m-%d %H:%M")


HANDLERS: Final = [download_results]
