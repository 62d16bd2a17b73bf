"""Single-use ways in: to join, to choose a password anew, to sign in once at this machine.

A link is 256 random bits of which only a hash is stored: nobody but viva makes one, and what it is
for cannot be changed in it. A signature would only say that again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from server.store import secret
from server.store.pool import Executor

Kind = Literal["reset", "join", "sign_in"]

LASTS: Final[dict[Kind, timedelta]] = {
    "reset": timedelta(hours=1),
    "join": timedelta(days=7),
    "sign_in": timedelta(hours=1),
}

# A newer link takes the place of those from before.
VOID = "DELETE FROM links WHERE user_id IS NOT DISTINCT FROM $1 AND kind = $2 AND used_at IS NULL"
ADD = """
INSERT INTO links (kind, user_id, token_sha256, created_by, expires_at)
VALUES ($1, $2, $3, $4, now() + $5::interval)
"""
FIND = """
SELECT links.id, links.organisation_id, kind, user_id, organisations.name AS organisation,
       used_at IS NOT NULL AS used, expires_at <= now() AS expired
FROM links JOIN organisations ON organisations.id = links.organisation_id
WHERE token_sha256 = $1
"""
# Of two who use it at once the second waits for the row and finds it used.
USE = """
UPDATE links SET used_at = now() WHERE id = $1 AND used_at IS NULL AND expires_at > now()
RETURNING id
"""
VOID_ALL = "DELETE FROM links WHERE user_id = $1 AND used_at IS NULL"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """``user_id`` null: the person at this machine. ``organisation``: its name."""

    id: UUID
    organisation_id: UUID
    kind: Kind
    user_id: UUID | None
    organisation: str
    used: bool
    expired: bool


async def add(
    on: Executor, kind: Kind, user_id: UUID | None, created_by: UUID | None = None
) -> str:
    """The link's token, which is told this once; earlier ones of the kind open nothing more."""
    token = secret.new("")
    await on.execute(VOID, user_id, kind)
    await on.execute(ADD, kind, user_id, secret.hashed(token), created_by, LASTS[kind])
    return token


async def find(on: Executor, token: str) -> FoundLink | None:
    row = await on.fetchrow(FIND, secret.hashed(token))
    return FoundLink(**row) if row else None


async def use(on: Executor, link_id: UUID) -> bool:
    """False where it was used or has expired."""
    return await on.fetchval(USE, link_id) is not None


async def void(on: Executor, user_id: UUID) -> None:
    """Whoever is removed, or has chosen a password, has no link left."""
    await on.execute(VOID_ALL, user_id)
