"""Interview templates, and the copy of one that an interview keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from server.core.events import CompanyFact, Language
from server.core.rules import OwnQuestion, Rules, Stage
from server.store.pool import Executor

FIELDS = (
    "name", "stages", "languages", "minutes", "pace", "follow_ups", "questions", "company",
)  # fmt: skip
LIST = """
SELECT id, is_default, created_at, updated_at,
       name, stages, languages, minutes, pace, follow_ups, questions, company
FROM templates WHERE $1::boolean IS NULL OR (NOT is_default, name) > (NOT $1, $2)
ORDER BY NOT is_default, name LIMIT $3
"""
GET = """
SELECT id, is_default, created_at, updated_at,
       name, stages, languages, minutes, pace, follow_ups, questions, company
FROM templates WHERE id = $1
"""
ADD = """
INSERT INTO templates (name, stages, languages, minutes, pace, follow_ups, questions, company)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
"""
CHANGE = """
UPDATE templates
SET name = $2, stages = $3, languages = $4, minutes = $5, pace = $6, follow_ups = $7,
    questions = $8, company = $9, updated_at = now()
WHERE id = $1 RETURNING id
"""
# Both in one transaction, the old default first, for there is never more than one.
NO_DEFAULT = "UPDATE templates SET is_default = false WHERE is_default AND id <> $1"
MAKE_DEFAULT = "UPDATE templates SET is_default = true WHERE id = $1 RETURNING id"
REMOVE = "DELETE FROM templates WHERE id = $1 AND NOT is_default RETURNING id"


@dataclass(frozen=True, slots=True)
class Template:
    """``pace``: 1 is an interview's usual patience. The first of ``languages`` is spoken where the
    résumé's is not among them; None: all that there are packs for."""

    name: str
    stages: tuple[Stage, ...]
    languages: tuple[Language, ...] | None = None
    minutes: int = 30
    pace: float = 1.0
    follow_ups: int = 1
    questions: tuple[OwnQuestion, ...] = ()
    company: tuple[CompanyFact, ...] = ()

    def rules(self) -> Rules:
        return Rules(
            questions=sum(stage.questions for stage in self.stages),
            follow_ups=self.follow_ups,
            minutes=self.minutes,
            stages=self.stages,
            languages=self.languages or (),
            own=self.questions,
            company=self.company,
        )


class NameTaken(Exception):
    """Another template has this name."""


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    id: UUID
    is_default: bool
    created_at: datetime
    updated_at: datetime
    template: Template


def read(snapshot: dict[str, Any]) -> Template:
    """A template from its JSON. Raises msgspec.ValidationError."""
    template = msgspec.convert(snapshot, Template)
    return template if template.languages else replace(template, languages=None)


async def every(
    pool: asyncpg.Pool, after: tuple[bool, str] | None = None, limit: int | None = None
) -> list[StoredTemplate]:
    """The default first, then by name; those after one with this ``is_default`` and name."""
    return [_stored(row) for row in await pool.fetch(LIST, *(after or (None, None)), limit)]


async def get(on: Executor, template_id: UUID) -> StoredTemplate | None:
    row = await on.fetchrow(GET, template_id)
    return _stored(row) if row else None


async def add(on: Executor, template: Template) -> UUID:
    """Raises NameTaken."""
    try:
        added: UUID = await on.fetchval(ADD, *_values(template))
    except asyncpg.UniqueViolationError as error:
        raise NameTaken from error
    return added


async def change(pool: asyncpg.Pool, template_id: UUID, template: Template) -> bool:
    """False where there is none. Interviews made from it keep their copy. Raises NameTaken."""
    try:
        changed = await pool.fetchval(CHANGE, template_id, *_values(template))
    except asyncpg.UniqueViolationError as error:
        raise NameTaken from error
    return changed is not None


async def make_default(pool: asyncpg.Pool, template_id: UUID) -> bool:
    """False where there is none; then the default stays what it was."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(GET, template_id) is None:
            return False
        await connection.execute(NO_DEFAULT, template_id)
        return await connection.fetchval(MAKE_DEFAULT, template_id) is not None


async def remove(pool: asyncpg.Pool, template_id: UUID) -> bool:
    """False where there is none, or where it is the default."""
    return await pool.fetchval(REMOVE, template_id) is not None


def _values(template: Template) -> tuple[Any, ...]:
    fields = msgspec.to_builtins(template)
    fields["languages"] = fields["languages"] or []
    return tuple(fields[name] for name in FIELDS)


def _stored(row: asyncpg.Record) -> StoredTemplate:
    fields = dict(row)
    about = {name: fields.pop(name) for name in ("id", "is_default", "created_at", "updated_at")}
    return StoredTemplate(**about, template=read(fields))
