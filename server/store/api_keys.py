"""Keys for programs: what each may do and until when. Of a key itself only a hash is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.store import audit, secret
from server.store.pool import Executor, transaction

PREFIX: Final = "vivakey_"

ADD = """
INSERT INTO api_keys (name, token_sha256, scopes, created_by, expires_at)
VALUES ($1, $2, $3, $4, now() + $5::interval)
RETURNING id, name, scopes, created_at, expires_at, used_at
"""
FIND = """
SELECT id, organisation_id, scopes,
       used_at IS NULL OR used_at < now() - interval '1 min' AS stale
FROM api_keys WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > now()
"""
USED = "UPDATE api_keys SET used_at = now() WHERE id = $1"
LIST = """
SELECT id, name, scopes, created_at, expires_at, used_at FROM api_keys
WHERE revoked_at IS NULL AND ($1::uuid IS NULL OR id < $1)
    AND ($2::boolean IS NULL OR $2 = (expires_at <= now()))
ORDER BY id DESC LIMIT $3
"""
REVOKE = "UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id"


@dataclass(frozen=True, slots=True)
class FoundKey:
    id: UUID
    organisation_id: UUID
    scopes: list[Any]


@dataclass(frozen=True, slots=True)
class StoredKey:
    """``used_at`` to the minute; null: never."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


async def add(
    on: Executor, name: str, scopes: Iterable[str], lasts: timedelta, created_by: UUID | None
) -> tuple[StoredKey, str]:
    """The key's row, and the key, which is told this once."""
    token = secret.new(PREFIX)
    async with transaction(on) as connection:
        told = name, secret.hashed(token), sorted(scopes), created_by, lasts
        row = await connection.fetchrow(ADD, *told)
        assert row is not None
        scoped = " ".join(row["scopes"])
        await audit.add(connection, "key.made", f"key {row['id']}", scopes=scoped)
    return StoredKey(**row), token


async def find(on: Executor, token: str) -> FoundKey | None:
    """None where it has expired or was revoked."""
    row = await on.fetchrow(FIND, secret.hashed(token))
    if row is None:
        return None
    fields: dict[str, Any] = dict(row)
    if fields.pop("stale"):
        await on.execute(USED, fields["id"])
    return FoundKey(**fields)


async def every(
    on: Executor,
    before: UUID | None = None,
    limit: int | None = None,
    *,
    expired: bool | None = None,
) -> list[StoredKey]:
    """The newest first, those older than ``before``; ``expired`` None: whichever."""
    return [StoredKey(**row) for row in await on.fetch(LIST, before, expired, limit)]


async def revoke(on: Executor, key_id: UUID) -> bool:
    """False where there is none."""
    async with transaction(on) as connection:
        revoked = await connection.fetchval(REVOKE, key_id) is not None
        if revoked:
            await audit.add(connection, "key.revoked", f"key {key_id}")
    return revoked
