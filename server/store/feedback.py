"""Letters that people write to a candidate after the interview. Nothing sends one by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.store import audit
from server.store.pool import Connection, Executor
from server.store.scorecards import Author

FIELDS = "feedback_letters.id, author, users.name, text, saved_at, sent_at"
LIST = f"""
SELECT {FIELDS} FROM feedback_letters LEFT JOIN users ON users.id = feedback_letters.user_id
WHERE interview_id = $1 ORDER BY feedback_letters.id
"""  # noqa: S608 - no input
SAVE = """
INSERT INTO feedback_letters (interview_id, author, user_id, text) VALUES ($1, $2, $3, $4)
ON CONFLICT (interview_id) WHERE sent_at IS NULL DO UPDATE
    SET author = EXCLUDED.author, user_id = EXCLUDED.user_id, text = EXCLUDED.text, saved_at = now()
"""
DROP = "DELETE FROM feedback_letters WHERE interview_id = $1 AND sent_at IS NULL"
SEND = """
UPDATE feedback_letters SET sent_at = now() WHERE interview_id = $1 AND sent_at IS NULL
"""
ADDRESS = """
SELECT invitations.email, invitations.name, openings.title, organisations.name AS organisation,
       interviews.language
FROM interviews
JOIN invitations ON invitations.interview_id = interviews.id
JOIN openings ON openings.id = invitations.opening_id
JOIN organisations ON organisations.id = interviews.organisation_id
WHERE interviews.id = $1 AND invitations.email IS NOT NULL AND invitations.revoked_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class FeedbackLetter:
    """``sent_at`` None: a draft, which the candidate does not see. ``name``: of who wrote it last,
    where they have an account."""

    id: UUID
    author: str
    name: str | None
    text: str
    saved_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where the candidate is told that there is a letter."""

    email: str
    name: str
    title: str
    organisation: str
    language: str


async def of_interview(on: Executor, interview_id: UUID) -> list[FeedbackLetter]:
    """In order, a draft last."""
    return [FeedbackLetter(**row) for row in await on.fetch(LIST, interview_id)]


async def save(on: Executor, interview_id: UUID, author: Author, text: str) -> None:
    """The draft, all of it; an empty one is dropped."""
    if not text:
        await on.execute(DROP, interview_id)
        return
    await on.execute(SAVE, interview_id, author.name, author.user_id, text)


async def send(connection: Connection, interview_id: UUID, author: Author, text: str) -> None:
    """The candidate sees it from here on, as it is. Last in its transaction."""
    await connection.execute(SAVE, interview_id, author.name, author.user_id, text)
    await connection.execute(SEND, interview_id)
    await audit.add(connection, "letter.sent", f"interview {interview_id}")


async def address(on: Executor, interview_id: UUID) -> Address | None:
    """None where nobody knows one."""
    row = await on.fetchrow(ADDRESS, interview_id)
    return Address(**row) if row else None
