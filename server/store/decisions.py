"""What people decided about an interview: added to, never changed, and never by a program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from server.store import announcements, audit, releases
from server.store.pool import Executor, transaction
from server.store.scorecards import Author

Outcome = Literal["advance", "decline", "open"]
"""The candidate goes on, does not, or it is open again."""

# The lock makes a card that is being submitted wait.
LOCK = "SELECT FROM interviews WHERE id = $1 FOR NO KEY UPDATE"
RATED = """
SELECT count(DISTINCT author) FROM scorecards
WHERE interview_id = $1 AND submitted_at IS NOT NULL
"""
ADD = """
INSERT INTO decisions (interview_id, author, user_id, outcome, reason, cards)
VALUES ($1, $2, $3, $4, $5, $6)
"""
LIST = """
SELECT decisions.id, author, users.name, outcome, reason, cards, decided_at
FROM decisions LEFT JOIN users ON users.id = decisions.user_id
WHERE interview_id = $1 ORDER BY decisions.id
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """``cards``: so many people had rated by then. ``name``: of who decided, where they have an
    account."""

    id: UUID
    author: str
    name: str | None
    outcome: Outcome
    reason: str
    cards: int
    decided_at: datetime


class NobodyRated(Exception):
    """Nobody has submitted a scorecard: there is nothing to decide on."""


async def decide(
    on: Executor, interview_id: UUID, author: Author, outcome: Outcome, reason: str
) -> None:
    """It releases the interview where the opening says so. Raises NobodyRated."""
    async with transaction(on) as connection:
        await connection.execute(LOCK, interview_id)
        cards = await connection.fetchval(RATED, interview_id)
        if not cards:
            raise NobodyRated
        row = interview_id, author.name, author.user_id, outcome, reason, cards
        await connection.execute(ADD, *row)
        await announcements.of_interview(
            connection, interview_id, "interview.decided", outcome=outcome
        )
        released = outcome != "open" and await releases.by_opening(connection, interview_id)
        about = f"interview {interview_id}"
        await audit.add(connection, "interview.decided", about, outcome=outcome, cards=cards)
        if released:
            await audit.add(connection, "interview.released", about)


async def of_interview(on: Executor, interview_id: UUID) -> list[Decision]:
    """In order: the last one holds."""
    return [Decision(**row) for row in await on.fetch(LIST, interview_id)]
