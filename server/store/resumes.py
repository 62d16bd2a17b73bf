"""Résumés: the uploaded file, its state, and what was read from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from server.jobs import DRAW_PAGES, PARSE_RESUME, READ_SCAN
from server.store import audit, outbox, quotas
from server.store.pool import Executor, transaction
from server.store.quotas import Quota

# The same bytes are the same résumé; one that failed before is read again.
ADD = """
INSERT INTO resumes (sha256, filename) VALUES ($1, $2)
ON CONFLICT (organisation_id, sha256) DO UPDATE
    SET status = CASE resumes.status WHEN 'failed' THEN 'queued' ELSE resumes.status END,
        error = CASE resumes.status WHEN 'failed' THEN NULL ELSE resumes.error END,
        updated_at = now()
RETURNING id, organisation_id, status, old.status IS DISTINCT FROM new.status AS wanted
"""
ADD_FILE = """
INSERT INTO resume_files (resume_id, content) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
GET = "SELECT id, status, error, structured_data FROM resumes WHERE id = $1"
HOLD = "SELECT id FROM resumes WHERE id = $1 FOR KEY SHARE"
EXISTS = "SELECT EXISTS (SELECT FROM resumes WHERE id = $1)"
GET_FILE = """
SELECT resumes.status, resumes.filename, resume_files.content
FROM resumes JOIN resume_files ON resume_files.resume_id = resumes.id
WHERE resumes.id = $1
"""
READY = """
UPDATE resumes SET structured_data = $2, status = 'ready', error = NULL, updated_at = now()
WHERE id = $1 AND status = 'queued'
"""
FAILED = """
UPDATE resumes SET error = $2, status = 'failed', updated_at = now()
WHERE id = $1 AND status = 'queued'
"""
RECENT = """
SELECT resumes.id, resumes.status, resumes.filename, resumes.created_at,
       resumes.structured_data->'header'->>'name' AS name,
       resumes.structured_data->'header'->>'target_role' AS target_role,
       coalesce(jsonb_array_length(resumes.structured_data->'meta'->'warnings'), 0) AS warnings,
       EXISTS (SELECT FROM interviews WHERE interviews.resume_id = resumes.id) AS used,
       (SELECT count(*) FROM resume_disputes WHERE resume_id = resumes.id) AS disputes
FROM resumes
WHERE ($1::uuid IS NULL OR resumes.id < $1) AND ($2::text IS NULL OR resumes.status = $2)
    AND ($3::boolean IS NULL
         OR $3 = EXISTS (SELECT FROM interviews WHERE interviews.resume_id = resumes.id))
    AND ($4::timestamptz IS NULL OR resumes.created_at >= $4)
ORDER BY resumes.id DESC LIMIT $5
"""
# Whoever deletes the résumé meanwhile has the last word: of what is gone nothing is drawn.
ADD_PAGE = """
INSERT INTO resume_pages (resume_id, page, width, height, picture)
SELECT id, $2, $3, $4, $5 FROM resumes WHERE id = $1 FOR KEY SHARE
ON CONFLICT DO NOTHING
"""
PAGES = """
SELECT page, width, height FROM resume_pages WHERE resume_id = $1 AND page > $2
ORDER BY page LIMIT $3
"""
PAGE = "SELECT picture FROM resume_pages WHERE resume_id = $1 AND page = $2"


@dataclass(frozen=True, slots=True)
class StoredResume:
    """``error`` is ``{code, detail}`` where ``status`` is ``failed``."""

    id: UUID
    status: str
    error: dict[str, str] | None
    structured_data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which résumés are looked for; None: whichever. ``used``: an interview was made from it."""

    status: str | None = None
    used: bool | None = None
    created_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ResumeFile:
    status: str
    filename: str
    content: bytes


async def add(
    on: Executor, content: bytes, filename: str, quota: Quota | None = None
) -> tuple[UUID, str]:
    """Store the file and the job that reads it; returns the id and the state, the same id for the
    same bytes, which count once. Raises Reached where it would be more than ``quota``."""
    digest = hashlib.sha256(content).hexdigest()
    async with transaction(on) as connection:
        row = await connection.fetchrow(ADD, digest, filename)
        assert row is not None
        await connection.execute(ADD_FILE, row["id"], content)
        if row["wanted"]:
            if quota is not None:
                await quotas.take(connection, row["organisation_id"], len(content), quota)
            await outbox.add(connection, PARSE_RESUME, row["id"])
            await audit.add(connection, "resume.added", f"resume {row['id']}")
    return row["id"], row["status"]


async def get(pool: asyncpg.Pool, resume_id: UUID) -> StoredResume | None:
    row = await pool.fetchrow(GET, resume_id)
    return StoredResume(**row) if row else None


async def exists(pool: asyncpg.Pool, resume_id: UUID) -> bool:
    return bool(await pool.fetchval(EXISTS, resume_id))


async def get_file(pool: asyncpg.Pool, resume_id: UUID) -> ResumeFile | None:
    row = await pool.fetchrow(GET_FILE, resume_id)
    return ResumeFile(**row) if row else None


async def mark_ready(on: Executor, resume_id: UUID, structured_data: Mapping[str, Any]) -> None:
    """With the job that draws its pages."""
    async with transaction(on) as connection:
        if await connection.execute(READY, resume_id, structured_data) == "UPDATE 1":
            await outbox.add(connection, DRAW_PAGES, resume_id)


async def want_scan(pool: asyncpg.Pool, resume_id: UUID) -> None:
    """It is a picture of text, whose reading takes long: a job of its own; none where it was
    deleted meanwhile."""
    async with transaction(pool) as connection:
        if await connection.fetchval(HOLD, resume_id):
            await outbox.add(connection, READ_SCAN, resume_id)


async def mark_failed(database: Executor, resume_id: UUID, code: str, detail: str) -> None:
    await database.execute(FAILED, resume_id, {"code": code, "detail": detail})


async def recent(
    pool: asyncpg.Pool,
    before: UUID | None = None,
    limit: int | None = None,
    wanted: Wanted = Wanted(),
) -> list[dict[str, Any]]:
    """The newest first, those older than ``before``; ``used``: an interview was made from it."""
    asked = wanted.status, wanted.used, wanted.created_since
    return [dict(row) for row in await pool.fetch(RECENT, before, *asked, limit)]


async def add_pages(
    pool: asyncpg.Pool, resume_id: UUID, pages: Sequence[tuple[int, float, float, bytes]]
) -> None:
    """(page from 1, width and height in points, picture) each; those there already stay. Of a
    résumé that was deleted none is kept."""
    await pool.executemany(ADD_PAGE, [(resume_id, *page) for page in pages])


async def pages(
    pool: asyncpg.Pool, resume_id: UUID, after: int = 0, limit: int | None = None
) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch(PAGES, resume_id, after, limit)]


async def picture(pool: asyncpg.Pool, resume_id: UUID, page: int) -> bytes | None:
    found: bytes | None = await pool.fetchval(PAGE, resume_id, page)
    return found
