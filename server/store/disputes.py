"""What candidates say is wrong in what was read from their résumé; only a person corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from server.store import audit
from server.store.pool import Executor, transaction

MOST = 50
"""Of one résumé. Whoever has more to say says it to a person."""
ADD = """
INSERT INTO resume_disputes (resume_id, field, words)
SELECT $1, $2, $3 WHERE (SELECT count(*) FROM resume_disputes WHERE resume_id = $1) < $4
"""
LIST = """
SELECT id, field, words, disputed_at FROM resume_disputes
WHERE resume_id = $1 AND id > $2 ORDER BY id LIMIT $3
"""


class TooMany(Exception):
    """There are MOST of them."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """``field``: of the header, or ``work``, ``education``, ``other``."""

    id: int
    field: str
    words: str
    disputed_at: datetime


async def add(on: Executor, resume_id: UUID, field: str, words: str) -> None:
    """Nothing that was read changes by it. Raises TooMany."""
    async with transaction(on) as connection:
        if await connection.execute(ADD, resume_id, field, words, MOST) != "INSERT 0 1":
            raise TooMany
        await audit.add(connection, "resume.disputed", f"resume {resume_id}", field=field)


async def of_resume(
    pool: asyncpg.Pool, resume_id: UUID, after: int = 0, limit: int | None = None
) -> list[Dispute]:
    """In order, those with a higher id than ``after``."""
    return [Dispute(**row) for row in await pool.fetch(LIST, resume_id, after, limit)]
