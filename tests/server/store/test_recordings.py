"""Sound is stored until it is words, longer only while the candidate agrees, and then goes."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.core.events import AnswerGiven, Fact, QuestionAsked
from server.store import facts, recordings
from server.store.keys import Keys
from server.store.notices import Told
from server.store.recordings import Chunk, Consent
from server.store.sealing import Seals
from tests.driver import lease

TOLD = Told("1", "en", None, 30, 7)


def chunk(turn: int, n: int) -> Chunk:
    return Chunk(turn, n, 5_000 * n, 1_000, 0, True, b"%d.%d " % (turn, n))


async def store(pool: asyncpg.Pool, interview_id: UUID, *turns: int) -> None:
    epoch = await lease(pool, interview_id)
    for turn in turns:
        for n in (0, 1):
            assert await recordings.add(pool, [(interview_id, epoch, chunk(turn, n))])


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


async def left(pool: asyncpg.Pool, interview_id: UUID) -> list[tuple[int, int]]:
    """Turn and number of all that is stored, whatever for."""
    return [(one.turn, one.n) for one in await recordings.between(pool, interview_id, 0, 10**6)]


async def test_without_consent_sound_is_stored_and_is_no_recording(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await store(pool, interview_id, 1)
    assert await left(pool, interview_id) == [(1, 0), (1, 1)]
    assert await recordings.end_ms(pool, interview_id) == 6_000
    assert await recordings.chunks(pool, interview_id) == []
    assert await recordings.consent(pool, interview_id) == Consent(None, None)
    assert await recordings.consent(pool, uuid4()) == Consent(None, None)


async def test_what_is_words_goes_unless_the_candidate_agreed(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    await store(pool, interview_id, 1)
    await recordings.settle(pool, interview_id, 5_500)
    assert await left(pool, interview_id) == [(1, 1)], "of the other something is not words yet"
    await recordings.agree(pool, interview_id, TOLD)
    await store(pool, interview_id, 2)
    epoch = await lease(pool, interview_id)
    beside = replace(chunk(3, 0), answer=False)
    assert await recordings.add(pool, [(interview_id, epoch, beside)])
    await recordings.settle(pool, interview_id, 10_000)
    assert await left(pool, interview_id) == [(2, 0), (2, 1)]


async def test_what_began_over_the_question_is_of_the_answer(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    epoch = await lease(pool, agreed)
    for n in (0, 1):
        await recordings.add(pool, [(agreed, epoch, replace(chunk(1, n), answer=False))])
    await recordings.reach_back(pool, agreed, 1, 4_000)
    assert [row["start_ms"] for row in await recordings.chunks(pool, agreed)] == [5_000]


async def test_only_the_driver_adds(pool: asyncpg.Pool, agreed: UUID) -> None:
    epoch = await lease(pool, agreed)
    await lease(pool, agreed)
    assert not await recordings.add(pool, [(agreed, epoch, chunk(1, 0))])
    assert await left(pool, agreed) == []


async def test_a_withdrawal_deletes_and_may_be_taken_back(pool: asyncpg.Pool, agreed: UUID) -> None:
    first = await recordings.consent(pool, agreed)
    assert await recordings.agree(pool, agreed, TOLD) == first, "the time is that of the first"
    await store(pool, agreed, 1)
    withdrawn = await recordings.withdraw(pool, agreed, TOLD)
    assert withdrawn.given_at is None
    assert withdrawn.withdrawn_at is not None
    assert await left(pool, agreed) == []
    again = await recordings.agree(pool, agreed, TOLD)
    assert again.given_at is not None
    assert again.withdrawn_at is None


async def test_what_is_not_words_yet_outlives_a_deletion_but_is_no_recording(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    await Seals(Keys((bytes(32),))).begin(pool, agreed)
    await store(pool, agreed, 1)
    await recordings.settle(pool, agreed, 5_500)
    assert await recordings.delete(pool, agreed) == 1
    assert await recordings.chunks(pool, agreed) == []
    assert await left(pool, agreed) == [(1, 1)]
    await recordings.settle(pool, agreed, 6_000)
    assert await left(pool, agreed) == []


async def test_the_chunks_of_an_answer_are_known_in_order(pool: asyncpg.Pool, agreed: UUID) -> None:
    await store(pool, agreed, 1, 2)
    await store(pool, agreed, 1)  # twice is once
    answer = await answered(pool, agreed, 1)
    sound = await recordings.of_answer(pool, agreed, answer)
    assert [one.sealed for one in sound] == [b"1.0 ", b"1.1 "]
    assert await recordings.of_answer(pool, uuid4(), answer) == []
    found = await recordings.chunks(pool, agreed)
    assert [(row["turn"], row["start_ms"], row["answer_id"]) for row in found] == [
        (1, 0, answer),
        (1, 5_000, answer),
        (2, 0, None),
        (2, 5_000, None),
    ]
    assert await recordings.chunks(pool, agreed, after=0, turns=1) == found[:2]
    assert await recordings.chunks(pool, agreed, after=1) == found[2:]


async def test_the_number_of_the_last_is_known_when_it_goes_on(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    assert await recordings.last(pool, agreed, 1) == -1
    await store(pool, agreed, 1)
    assert await recordings.last(pool, agreed, 1) == 1


async def test_what_nobody_drives_is_looked_at_until_it_is_done(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    assert await recordings.due(pool, 5) == {}
    await Seals(Keys((bytes(32),))).begin(pool, agreed)
    assert await recordings.due(pool, 5) == {agreed: True}
    await lease(pool, agreed)
    assert await recordings.due(pool, 5) == {}, "somebody drives it"
    await pool.execute("UPDATE leases SET held_until = now()")
    assert await recordings.due(pool, 5) == {agreed: False}, "it may only be late"
    await recordings.postpone(pool, agreed, 60)
    assert await recordings.due(pool, 5) == {}
    await recordings.postpone(pool, agreed, 0)
    await pool.execute("UPDATE leases SET holder = NULL")
    assert await recordings.due(pool, 5) == {agreed: True}
    await recordings.done(pool, agreed)
    assert await recordings.due(pool, 5) == {}


async def test_deleted_is_what_was_recorded_and_not_the_consent(
    pool: asyncpg.Pool, agreed: UUID
) -> None:
    await store(pool, agreed, 1, 2)
    assert await recordings.delete(pool, agreed) == 2
    assert await recordings.delete(pool, agreed) == 0
    await store(pool, agreed, 3)
    assert len(await recordings.chunks(pool, agreed)) == 2
