"""Who is signed in, and where. Of a session's token only a hash is stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from server.store import secret
from server.store.pool import Executor

LASTS: Final = timedelta(days=7)
IDLE: Final = timedelta(hours=12)
"""After so long without a request it is over."""
LONGEST_AGENT: Final = 200

Way = Literal["password", "link", "provider"]
"""By which somebody signed in."""

ADD = """
INSERT INTO sessions (user_id, token_sha256, csrf, agent, expires_at, way)
VALUES ($1, $2, $3, $4, now() + $5::interval, $6)
"""
FIND = """
SELECT sessions.id, user_id, organisation_id, role, csrf,
       seen_at < now() - interval '1 min' AS stale,
       codes_required AND totp IS NULL AND email IS NOT NULL AND way <> 'provider' AS codes_missing
FROM sessions JOIN users ON users.id = user_id
    JOIN organisations ON organisations.id = organisation_id
WHERE token_sha256 = $1 AND expires_at > now() AND seen_at > now() - $2::interval
    AND removed_at IS NULL
"""
SEEN = "UPDATE sessions SET seen_at = now() WHERE id = $1"
LIST = """
SELECT id, agent, created_at, seen_at, expires_at FROM sessions
WHERE user_id = $1 AND expires_at > now() AND seen_at > now() - $2::interval
    AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""
END = "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING id"
END_ALL = "DELETE FROM sessions WHERE user_id = $1 AND id IS DISTINCT FROM $2"
FORGET = """
DELETE FROM sessions WHERE expires_at < now() OR seen_at < now() - $1::interval
"""


@dataclass(frozen=True, slots=True)
class FoundSession:
    """``codes_missing``: the organisation requires one-time codes, and this user has none yet. A
    provider asks for what it asks; who has no address is at the machine itself."""

    id: UUID
    user_id: UUID
    organisation_id: UUID
    role: Literal["admin", "recruiter", "interviewer", "viewer"]
    csrf: str
    codes_missing: bool


@dataclass(frozen=True, slots=True)
class StoredSession:
    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


async def begin(on: Executor, user_id: UUID, agent: str, way: Way = "password") -> str:
    """The new session's token; those that are over are forgotten on the way."""
    token = secret.new("")
    await on.execute(FORGET, IDLE)
    values = secret.hashed(token), secrets.token_urlsafe(secret.BYTES), agent[:LONGEST_AGENT]
    await on.execute(ADD, user_id, *values, LASTS, way)
    return token


async def find(on: Executor, token: str) -> FoundSession | None:
    """None where it is over or its user was removed."""
    row = await on.fetchrow(FIND, secret.hashed(token), IDLE)
    if row is None:
        return None
    fields: dict[str, Any] = dict(row)
    if fields.pop("stale"):
        await on.execute(SEEN, fields["id"])
    return FoundSession(**fields)


async def of_user(
    on: Executor, user_id: UUID, before: UUID | None = None, limit: int | None = None
) -> list[StoredSession]:
    """Those that are not over, the newest first; those older than ``before``."""
    rows = await on.fetch(LIST, user_id, IDLE, before, limit)
    return [StoredSession(**row) for row in rows]


async def end(on: Executor, user_id: UUID, session_id: UUID) -> bool:
    return await on.fetchval(END, user_id, session_id) is not None


async def end_all(on: Executor, user_id: UUID, *, but: UUID | None = None) -> None:
    await on.execute(END_ALL, user_id, but)
