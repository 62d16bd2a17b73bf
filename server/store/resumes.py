"""Résumés: the uploaded file, its state, and what was read from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

# The same bytes are the same résumé; one that failed before is read again.
ADD = """
INSERT INTO resumes (sha256, filename) VALUES ($1, $2)
ON CONFLICT (sha256) DO UPDATE
    SET status = CASE resumes.status WHEN 'failed' THEN 'queued' ELSE resumes.status END,
        error = CASE resumes.status WHEN 'failed' THEN NULL ELSE resumes.error END,
        updated_at = now()
RETURNING id, status
"""
ADD_FILE = """
INSERT INTO resume_files (resume_id, content) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""
GET = "SELECT id, status, error, structured_data FROM resumes WHERE id = $1"
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
QUEUED = "SELECT id FROM resumes WHERE status = 'queued' AND updated_at < now() - interval '1 min'"


@dataclass(frozen=True, slots=True)
class StoredResume:
    """``error`` is ``{code, detail}`` where ``status`` is ``failed``."""

    id: UUID
    status: str
    error: dict[str, str] | None
    structured_data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ResumeFile:
    status: str
    filename: str
    content: bytes


async def add(pool: asyncpg.Pool, content: bytes, filename: str) -> tuple[UUID, str]:
    """Store the file; returns the id and the state, the same id for the same bytes."""
    digest = hashlib.sha256(content).hexdigest()
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(ADD, digest, filename)
        assert row is not None
        await connection.execute(ADD_FILE, row["id"], content)
    return row["id"], row["status"]


async def get(pool: asyncpg.Pool, resume_id: UUID) -> StoredResume | None:
    row = await pool.fetchrow(GET, resume_id)
    return StoredResume(**row) if row else None


async def get_file(pool: asyncpg.Pool, resume_id: UUID) -> ResumeFile | None:
    row = await pool.fetchrow(GET_FILE, resume_id)
    return ResumeFile(**row) if row else None


async def mark_ready(
    pool: asyncpg.Pool, resume_id: UUID, structured_data: Mapping[str, Any]
) -> None:
    await pool.execute(READY, resume_id, structured_data)


async def mark_failed(pool: asyncpg.Pool, resume_id: UUID, code: str, detail: str) -> None:
    await pool.execute(FAILED, resume_id, {"code": code, "detail": detail})


async def forgotten(pool: asyncpg.Pool) -> list[UUID]:
    """Résumés that have waited for over a minute; their job may have been lost."""
    return [row["id"] for row in await pool.fetch(QUEUED)]
