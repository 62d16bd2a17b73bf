"""An organisation's own wording over the packs: every version of it, the newest counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from server.language.overlay import Own, Wording
from server.store import audit
from server.store.pool import Executor, transaction

# Whoever changes it at the same time waits: nobody's change is lost.
LOCK = "SELECT FROM organisations WHERE id = viva_organisation() FOR NO KEY UPDATE"
READ = """
SELECT wordings.id, language, texts, made_at, users.name AS made_by
FROM wordings LEFT JOIN users ON users.id = wordings.made_by
WHERE wordings.organisation_id = viva_organisation() AND language = $1
"""
NEWEST = f"{READ} ORDER BY wordings.id DESC LIMIT 1"
VERSIONS = f"{READ} AND ($2::uuid IS NULL OR wordings.id < $2) ORDER BY wordings.id DESC LIMIT $3"
VERSION = f"{READ} AND wordings.id = $2"
ADD = "INSERT INTO wordings (language, texts, made_by) VALUES ($1, $2, $3) RETURNING id"


@dataclass(frozen=True, slots=True)
class StoredWording:
    """``made_by``: the name of the member; None: a program, or one who is not there any more."""

    id: UUID
    language: str
    texts: Wording
    made_at: datetime
    made_by: str | None


def read(stored: object) -> Wording:
    """From its JSON. Raises msgspec.ValidationError."""
    return msgspec.convert(stored, dict[str, Own])


async def newest(on: Executor, language: str) -> StoredWording | None:
    """None where everything is said in the pack's words."""
    row = await on.fetchrow(NEWEST, language)
    return _stored(row) if row else None


async def versions(
    on: Executor, language: str, before: UUID | None = None, limit: int | None = None
) -> list[StoredWording]:
    """The newest first, those older than ``before``."""
    return [_stored(row) for row in await on.fetch(VERSIONS, language, before, limit)]


async def version(on: Executor, language: str, version_id: UUID) -> StoredWording | None:
    row = await on.fetchrow(VERSION, language, version_id)
    return _stored(row) if row else None


async def change(
    on: Executor, language: str, changed: Callable[[Wording], Wording], by: UUID | None
) -> StoredWording | None:
    """``changed`` makes what is to hold of what holds; where that is the same, nothing happens. The
    newest afterwards."""
    async with transaction(on) as connection:
        await connection.execute(LOCK)
        before = await newest(connection, language)
        held = before.texts if before else {}
        if (texts := changed(held)) == held:
            return before
        added = await connection.fetchval(ADD, language, texts, by)
        stored = await newest(connection, language)
        subject = f"wording {added}"
        await audit.add(connection, "wording.changed", subject, language=language, texts=len(texts))
    return stored


def _stored(row: asyncpg.Record) -> StoredWording:
    return StoredWording(**{**row, "texts": read(row["texts"])})
