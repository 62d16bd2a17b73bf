"""Scorecards: how each person rates what was said. Submitted ones stay; a change is a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from server.evidence.level import Level
from server.store import audit
from server.store.pool import Executor, transaction
from server.store.reports import StoredReport

COLUMNS = """
cards.id, cards.author, cards.version, cards.report_version, cards.ratings, cards.summary,
cards.saved_at, cards.submitted_at, users.name
"""
ALL = f"""
SELECT {COLUMNS} FROM scorecards AS cards LEFT JOIN users ON users.id = cards.user_id
WHERE cards.interview_id = $1 ORDER BY cards.author, cards.version
"""  # noqa: S608 - no input
DRAFT = f"""
SELECT {COLUMNS} FROM scorecards AS cards LEFT JOIN users ON users.id = cards.user_id
WHERE cards.interview_id = $1 AND cards.author = $2 AND cards.submitted_at IS NULL
"""  # noqa: S608 - no input
SAVE = """
INSERT INTO scorecards
    (interview_id, author, user_id, version, report_version, ratings, summary)
SELECT $1::uuid, $2::text, $3::uuid, coalesce(max(version), 0) + 1, $4::int, $5::jsonb, $6::text
FROM scorecards WHERE interview_id = $1 AND author = $2
ON CONFLICT (interview_id, author) WHERE submitted_at IS NULL DO UPDATE
    SET report_version = EXCLUDED.report_version, ratings = EXCLUDED.ratings,
        summary = EXCLUDED.summary, saved_at = now()
"""
SUBMIT = """
UPDATE scorecards SET submitted_at = now()
WHERE interview_id = $1 AND author = $2 AND submitted_at IS NULL RETURNING version
"""
OPEN = """
INSERT INTO quotes_opened (interview_id, author, statement_id, competency)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""
OPENED = """
SELECT statement_id, competency FROM quotes_opened WHERE interview_id = $1 AND author = $2
"""
# Submitted cards that rest on words which were put right since.
STALE = """
SELECT DISTINCT reports.content->'criteria'->statements.criterion->>'name' AS competency
FROM scorecards AS cards
JOIN report_statements AS statements ON statements.interview_id = cards.interview_id
    AND statements.version = cards.report_version AND statements.stale_at IS NOT NULL
JOIN reports ON reports.interview_id = statements.interview_id
    AND reports.version = statements.version
WHERE cards.interview_id = $1 AND cards.submitted_at IS NOT NULL ORDER BY 1
"""
# One person at a time: two tabs of theirs are one draft.
LOCK = "SELECT FROM interviews WHERE id = $1 FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class Author:
    """``name`` as the log has it; ``user_id`` None: whoever has the installation's key."""

    name: str
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """``level`` None: not rated. ``first``: the level before the suggestion was shown."""

    competency: str
    level: Level | None = None
    reason: str = ""
    first: Level | None = None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """``name``: of the person, where they have an account. ``submitted_at`` None: a draft."""

    id: UUID
    author: str
    version: int
    report_version: int
    ratings: list[Rating]
    summary: str
    saved_at: datetime
    submitted_at: datetime | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """Quotes that somebody opened, and the competencies they are of."""

    statements: frozenset[UUID] = frozenset()
    competencies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Missing:
    """What stands between a draft and its submission, by competency."""

    unrated: list[str] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.unrated or self.unheard)


class Incomplete(Exception):
    """It may not be submitted yet."""

    def __init__(self, missing: Missing) -> None:
        super().__init__("incomplete")
        self.missing = missing


async def every(on: Executor, interview_id: UUID) -> list[Scorecard]:
    """All versions of everybody's, drafts included."""
    return [_card(row) for row in await on.fetch(ALL, interview_id)]


async def rated_by(on: Executor, interview_id: UUID, author: str) -> set[str]:
    """Competencies that somebody has given a level, in a draft too."""
    return {
        rating.competency
        for card in await every(on, interview_id)
        for rating in card.ratings
        if card.author == author and rating.level is not None
    }


async def opened(on: Executor, interview_id: UUID, author: str) -> Opened:
    rows = await on.fetch(OPENED, interview_id, author)
    return Opened(
        frozenset(row["statement_id"] for row in rows),
        frozenset(row["competency"] for row in rows),
    )


async def stale(on: Executor, interview_id: UUID) -> list[str]:
    """Competencies whose ratings rest on words that read differently by now."""
    return [row["competency"] for row in await on.fetch(STALE, interview_id)]


async def open_quote(
    on: Executor, interview_id: UUID, author: str, report: StoredReport, statement_id: UUID
) -> bool:
    """False where the report has no such statement."""
    found = next((one for one in report.statements if one.id == statement_id), None)
    if found is None:
        return False
    competency = report.content.criteria[found.criterion].name
    await on.execute(OPEN, interview_id, author, statement_id, competency)
    return True


async def save(
    pool: asyncpg.Pool,
    interview_id: UUID,
    author: Author,
    report: StoredReport,
    ratings: Sequence[Rating],
    summary: str,
) -> None:
    """The author's draft, all of it. The level that was chosen first stays with it."""
    async with transaction(pool) as connection:
        await connection.execute(LOCK, interview_id)
        row = await connection.fetchrow(DRAFT, interview_id, author.name)
        before = {one.competency: one.first for one in _card(row).ratings} if row else {}
        kept = [replace(one, first=before.get(one.competency) or one.level) for one in ratings]
        await connection.execute(
            SAVE,
            interview_id,
            author.name,
            author.user_id,
            report.version,
            msgspec.to_builtins(kept),
            summary,
        )


async def submit(
    pool: asyncpg.Pool, interview_id: UUID, author: Author, report: StoredReport
) -> int | None:
    """The version that was submitted; None where there is no draft. Raises Incomplete."""
    async with transaction(pool) as connection:
        await connection.execute(LOCK, interview_id)
        row = await connection.fetchrow(DRAFT, interview_id, author.name)
        if row is None:
            return None
        heard = await opened(connection, interview_id, author.name)
        missing = missing_of(_card(row).ratings, report, heard)
        if missing:
            raise Incomplete(missing)
        version: int = await connection.fetchval(SUBMIT, interview_id, author.name)
        about = f"interview {interview_id}"
        await audit.add(connection, "scorecard.submitted", about, version=version)
    return version


def missing_of(ratings: Sequence[Rating], report: StoredReport, heard: Opened) -> Missing:
    """A level for each criterion that was asked, and one quote opened of each that has any."""
    rated = {one.competency for one in ratings if one.level is not None}
    quoted = {one.criterion for one in report.statements}
    criteria = report.content.criteria
    return Missing(
        [one.name for one in criteria if one.asked and one.name not in rated],
        [criteria[at].name for at in sorted(quoted) if criteria[at].name not in heard.competencies],
    )


def _card(row: asyncpg.Record) -> Scorecard:
    said: dict[str, Any] = dict(row)
    return Scorecard(**{**said, "ratings": msgspec.convert(said["ratings"], list[Rating])})
