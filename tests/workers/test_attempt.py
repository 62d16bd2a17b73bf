"""A job's attempts on the real store: three at the most, and two at once do no harm."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.jobs import DRAW_PAGES, PARSE_RESUME, Kind, Pace
from server.store import outbox, resumes
from tests.resumes import ENGLISH_RESUME, resume_pdf
from workers.attempt import Job, attempt
from workers.resume import draw_resume, give_up, parse_resume
from workers.tools import Tools

PACE = Pace(lease_s=30, sweep_s=0.05, resend_s=0, pause_s=0)
SECRET = "Jane Miller, born in 1990"


@pytest.fixture
def ctx(pool: asyncpg.Pool) -> dict[str, Any]:
    return {"tools": Tools(pool, None, None, 5)}


@pytest.fixture
async def resume_id(pool: asyncpg.Pool) -> UUID:
    return (await resumes.add(pool, resume_pdf(ENGLISH_RESUME), "cv.pdf"))[0]


async def due(pool: asyncpg.Pool) -> outbox.Due:
    (one,) = await outbox.take_due(pool, 0)
    return one


async def once(ctx: dict[str, Any], job: Job, pace: Pace = PACE) -> None:
    """What is due now is attempted."""
    sent = await due(ctx["tools"].pool)
    await attempt(job, pace, ctx, sent.id, sent.epoch)


async def raises(ctx: dict[str, Any], subject: str) -> None:
    raise ValueError(SECRET)


async def test_what_is_done_is_gone(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    sent = await due(pool)
    job = Job(PARSE_RESUME, parse_resume, give_up)
    for _ in range(2):  # the second sending finds nothing
        await attempt(job, PACE, ctx, sent.id, sent.epoch)
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.status == "ready"
    assert await outbox.waiting(pool, PARSE_RESUME, resume_id) is None
    assert (await due(pool)).kind == DRAW_PAGES.name  # comes after it


async def test_a_job_that_always_raises_is_given_up_after_three_attempts(
    pool: asyncpg.Pool,
    ctx: dict[str, Any],
    resume_id: UUID,
    capsys: pytest.CaptureFixture[str],
) -> None:
    job = Job(PARSE_RESUME, raises, give_up)
    for number in (1, 2, 3):
        state = await outbox.waiting(pool, PARSE_RESUME, resume_id)
        assert state is not None
        assert (state.attempts, state.failed) == (number - 1, False)
        await once(ctx, job)
    assert await outbox.take_due(pool, 0) == []
    state = await outbox.waiting(pool, PARSE_RESUME, resume_id)
    assert state is not None
    assert state.failed
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    why = "it was tried 3 times; at last the program broke (ValueError)"
    assert state.error == {"code": "broke", "detail": why}
    assert (stored.status, stored.error) == ("failed", {"code": "resume_failed", "detail": why})
    assert SECRET not in capsys.readouterr().out


async def test_a_job_given_up_has_all_its_attempts_again_when_the_file_comes_again(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    for _ in range(3):
        await once(ctx, Job(PARSE_RESUME, raises, give_up))
    assert await resumes.add(pool, resume_pdf(ENGLISH_RESUME), "cv.pdf") == (resume_id, "queued")
    state = await outbox.waiting(pool, PARSE_RESUME, resume_id)
    assert state == outbox.Waiting(attempts=0, failed=False, error=None)
    await once(ctx, Job(PARSE_RESUME, parse_resume, give_up))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.status == "ready"


async def test_the_same_file_again_sends_no_second_job_and_fences_nobody(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    before = await due(pool)
    await resumes.add(pool, resume_pdf(ENGLISH_RESUME), "cv.pdf")
    assert await due(pool) == before


async def test_one_that_takes_too_long_is_stopped(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    async def forever(ctx: dict[str, Any], subject: str) -> None:
        await asyncio.Event().wait()

    await once(ctx, Job(Kind(PARSE_RESUME.name, timeout_s=0.01, attempts=1), forever, give_up))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert (stored.error or {})["code"] == "took_too_long"


async def test_a_worker_that_stops_gives_its_job_back_and_no_attempt_is_counted(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    begun = asyncio.Event()

    async def long(ctx: dict[str, Any], subject: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    for _ in range(5):
        begun.clear()
        running = asyncio.create_task(once(ctx, Job(PARSE_RESUME, long, give_up)))
        await begun.wait()
        assert await outbox.take_due(pool, 0) == []
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    state = await outbox.waiting(pool, PARSE_RESUME, resume_id)
    assert state == outbox.Waiting(attempts=0, failed=False, error=None)


async def test_of_many_who_claim_one_job_one_has_it(pool: asyncpg.Pool, resume_id: UUID) -> None:
    sent = await due(pool)
    claims = await asyncio.gather(*(outbox.claim(pool, sent.id, sent.epoch, 30) for _ in range(5)))
    assert sum(claim is not None for claim in claims) == 1


async def test_a_job_whose_worker_gives_no_sign_of_life_goes_to_the_next(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    sent = await due(pool)
    dead = await outbox.claim(pool, sent.id, sent.epoch, lease_s=0)
    assert dead is not None
    await once(ctx, Job(PARSE_RESUME, parse_resume, give_up))
    assert await outbox.waiting(pool, PARSE_RESUME, resume_id) is None
    assert not await outbox.renew(pool, dead, 30)


async def test_a_worker_that_died_three_times_of_it_is_the_reason_that_is_shown(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    for _ in range(3):
        sent = await due(pool)
        assert await outbox.claim(pool, sent.id, sent.epoch, lease_s=0) is not None

    async def never(ctx: dict[str, Any], subject: str) -> None:
        pytest.fail("begun a fourth time")

    await once(ctx, Job(PARSE_RESUME, never, give_up))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.status == "failed"
    assert (stored.error or {})["detail"] == (
        "it was tried 3 times; at last the process that did it ended"
    )


async def test_the_lease_is_renewed_while_the_job_runs(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    lease = "SELECT leased_until FROM jobs"

    async def longer_than_the_lease(ctx: dict[str, Any], subject: str) -> None:
        first = await pool.fetchval(lease)
        while await pool.fetchval(lease) == first:
            await asyncio.sleep(0.01)

    await once(ctx, Job(PARSE_RESUME, longer_than_the_lease), Pace(lease_s=0.5))
    assert await outbox.waiting(pool, PARSE_RESUME, resume_id) is None


async def test_who_lost_the_lease_cannot_end_the_job_of_who_has_it(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    sent = await due(pool)
    slow = await outbox.claim(pool, sent.id, sent.epoch, lease_s=0)
    sent = await due(pool)
    other = await outbox.claim(pool, sent.id, sent.epoch, lease_s=30)
    assert slow is not None
    assert other is not None
    await outbox.done(pool, slow)
    await outbox.again(pool, slow, 0, {"code": "broke", "detail": ""})
    await outbox.release(pool, slow)
    await outbox.fail(pool, slow, {"code": "broke", "detail": ""})  # type: ignore[arg-type]
    state = await outbox.waiting(pool, PARSE_RESUME, resume_id)
    assert state == outbox.Waiting(2, failed=False, error=outbox.WORKER_DIED)
    assert await outbox.renew(pool, other, 30)


async def test_two_workers_on_the_same_resume_do_no_harm(
    pool: asyncpg.Pool, ctx: dict[str, Any], resume_id: UUID
) -> None:
    await asyncio.gather(*(parse_resume(ctx, str(resume_id)) for _ in range(2)))
    stored = await resumes.get(pool, resume_id)
    assert stored is not None
    assert stored.status == "ready"
    await asyncio.gather(*(draw_resume(ctx, str(resume_id)) for _ in range(2)))
    assert len(await resumes.pages(pool, resume_id)) == 1
