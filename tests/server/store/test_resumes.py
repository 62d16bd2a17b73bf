"""The same file is the same résumé; it is read once, and again only when that failed."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.jobs import PARSE_RESUME
from server.store import interviews, outbox, resumes
from server.store.resumes import ResumeFile

PDF = b"%PDF-1.7 \x00 a file"
READ = {"header": {"name": "김민지", "target_role": None}, "meta": {"warnings": ["no_role"]}}


async def status(pool: asyncpg.Pool, resume_id: UUID) -> str:
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    return stored.status


async def wanted(pool: asyncpg.Pool, resume_id: UUID) -> bool:
    return await outbox.waiting(pool, PARSE_RESUME, resume_id) is not None


async def test_the_same_bytes_are_the_same_resume_under_its_first_name(pool: asyncpg.Pool) -> None:
    one, state = await resumes.add(pool, PDF, "first.pdf")
    assert state == "queued"
    assert await resumes.add(pool, PDF, "second.pdf") == (one, "queued")
    other, _ = await resumes.add(pool, PDF + b" ", "first.pdf")
    assert other != one
    assert await resumes.get_file(pool, one) == ResumeFile("queued", "first.pdf", PDF)
    assert await wanted(pool, one)


@pytest.mark.parametrize("failed", [True, False])
async def test_what_failed_is_read_again_and_what_is_read_is_not(
    pool: asyncpg.Pool, failed: bool
) -> None:
    made, _ = await resumes.add(pool, PDF, "cv.pdf")
    await pool.execute("DELETE FROM jobs")
    if failed:
        await resumes.mark_failed(pool, made, "no_text", "there is no text in it")
    else:
        await resumes.mark_ready(pool, made, READ)
    again = await resumes.add(pool, PDF, "cv.pdf")
    assert again == (made, "queued" if failed else "ready")
    assert await wanted(pool, made) is failed
    stored = await resumes.get(pool, made)
    assert stored is not None
    assert stored.error is None
    assert stored.structured_data == (None if failed else READ)


async def test_the_first_outcome_stays(pool: asyncpg.Pool) -> None:
    made, _ = await resumes.add(pool, PDF, "cv.pdf")
    await resumes.mark_ready(pool, made, READ)
    await resumes.mark_failed(pool, made, "late", "another worker was slower")
    assert await status(pool, made) == "ready"
    other, _ = await resumes.add(pool, PDF + b" ", "cv.pdf")
    await resumes.mark_failed(pool, other, "no_text", "there is no text in it")
    await resumes.mark_ready(pool, other, READ)
    stored = await resumes.get(pool, other)
    assert stored is not None
    assert stored.error == {"code": "no_text", "detail": "there is no text in it"}


async def test_one_that_is_not_there_is_none(pool: asyncpg.Pool) -> None:
    assert await resumes.get(pool, uuid4()) is None
    assert await resumes.get_file(pool, uuid4()) is None
    assert await resumes.picture(pool, uuid4(), 1) is None


async def test_they_are_listed_the_newest_first_with_what_was_understood(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    newer, _ = await resumes.add(pool, PDF, "cv.pdf")
    await resumes.mark_ready(pool, newer, READ)
    assert await interviews.create(pool, resume_id) is not None
    listed = await resumes.recent(pool)
    assert [(row["id"], row["name"], row["warnings"], row["used"]) for row in listed] == [
        (newer, "김민지", 1, False),
        (resume_id, "Kim", 0, True),
    ]
    assert await resumes.recent(pool, before=newer) == listed[1:]
    assert await resumes.recent(pool, limit=1) == listed[:1]


async def test_pictures_of_pages_are_kept_once(pool: asyncpg.Pool, resume_id: UUID) -> None:
    await resumes.add_pages(pool, resume_id, [(2, 595.5, 842.0, b"two"), (1, 595.5, 842.0, b"one")])
    await resumes.add_pages(pool, resume_id, [(1, 1.0, 1.0, b"another")])
    found = await resumes.pages(pool, resume_id)
    assert found == [{"page": n, "width": 595.5, "height": 842.0} for n in (1, 2)]
    assert await resumes.pages(pool, resume_id, after=1) == found[1:]
    assert await resumes.pages(pool, resume_id, limit=1) == found[:1]
    assert await resumes.picture(pool, resume_id, 1) == b"one"
