"""What one organisation uploads does not hold up another's résumé: a real worker and queue."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.jobs import DRAW_PAGES, PARSE_RESUME
from server.store import outbox, resumes
from server.store.scope import within
from tests.live import until
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.workers.pdfs import flate, with_content
from tests.workers.test_lost_jobs import settled, working

MANY = 120


def slow(number: int) -> bytes:
    """It takes all of the CPU time that there is for a file."""
    return with_content(flate(b"0 0 500 700 re f " * 400_000 + b"%% %d" % number))


async def other_organisation(pool: asyncpg.Pool) -> UUID:
    made: UUID = await pool.fetchval("INSERT INTO organisations (name) VALUES ('B') RETURNING id")
    return made


async def left(pool: asyncpg.Pool) -> int:
    counted: int = await pool.fetchval(
        "SELECT count(*) FROM jobs WHERE kind = $1", PARSE_RESUME.name
    )
    return counted


async def test_slow_files_and_many_of_one_organisation_hold_up_nobody_else(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    hard = [(await resumes.add(pool, slow(number), "a.pdf"))[0] for number in range(2)]
    for number in range(MANY):
        await resumes.add(pool, resume_pdf([*ENGLISH_RESUME, f"Copy {number}"]), "a.pdf")
    async with working(database_url, redis_url):
        await until(lambda: claimed(pool, 2), 60)
        with within(await other_organisation(pool)):
            honest, _ = await resumes.add(pool, resume_pdf(ENGLISH_RESUME), "b.pdf")
        assert (await settled(pool, honest)).status == "ready"
        assert await left(pool) > MANY / 2
        for each in hard:
            waiting = await outbox.waiting(pool, PARSE_RESUME, each)
            assert waiting is not None


async def claimed(pool: asyncpg.Pool, count: int) -> bool | None:
    found = await pool.fetchval("SELECT count(*) FROM jobs WHERE leased_until IS NOT NULL")
    return True if found >= count else None


async def test_of_many_few_are_on_their_way_at_a_time(pool: asyncpg.Pool) -> None:
    for number in range(20):
        await resumes.add(pool, resume_pdf([f"Person {number}"]), "a.pdf")
    with within(await other_organisation(pool)):
        other, _ = await resumes.add(pool, resume_pdf(ENGLISH_RESUME), "b.pdf")
    sent = await outbox.take_due(pool, again_s=60)
    assert len(sent) == outbox.SENT_AT_MOST + 1
    assert await outbox.take_due(pool, again_s=60) == []
    first = sent[0]
    assert await outbox.claim(pool, first.id, first.epoch, 60) is not None
    assert len(await outbox.take_due(pool, again_s=60)) == 1  # one was begun, the next may go
    subjects = {
        row["subject"]
        for row in await pool.fetch(
            "SELECT subject FROM jobs WHERE id = ANY($1)", [each.id for each in sent]
        )
    }
    assert other in subjects


async def test_the_pages_are_drawn_after_the_words_are_understood(
    pool: asyncpg.Pool, database_url: str, redis_url: str
) -> None:
    resume_id, _ = await resumes.add(pool, resume_pdf(ENGLISH_RESUME), "a.pdf")
    async with working(database_url, redis_url):

        async def drawn() -> object:
            return await resumes.pages(pool, resume_id) or None

        assert (await settled(pool, resume_id)).status == "ready"
        await until(drawn, 60)

        async def done() -> bool | None:
            return True if await outbox.waiting(pool, DRAW_PAGES, resume_id) is None else None

        await until(done, 30)
