"""The language of an interview, where its candidate chooses another one before it begins."""

from __future__ import annotations

from uuid import UUID

from server.core.events import Language
from server.jobs import GENERATE_QUESTIONS
from server.store import outbox
from server.store.pool import Executor, transaction

# Whoever drives it has taken it for what it is: from the first lease on nothing of it changes.
CHOOSE = """
UPDATE interviews SET language = $2
WHERE id = $1 AND status = 'created'
    AND NOT EXISTS (SELECT FROM leases WHERE leases.interview_id = interviews.id)
RETURNING old.language AS before
"""
UNPLAN = "DELETE FROM questions WHERE interview_id = $1 AND turn IS NULL"


class Begun(Exception):
    """Somebody was asked something already, or is about to be."""


async def choose(on: Executor, interview_id: UUID, language: Language) -> None:
    """It is planned anew in that language; the role stays. Raises Begun."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(CHOOSE, interview_id, language)
        if row is None:
            raise Begun
        if row["before"] != language:
            await connection.execute(UNPLAN, interview_id)
            await outbox.add(connection, GENERATE_QUESTIONS, interview_id)
