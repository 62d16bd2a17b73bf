"""A job is wanted once, in one pair of hands at a time, and gone when it is done."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.jobs import GENERATE_QUESTIONS, PARSE_RESUME
from server.store import outbox
from server.store.outbox import WORKER_DIED, Claim

LEASE_S, OVER_S = 60.0, -1.0
BROKE = {"code": "broke", "detail": "it broke"}


@pytest.fixture
async def subject(pool: asyncpg.Pool) -> UUID:
    """Of a job that is due."""
    subject = uuid4()
    await want(pool, subject)
    return subject


async def want(pool: asyncpg.Pool, subject: UUID) -> None:
    async with pool.acquire() as connection:
        await outbox.add(connection, PARSE_RESUME, subject)


async def claimed(pool: asyncpg.Pool, lease_s: float = LEASE_S) -> Claim:
    (due,) = await outbox.take_due(pool, 0)
    claim = await outbox.claim(pool, due.id, due.epoch, lease_s)
    assert claim is not None
    return claim


async def state(pool: asyncpg.Pool, subject: UUID) -> tuple[int, bool, dict[str, str] | None]:
    found = await outbox.waiting(pool, PARSE_RESUME, subject)
    assert found is not None
    return found.attempts, found.failed, found.error


async def test_it_is_wanted_with_what_wants_it_or_not_at_all(pool: asyncpg.Pool) -> None:
    subject = uuid4()
    async with pool.acquire() as connection:
        unfinished = connection.transaction()
        await unfinished.start()
        await outbox.add(connection, PARSE_RESUME, subject)
        await unfinished.rollback()
    assert await outbox.waiting(pool, PARSE_RESUME, subject) is None


async def test_what_was_taken_is_due_again_only_after_a_while(
    pool: asyncpg.Pool, subject: UUID
) -> None:
    (due,) = await outbox.take_due(pool, again_s=60)
    assert due.kind == PARSE_RESUME.name
    assert await outbox.take_due(pool, again_s=60) == []
    assert await outbox.waiting(pool, GENERATE_QUESTIONS, subject) is None


async def test_one_who_works_on_it_keeps_others_away_and_ends_it(
    pool: asyncpg.Pool, subject: UUID
) -> None:
    claim = await claimed(pool)
    assert (claim.subject, claim.attempts, claim.error) == (subject, 1, None)
    assert await outbox.take_due(pool, 0) == []
    assert await outbox.claim(pool, claim.id, claim.epoch, LEASE_S) is None
    assert await outbox.renew(pool, claim, LEASE_S)
    await outbox.done(pool, claim)
    assert await outbox.waiting(pool, PARSE_RESUME, subject) is None


async def test_of_a_worker_without_a_sign_of_life_another_takes_it_over(
    pool: asyncpg.Pool, subject: UUID
) -> None:
    late = await claimed(pool, OVER_S)
    claim = await claimed(pool)
    assert (claim.attempts, claim.error) == (2, WORKER_DIED)
    assert not await outbox.renew(pool, late, LEASE_S)
    await outbox.done(pool, late)
    await outbox.again(pool, late, 0, BROKE)
    assert await state(pool, subject) == (2, False, WORKER_DIED)


async def test_a_failed_attempt_is_repeated_later_and_says_why(
    pool: asyncpg.Pool, subject: UUID
) -> None:
    await outbox.again(pool, await claimed(pool), 60, BROKE)
    assert await outbox.take_due(pool, 0) == []
    await pool.execute("UPDATE jobs SET due_at = now()")
    claim = await claimed(pool)
    assert (claim.attempts, claim.error) == (2, BROKE)


async def test_what_is_given_back_was_no_attempt(pool: asyncpg.Pool, subject: UUID) -> None:
    await outbox.release(pool, await claimed(pool))
    assert await state(pool, subject) == (0, False, None)
    assert (await claimed(pool)).attempts == 1


async def test_one_given_up_stays_to_be_seen_until_it_is_wanted_anew(
    pool: asyncpg.Pool, subject: UUID
) -> None:
    claim = await claimed(pool)
    async with pool.acquire() as connection:
        await outbox.fail(connection, claim, BROKE)
    assert await outbox.take_due(pool, 0) == []
    assert await state(pool, subject) == (1, True, BROKE)
    await want(pool, subject)
    assert await state(pool, subject) == (0, False, None)
    await outbox.done(pool, claim)  # of before: it ends nothing
    assert (await claimed(pool)).attempts == 1
