"""The board: all interviews of an organisation, running and past, with how each of them stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from server.store import board
from server.store.board import Asked, Group
from server.web.guards import Allowed
from server.web.paging import Page, Window
from server.web.services import Services

Words = Annotated[str | None, QueryParameter(max_length=100, description="In a name, or a role.")]
Tag = Annotated[str | None, QueryParameter(max_length=35, description="Held in this language.")]


@dataclass(frozen=True, slots=True)
class Row:
    """How an interview stands ``at`` this instant of the database's clock. ``state`` since
    ``since``; ``here``: the candidate is there. ``spent_ms`` of its ``minutes`` were gone at
    ``runs_since``, and the time runs on from there; null: it stands still. ``topics`` of the plan
    are ``covered``. ``asks``: turns in which the candidate asked what only a person can answer;
    ``question``: the first of them. ``help``: what else calls for a person. ``gaps``: pieces of
    sound that are not words yet, ``lost_ms`` of it. ``unclear``: pieces in a row that nobody made
    out. ``people`` follow it just now. ``unanswered_since``: it is over since then, and the
    candidate has neither a letter nor a decision that they may read, which they were promised
    ``promised_until``; null: nothing was."""

    interview_id: UUID
    group: Group
    state: str
    since: datetime | None
    at: datetime
    candidate_name: str | None
    target_role: str
    language: str
    status: str
    end_reason: str | None
    here: bool
    help: str | None
    asks: list[int]
    question: str | None
    opening_id: UUID | None
    opening: str | None
    turns: int
    answers: int
    topics: int
    covered: int
    minutes: float | None
    spent_ms: int
    runs_since: datetime | None
    unheard_at: datetime | None
    unclear: int
    gaps: int
    lost_ms: int
    people: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    unanswered_since: datetime | None
    promised_until: datetime | None


@dataclass(frozen=True, slots=True)
class Board(Page[Row]):
    """``counts``: of each group, whichever is asked for."""

    counts: dict[Group, int]


@get("/board")
async def show_board(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    opening_id: FromQuery[UUID | None] = None,
    group: FromQuery[Group | None] = None,
    language: Tag = None,
    search: Words = None,
) -> Board:
    """Who needs a person first; then what runs, what is to be scored, what has not begun, and what
    is closed."""
    asked = Asked(opening_id, language, search, group)
    rows, counts = await asyncio.gather(
        board.rows(services.pool, asked, window.after(board.Place), window.fetch),
        board.counts(services.pool, asked),
    )
    page = window.page(rows, lambda row: [row[name] for name in board.Place._fields])
    return Board([_row(row) for row in page.items], page.next_cursor, counts)


def _row(row: dict[str, Any]) -> Row:
    return Row(**{name: row[name] for name in Row.__dataclass_fields__})


router = Router(
    "/",
    route_handlers=[show_board],
    guards=[Allowed("see", "see interviews")],
    tags=["interviews"],
)
