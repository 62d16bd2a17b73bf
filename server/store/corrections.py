"""What an interviewer put right in a résumé before an interview was made from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from server.store import audit

# The row lock makes a correction and the creation of an interview wait for each other.
LOCK = "SELECT status, structured_data FROM resumes WHERE id = $1 FOR UPDATE"
USED = "SELECT EXISTS (SELECT FROM interviews WHERE resume_id = $1)"
SET_HEADER = """
UPDATE resumes
SET structured_data = jsonb_set(structured_data, '{header}', structured_data->'header' || $2),
    updated_at = now()
WHERE id = $1
"""
ADD = """
INSERT INTO resume_corrections (resume_id, field, old_value, new_value, corrected_by)
VALUES ($1, $2, $3, $4, $5)
"""
LIST = """
SELECT id, field, old_value, new_value, corrected_by, corrected_at FROM resume_corrections
WHERE resume_id = $1 AND id > $2 ORDER BY id LIMIT $3
"""

FIELDS = (
    "name", "name_alt", "email", "phone", "location", "headline", "target_role", "target_company",
)  # fmt: skip
"""Fields of ``header`` that may be corrected."""


class NotReady(Exception):
    """There is no such résumé, or nothing was read from it."""


class AlreadyUsed(Exception):
    """An interview was made from the résumé: nothing about it changes any more."""


@dataclass(frozen=True, slots=True)
class Correction:
    id: int
    field: str
    old_value: str | None
    new_value: str | None
    corrected_by: str
    corrected_at: datetime


async def correct(
    pool: asyncpg.Pool, resume_id: UUID, field: str, value: str | None, corrected_by: str
) -> None:
    """Set one of FIELDS and keep what it was. Raises NotReady, AlreadyUsed."""
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(LOCK, resume_id)
        if row is None or row["status"] != "ready":
            raise NotReady
        if await connection.fetchval(USED, resume_id):
            raise AlreadyUsed
        old = row["structured_data"]["header"].get(field)
        await connection.execute(SET_HEADER, resume_id, _changes(field, value))
        await connection.execute(ADD, resume_id, field, old, value, corrected_by)
        await audit.add(connection, "resume.corrected", f"resume {resume_id}", field=field)


async def of_resume(
    pool: asyncpg.Pool, resume_id: UUID, after: int = 0, limit: int | None = None
) -> list[Correction]:
    """In order, those with a higher id than ``after``."""
    return [Correction(**row) for row in await pool.fetch(LIST, resume_id, after, limit)]


def _changes(field: str, value: str | None) -> dict[str, Any]:
    """A corrected role stands nowhere in the document, so it has no evidence."""
    if field != "target_role":
        return {field: value}
    stated = value is not None
    return {
        "target_role": value,
        "target_role_source": "correction" if stated else None,
        "target_role_confidence": 1.0 if stated else None,
        "target_role_evidence": None,
        "target_role_unconfirmed": None,
    }
