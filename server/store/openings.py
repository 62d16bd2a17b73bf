"""What a company interviews for: what everybody who comes for it is asked, and may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from server.core.events import CompanyFact, Language
from server.core.rules import OwnQuestion
from server.store import audit
from server.store.pool import Executor, transaction

FIELDS = (
    "title", "description", "level", "team", "contact", "deadline", "template_id", "languages",
    "competencies", "questions", "company", "releases", "result_days", "result_by",
)  # fmt: skip
READ = f"""
SELECT id, created_at, updated_at, closed_at, {", ".join(FIELDS)},
       (SELECT count(*) FROM invitations
        WHERE invitations.opening_id = openings.id AND revoked_at IS NULL) AS invited,
       (SELECT count(*) FROM invitations
        WHERE invitations.opening_id = openings.id AND interview_id IS NOT NULL) AS interviewed
FROM openings
"""  # noqa: S608 - no input
GET = f"{READ} WHERE id = $1"
LIST = f"""
{READ} WHERE ($1::uuid IS NULL OR id < $1) AND ($2::boolean IS NULL OR $2 = (closed_at IS NOT NULL))
    AND ($3::timestamptz IS NULL OR created_at >= $3)
ORDER BY id DESC LIMIT $4
"""
EXISTS = "SELECT EXISTS (SELECT FROM openings WHERE id = $1)"
ADD = f"""
INSERT INTO openings ({", ".join(FIELDS)}, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id
"""  # noqa: S608 - no input
CHANGE = """
UPDATE openings
SET title = $2, description = $3, level = $4, team = $5, contact = $6, deadline = $7,
    template_id = $8, languages = $9, competencies = $10, questions = $11, company = $12,
    releases = $13, result_days = $14, result_by = $15,
    updated_at = now()
WHERE id = $1 RETURNING id
"""
CLOSE = """
UPDATE openings SET closed_at = CASE WHEN $2 THEN coalesce(closed_at, now()) END, updated_at = now()
WHERE id = $1 RETURNING id
"""
# Whoever was invited keeps their way back; an opening that somebody came for is closed instead.
REMOVE = "DELETE FROM openings WHERE id = $1 RETURNING id"


@dataclass(frozen=True, slots=True)
class Competency:
    """``weight``: how much it counts beside the others, from 1."""

    name: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Opening:
    """``languages`` empty: those of the template; ``template_id`` None: the default one.
    ``questions`` are asked of everybody, in this order, after the bank's core questions of their
    stage. ``contact``: whom a candidate may ask. ``releases``: once somebody has decided on an
    interview, its candidate sees what was said and how it was decided. ``result_days``: in how
    many days after the interview they hear the result, from ``result_by``; None: nothing is said
    of it."""

    title: str
    description: str = ""
    level: str = ""
    team: str = ""
    contact: str = ""
    deadline: datetime | None = None
    template_id: UUID | None = None
    languages: tuple[Language, ...] = ()
    competencies: tuple[Competency, ...] = ()
    questions: tuple[OwnQuestion, ...] = ()
    company: tuple[CompanyFact, ...] = ()
    releases: bool = False
    result_days: int | None = None
    result_by: str = ""


@dataclass(frozen=True, slots=True)
class StoredOpening:
    """``closed_at`` None: open. ``invited``: whose invitation stands; ``interviewed``: of whom an
    interview was created."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    invited: int
    interviewed: int
    opening: Opening


class NoTemplate(Exception):
    """There is no such template."""


class Invited(Exception):
    """Somebody was invited: the opening can be closed, but not removed."""


def read(snapshot: dict[str, Any]) -> Opening:
    """An opening from its JSON. Raises msgspec.ValidationError."""
    return msgspec.convert(snapshot, Opening, strict=False)


async def add(on: Executor, opening: Opening, by: UUID | None = None) -> UUID:
    """Raises NoTemplate."""
    try:
        async with transaction(on) as connection:
            added: UUID = await connection.fetchval(ADD, *_values(opening), by)
            await audit.add(connection, "opening.made", f"opening {added}")
    except asyncpg.ForeignKeyViolationError as error:
        raise NoTemplate from error
    return added


async def get(on: Executor, opening_id: UUID) -> StoredOpening | None:
    row = await on.fetchrow(GET, opening_id)
    return _stored(row) if row else None


async def exists(pool: asyncpg.Pool, opening_id: UUID) -> bool:
    return bool(await pool.fetchval(EXISTS, opening_id))


async def every(
    on: Executor,
    before: UUID | None = None,
    limit: int | None = None,
    *,
    closed: bool | None = None,
    created_since: datetime | None = None,
) -> list[StoredOpening]:
    """The newest first, those older than ``before``; ``closed`` None: whichever."""
    rows = await on.fetch(LIST, before, closed, created_since, limit)
    return [_stored(row) for row in rows]


async def change(on: Executor, opening_id: UUID, opening: Opening) -> bool:
    """False where there is none. What was created from it keeps its copy. Raises NoTemplate."""
    try:
        return await _done(on, "opening.changed", CHANGE, opening_id, *_values(opening))
    except asyncpg.ForeignKeyViolationError as error:
        raise NoTemplate from error


async def close(on: Executor, opening_id: UUID, *, closed: bool) -> bool:
    """Whether interviews can still be created for it; those that were go on. False where there is
    no such opening."""
    action = "opening.closed" if closed else "opening.reopened"
    return await _done(on, action, CLOSE, opening_id, closed)


async def remove(on: Executor, opening_id: UUID) -> bool:
    """False where there is none. Raises Invited."""
    try:
        return await _done(on, "opening.removed", REMOVE, opening_id)
    except asyncpg.ForeignKeyViolationError as error:
        raise Invited from error


async def _done(on: Executor, action: str, statement: str, opening_id: UUID, *more: Any) -> bool:
    async with transaction(on) as connection:
        done = await connection.fetchval(statement, opening_id, *more) is not None
        if done:
            await audit.add(connection, action, f"opening {opening_id}")
    return done


def _values(opening: Opening) -> tuple[Any, ...]:
    plain = msgspec.to_builtins(opening, builtin_types=(datetime, UUID))
    return tuple(plain[name] for name in FIELDS)


def _stored(row: asyncpg.Record) -> StoredOpening:
    fields = dict(row)
    opening = read({name: fields.pop(name) for name in FIELDS})
    return StoredOpening(**fields, opening=opening)
