"""A résumé that is read, and an interview made from it."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import interviews, resumes

READ = {"header": {"name": "Kim", "target_role": "Data Engineer"}, "meta": {"language": "en"}}


@pytest.fixture
async def resume_id(pool: asyncpg.Pool) -> UUID:
    made, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    await resumes.mark_ready(pool, made, READ)
    return made


@pytest.fixture
async def interview_id(pool: asyncpg.Pool, resume_id: UUID) -> UUID:
    made = await interviews.create(pool, resume_id)
    assert made is not None
    return made.interview_id
