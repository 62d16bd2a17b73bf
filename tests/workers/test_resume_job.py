"""The job parse_resume on the real store: once is enough, hostile files fail alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.jobs import DRAW_PAGES
from server.store import erasure, outbox, resumes
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, ROLELESS_RESUME, resume_pdf
from tests.server.store.test_erasure import SIGNER
from tests.workers.pdfs import bomb
from tests.workers.test_second_reading import Reader
from tests.workers.words import english, word
from workers.pdf import read_document
from workers.pictures import draw_pages
from workers.resume import draw_resume, parse_resume, read_pictures
from workers.tools import Tools


@pytest.fixture
def ctx(pool: asyncpg.Pool) -> dict[str, Any]:
    return {"tools": Tools(pool, None, None, 5)}


async def added(pool: asyncpg.Pool, content: bytes, filename: str = "cv.pdf") -> UUID:
    resume_id, _ = await resumes.add(pool, content, filename)
    return resume_id


async def test_the_row_gets_the_data_and_pictures_and_nothing_else_changes(
    pool: asyncpg.Pool, ctx: dict[str, Any]
) -> None:
    resume_id = await added(pool, resume_pdf(KOREAN_RESUME))
    before = dict(await pool.fetchrow("SELECT * FROM resumes WHERE id = $1", resume_id) or {})
    await parse_resume(ctx, str(resume_id))
    after = dict(await pool.fetchrow("SELECT * FROM resumes WHERE id = $1", resume_id) or {})
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"structured_data", "status", "updated_at", "candidate_name"}
    assert after["structured_data"]["header"]["target_role"] == "보안 엔지니어"
    evidence = after["structured_data"]["header"]["target_role_evidence"]
    assert await resumes.pages(pool, resume_id) == []  # nobody waits for them
    assert await outbox.waiting(pool, DRAW_PAGES, resume_id) is not None
    for _ in range(2):
        await draw_resume(ctx, str(resume_id))
    (page,) = await resumes.pages(pool, resume_id)
    assert page["page"] == evidence["page"] == 1
    assert 0 <= evidence["bbox"][0] < evidence["bbox"][2] <= page["width"]


async def test_what_was_deleted_while_it_was_worked_on_fails_no_job(
    pool: asyncpg.Pool, ctx: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, scan = resume_pdf(ENGLISH_RESUME), resume_pdf([""])

    def deleting(work: Callable[[bytes], Awaitable[Any]]) -> Callable[[bytes], Awaitable[Any]]:
        async def deleted(content: bytes) -> Any:
            try:
                return await work(content)
            finally:
                await erasure.erase(pool, resume_id, SIGNER, "candidate")

        return deleted

    monkeypatch.setattr("workers.resume.draw_pages", deleting(draw_pages))
    monkeypatch.setattr("workers.resume.read_document", deleting(read_document))
    for content, job in ((drawn, draw_resume), (drawn, parse_resume), (scan, parse_resume)):
        resume_id = await added(pool, content)
        await job(ctx, str(resume_id))
        assert await resumes.get(pool, resume_id) is None
    assert not await pool.fetchval("SELECT count(*) FROM jobs")


async def test_a_job_that_runs_again_changes_nothing(
    pool: asyncpg.Pool, ctx: dict[str, Any]
) -> None:
    resume_id = await added(pool, resume_pdf(ENGLISH_RESUME))
    await parse_resume(ctx, str(resume_id))
    first = await pool.fetchrow("SELECT * FROM resumes WHERE id = $1", resume_id)
    await parse_resume(ctx, str(resume_id))
    assert await pool.fetchrow("SELECT * FROM resumes WHERE id = $1", resume_id) == first
    await parse_resume(ctx, "00000000-0000-0000-0000-000000000000")


async def test_a_word_file_is_ready_with_its_text_for_pictures(
    pool: asyncpg.Pool, ctx: dict[str, Any]
) -> None:
    resume_id = await added(pool, word(english))
    await parse_resume(ctx, str(resume_id))
    await draw_resume(ctx, str(resume_id))
    assert await resumes.pages(pool, resume_id) == []
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.structured_data is not None
    evidence = stored.structured_data["header"]["target_role_evidence"]
    assert evidence == {"page": 0, "bbox": None, "text": "Senior Backend Engineer"}
    assert not stored.structured_data["meta"]["paged"]
    told = stored.structured_data["text"].splitlines()
    assert told[:2] == ["Maren Oduya", evidence["text"]]
    assert "Backend Engineer, Alder Analytics Ltd   Mar 2019 - Present" in told
    nothing = await added(pool, word(lambda _: None))
    await parse_resume(ctx, str(nothing))  # and is not taken for a scan
    failed = await resumes.get(pool, nothing)
    assert failed is not None
    assert (failed.error or {})["code"] == "needs_ocr"


async def test_a_bomb_fails_alone(pool: asyncpg.Pool, ctx: dict[str, Any]) -> None:
    bad, good = await added(pool, bomb()), await added(pool, resume_pdf(ENGLISH_RESUME))
    await parse_resume(ctx, str(bad))
    await parse_resume(ctx, str(good))
    failed = await resumes.get(pool, bad)
    assert failed is not None
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error["code"] == "too_much_memory"
    fine = await resumes.get(pool, good)
    assert fine is not None
    assert fine.status == "ready"


async def test_a_failed_file_that_is_uploaded_again_is_read_again(
    pool: asyncpg.Pool, ctx: dict[str, Any]
) -> None:
    content = resume_pdf([""])
    resume_id = await added(pool, content)
    for job in (parse_resume, read_pictures):
        await job(ctx, str(resume_id))
    again, status = await resumes.add(pool, content, "cv.pdf")
    assert (again, status) == (resume_id, "queued")
    for job in (parse_resume, read_pictures):
        await job(ctx, str(resume_id))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert (stored.error or {})["code"] == "needs_ocr"


async def test_the_model_fills_only_what_was_empty(pool: asyncpg.Pool, ctx: dict[str, Any]) -> None:
    reader = Reader('{"name": "Nobody", "target_role": "Acme Ltd"}')
    ctx["tools"] = Tools(pool, None, reader, 5)
    resume_id = await added(pool, resume_pdf(ROLELESS_RESUME))
    await parse_resume(ctx, str(resume_id))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    header = (stored.structured_data or {})["header"]
    assert header["name"] == "Jane Miller"
    assert (header["target_role"], header["target_role_source"]) == ("Acme Ltd", "model")
