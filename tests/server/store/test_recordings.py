"""Sound is stored only while the candidate agrees, is one file an answer, and goes when it must."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.core.events import AnswerGiven, Fact, QuestionAsked
from server.store import facts, interviews, recordings
from server.store.notices import Told
from server.store.recordings import Chunk, Consent
from tests.driver import lease

TOLD = Told("1", "en", None, 30, 7)


def chunk(turn: int, n: int) -> Chunk:
    return Chunk(turn, n, 5_000 * n, 1_000, 0, n + 1, 48_000 * (n + 1), b"%d.%d " % (turn, n))


async def store(pool: asyncpg.Pool, interview_id: UUID, *turns: int) -> None:
    for turn in turns:
        for n in (0, 1):
            assert await recordings.add(pool, interview_id, chunk(turn, n))


@pytest.fixture
async def agreed(pool: asyncpg.Pool, interview_id: UUID) -> UUID:
    await recordings.agree(pool, interview_id, TOLD)
    return interview_id


async def answered(pool: asyncpg.Pool, interview_id: UUID, turn: int) -> UUID:
    question, answer = str(uuid4()), str(uuid4())
    told: list[Fact] = [
        QuestionAsked(turn, question, "Why?", "bank", "planned", "s", None, None, None),
        AnswerGiven(turn, question, answer, "Because.", (), "test", "en", "en"),
    ]
    stored = await facts.everything(pool, interview_id)
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, len(stored) + 1, told)
    return UUID(answer)


async def test_without_consent_nothing_is_stored(pool: asyncpg.Pool, interview_id: UUID) -> None:
    assert not await recordings.add(pool, interview_id, chunk(1, 0))
    assert await recordings.chunks(pool, interview_id) == []
    assert await recordings.consent(pool, interview_id) == Consent(None, None)
    assert await recordings.consent(pool, uuid4()) == Consent(None, None)


async def test_a_withdrawal_deletes_and_may_be_taken_back(pool: asyncpg.Pool, agreed: UUID) -> None:
    first = await recordings.consent(pool, agreed)
    assert await recordings.agree(pool, agreed, TOLD) == first, "the time is that of the first"
    await store(pool, agreed, 1)
    withdrawn = await recordings.withdraw(pool, agreed, TOLD)
    assert withdrawn.given_at is None
    assert withdrawn.withdrawn_at is not None
    assert await recordings.chunks(pool, agreed) == []
    assert not await recordings.add(pool, agreed, chunk(1, 2))
    again = await recordings.agree(pool, agreed, TOLD)
    assert again.given_at is not None
    assert again.withdrawn_at is None


async def test_the_chunks_of_an_answer_are_one_file(pool: asyncpg.Pool, agreed: UUID) -> None:
    await store(pool, agreed, 1, 2)
    assert await recordings.add(pool, agreed, chunk(1, 0)), "twice is once"
    answer = await answered(pool, agreed, 1)
    assert await recordings.sound(pool, agreed, answer) == b"1.0 1.1 "
    assert await recordings.sound(pool, uuid4(), answer) is None
    found = await recordings.chunks(pool, agreed)
    assert [(row["turn"], row["start_ms"], row["answer_id"]) for row in found] == [
        (1, 0, answer),
        (1, 5_000, answer),
        (2, 0, None),
        (2, 5_000, None),
    ]
    assert await recordings.chunks(pool, agreed, after=0, turns=1) == found[:2]
    assert await recordings.chunks(pool, agreed, after=1) == found[2:]


async def test_where_a_file_stands_is_known_when_it_goes_on(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    assert await recordings.last(pool, agreed, 1) == (-1, 0, 0)
    await store(pool, agreed, 1)
    assert await recordings.last(pool, agreed, 1) == (1, 2, 96_000)


async def test_deleted_is_what_was_recorded_and_not_the_consent(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    await store(pool, agreed, 1, 2)
    assert await recordings.delete(pool, agreed) == 2
    assert await recordings.delete(pool, agreed) == 0
    assert await recordings.add(pool, agreed, chunk(3, 0))


async def test_an_interview_with_anything_too_old_is_deleted_whole(
    pool: asyncpg.Pool, agreed: UUID, resume_id: UUID
) -> None:
    made = await interviews.create(pool, resume_id)
    assert made is not None
    await recordings.agree(pool, made.interview_id, TOLD)
    await store(pool, agreed, 1, 2)
    await store(pool, made.interview_id, 1)
    assert await recordings.expire(pool, 30) == 0
    await pool.execute(
        "UPDATE recording_chunks SET recorded_at = now() - interval '31 days' "
        "WHERE interview_id = $1 AND turn = 1",
        agreed,
    )
    assert await recordings.expire(pool, 30) == 1
    assert await recordings.chunks(pool, agreed) == []
    assert len(await recordings.chunks(pool, made.interview_id)) == 2
