"""Links by which a colleague without an account reads one interview, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from server.store import audit, secret
from server.store.pool import Executor, transaction
from server.store.scorecards import Author

PREFIX: Final = "vivashare_"
LONGEST: Final = timedelta(days=30)
MOST: Final = 20
"""Of one interview that are open at a time."""

COLUMNS = """
shares.id, shares.organisation_id, shares.interview_id, shares.name, shares.author,
users.name AS by, shares.judgement, shares.made_at, shares.expires_at, shares.revoked_at,
shares.opened, shares.opened_at
"""
OPEN = """
SELECT count(*) FROM shares
WHERE interview_id = $1 AND revoked_at IS NULL AND expires_at > now()
"""
LOCK = "SELECT FROM interviews WHERE id = $1 FOR NO KEY UPDATE"
ADD = """
INSERT INTO shares (interview_id, token_sha256, name, author, user_id, judgement, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval) RETURNING id
"""
GET = f"""
SELECT {COLUMNS} FROM shares LEFT JOIN users ON users.id = user_id WHERE shares.id = $1
"""  # noqa: S608 - no input
LIST = f"""
SELECT {COLUMNS} FROM shares LEFT JOIN users ON users.id = user_id
WHERE interview_id = $1 ORDER BY shares.id DESC
"""  # noqa: S608 - no input
FIND = f"""
SELECT {COLUMNS} FROM shares LEFT JOIN users ON users.id = user_id
WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > now()
"""  # noqa: S608 - no input
REVOKE = """
UPDATE shares SET revoked_at = coalesce(revoked_at, now())
WHERE id = $1 AND interview_id = $2 RETURNING old.revoked_at IS NULL AS first
"""
OPENED = "UPDATE shares SET opened = opened + 1, opened_at = now() WHERE id = $1"


class TooMany(Exception):
    """As many links to this interview are open as may be."""


@dataclass(frozen=True, slots=True)
class Share:
    """``name``: for whom; ``by``: of who made it, where they have an account. ``opened``: how
    often."""

    id: UUID
    organisation_id: UUID
    interview_id: UUID
    name: str
    author: str
    by: str | None
    judgement: bool
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    opened: int
    opened_at: datetime | None


async def add(
    on: Executor,
    interview_id: UUID,
    author: Author,
    name: str,
    lasts: timedelta,
    *,
    judgement: bool,
) -> tuple[Share, str]:
    """With its token, of which only the hash is stored. Raises TooMany."""
    token = secret.new(PREFIX)
    async with transaction(on) as connection:
        await connection.execute(LOCK, interview_id)
        if await connection.fetchval(OPEN, interview_id) >= MOST:
            raise TooMany
        row = interview_id, secret.hashed(token), name, author.name, author.user_id, judgement
        share_id = await connection.fetchval(ADD, *row, min(lasts, LONGEST))
        made = await connection.fetchrow(GET, share_id)
        assert made is not None
        about = f"interview {interview_id}"
        named = str(share_id)
        await audit.add(connection, "interview.shared", about, share=named, judgement=judgement)
    return Share(**made), token


async def of_interview(on: Executor, interview_id: UUID) -> list[Share]:
    """The newest first, those that are over too."""
    return [Share(**row) for row in await on.fetch(LIST, interview_id)]


async def find(on: Executor, token: str) -> Share | None:
    """None where it opens nothing, or not any more."""
    row = await on.fetchrow(FIND, secret.hashed(token))
    return None if row is None else Share(**row)


async def revoke(on: Executor, interview_id: UUID, share_id: UUID) -> bool:
    """Again is harmless. False where there is none."""
    async with transaction(on) as connection:
        first = await connection.fetchval(REVOKE, share_id, interview_id)
        if first:
            about = f"interview {interview_id}"
            await audit.add(connection, "interview.unshared", about, share=str(share_id))
    return first is not None


async def opened(on: Executor, share: Share) -> None:
    """Each time counts, and stands in the log."""
    async with transaction(on) as connection:
        await connection.execute(OPENED, share.id)
        about = f"interview {share.interview_id}"
        await audit.add(connection, "share.opened", about, share=str(share.id))
