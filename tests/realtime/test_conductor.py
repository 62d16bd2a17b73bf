"""One live interview in virtual time: what is told first, how long is waited, what is let go."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.clock import now
from server.core.events import (
    AnswerCommitted,
    AnswerGiven,
    AnswerTyped,
    CandidateConnected,
    ControlUsed,
    InterviewEnded,
    QuestionAsked,
    SegmentHeard,
    SegmentPending,
)
from server.ports import EngineError
from server.realtime.conductor import LINGER_S, TURN_MODEL_MS
from tests.clock import ClockLoop
from tests.realtime.stage import (
    LOUD,
    PIECE,
    PIECES,
    Author,
    Finished,
    an_interview,
    hear_question,
    keep_still,
    loud,
    speak,
    stage,
)

EARLIER = "Before that we only had a nightly batch."
ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."
MS = 32
"""Bytes."""


async def turns_of_the_loop(count: int = 200) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_nothing_is_said_aloud_before_it_is_durable(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        async with pool.acquire() as other, other.transaction():
            await other.execute("LOCK TABLE facts IN SHARE MODE")  # reading goes on
            _, page = await on.join()
            await turns_of_the_loop()
            assert on.tone.said == []
            assert page.voice == {}
            assert page.of("viva.question") == []
        await page.event("viva.voice_done", turn=1)
        assert page.voice == {1: PIECES * len(PIECE) // 2}
        assert [fact.text for fact in await on.told(QuestionAsked)] == ["First?"]


async def test_a_spoken_answer_is_heard_whole_and_followed_by_the_next_question(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ANSWER], detector=Finished()) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await keep_still(conductor, 1.0)
        said = await speak(conductor, 20.0)
        await keep_still(conductor, 4.0)
        await page.event("viva.question", turn=2)
    (heard,) = on.scribe.heard
    assert loud(heard) >= loud(said), "all that was said, and the silence around it"
    assert len(heard) < len(said) + 2_000 * MS
    assert on.detector is not None
    (judged,) = on.detector.heard
    assert len(judged) == TURN_MODEL_MS * MS
    assert loud(judged[: len(LOUD)]) == loud(LOUD)
    assert [given.text for given in await on.told(AnswerGiven)] == [ANSWER]


async def test_an_answer_too_long_for_one_segment_loses_nothing(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    script = [ANSWER] * 5
    async with stage(pool, redis_url, stored, script=script, detector=Finished(0.1)) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await keep_still(conductor, 0.1)
        said = await speak(conductor, 45.0)
        await keep_still(conductor, 1.0)
        said += await speak(conductor, 3.0)
        await keep_still(conductor, 8.0)
        await page.event("viva.question", turn=2)
    assert len(on.scribe.heard) > 1
    assert on.detector is not None
    assert len(on.detector.heard[-1]) == TURN_MODEL_MS * MS, "not the last segment only"
    assert loud(b"".join(on.scribe.heard)) >= loud(said)


async def test_who_says_nothing_is_asked_again_and_waited_for_five_minutes(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        since = now()
        await page.event("viva.question", seconds=60, turn=2)
        assert now() - since == pytest.approx(45, abs=0.1)
        await hear_question(conductor, page, 2)
        since = now()
        await page.event("viva.ended", seconds=400)
        assert now() - since == pytest.approx(300, abs=0.1)
        await page.line.closed()
        assert page.line.close_code == 1000
        (ended,) = await on.told(InterviewEnded)
        assert ended.reason == "no_answer"
        assert on.registry.count == 0


async def test_who_has_spoken_is_waited_for_five_minutes_even_without_sound(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    """A network that stalls is no silence; after five minutes what was said is the answer."""
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ANSWER]) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        since = now()
        await speak(conductor, 3.0)
        await page.event("viva.question", seconds=400, turn=2)
        assert now() - since == pytest.approx(300, abs=1.0)
        assert [given.text for given in await on.told(AnswerGiven)] == [ANSWER]


async def test_what_is_typed_in_a_pause_is_no_answer(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.take(ControlUsed("pause", "button"))
        await page.event("viva.control", control="pause")
        conductor.take(AnswerTyped("Typed by accident."))
        await clock.advance(3_600)
        assert await on.told(SegmentHeard) == []
        assert page.of("viva.question")[-1]["turn"] == 1
        conductor.take(ControlUsed("resume", "button"))
        await page.event("viva.control", control="resume")
        await clock.advance(1.0)
        conductor.take(AnswerTyped(ANSWER))
        await page.event("viva.question", turn=2)
        assert [given.text for given in await on.told(AnswerGiven)] == [ANSWER]


async def test_nobody_there_is_waited_for_ten_minutes_and_no_longer(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.detach(page.line)
        await clock.advance(LINGER_S - 1)
        again, page = await on.join()
        assert again is conductor
        await page.event("viva.floor")
        await hear_question(conductor, page, 1)
        conductor.detach(page.line)
        await clock.advance(LINGER_S - 1)
        assert on.registry.count == 1
        await clock.advance(2)
        assert on.registry.count == 0
        assert await on.told(InterviewEnded) == [], "it can be taken up again"
        later, page = await on.join()
        assert later is not conductor
        await hear_question(later, page, 1)
        assert len(await on.told(CandidateConnected)) == 3
    assert LINGER_S == 600


async def test_who_pauses_is_waited_for_without_end(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.take(ControlUsed("pause", "button"))
        await clock.advance(3 * LINGER_S)
        assert on.registry.count == 1
        assert page.line.close_code is None


async def test_the_newest_connection_is_the_candidates(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, first = await on.join()
        await hear_question(conductor, first, 1)
        same, second = await on.join()
        assert same is conductor
        await first.line.closed()
        assert first.line.close_code == 4001
        conductor.detach(first.line)  # comes late, and takes nothing away
        await hear_question(conductor, second, 1)
        conductor.take(AnswerTyped(ANSWER))
        await second.event("viva.question", turn=2)
        assert not [event for event in first.of("viva.question") if event["turn"] == 2]


async def test_a_model_asks_and_what_it_began_for_nothing_is_stopped(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    author = Author("What broke when you moved the nightly reports to Airflow?")
    async with stage(
        pool, redis_url, stored, script=[ANSWER, ANSWER], author=author, detector=Finished(0.6)
    ) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        author.pause_s = 2.0  # still at it when the candidate goes on
        await speak(conductor, 4.0)
        await keep_still(conductor, 0.9)
        await speak(conductor, 4.0)
        begun = len(author.asked)
        assert author.closed == begun, "what was begun at the pause is void"
        author.pause_s = 0.05
        await keep_still(conductor, 5.0)
        question = await page.event("viva.question", turn=2)
        assert (question["source"], question["model"]) == ("llm", "author 1")
        assert question["text"] == author.reply


async def test_a_model_that_is_late_is_not_waited_for(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, author=Author(pause_s=30.0)) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.take(AnswerTyped(ANSWER))
        since = now()
        question = await page.event("viva.question", turn=2)
        assert question["source"] == "bank"
        assert 3.9 < now() - since < 5.0


async def test_a_question_that_cannot_be_voiced_is_read(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        on.tone.error = EngineError("no voice today")
        conductor, page = await on.join()
        await page.event("viva.floor", turn=1, floor="listening")
        conductor.take(AnswerTyped(ANSWER))
        await page.event("viva.question", turn=2)


async def test_what_the_recogniser_cannot_read_is_said_again_not_lost(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    broken = EngineError("out of memory")
    async with stage(pool, redis_url, stored, script=[broken, EARLIER, ANSWER]) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await speak(conductor, 3.0)
        conductor.take(AnswerCommitted())
        await hear_question(conductor, page, 2)
        (waits,) = await on.told(SegmentPending)
        assert (waits.segment, waits.reason) == (1, "out of memory")
        await speak(conductor, 3.0)
        conductor.take(AnswerCommitted())
        await page.event("viva.question", turn=3)
        assert (await on.told(AnswerGiven))[-1].text == ANSWER


async def test_a_server_that_stops_stores_what_was_told_and_asks_to_come_back(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ANSWER]) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await speak(conductor, 3.0)
        await on.registry.stop()
        assert page.line.close_code == 1012
        assert await on.told(InterviewEnded) == []


async def test_what_is_being_said_is_shown_before_it_is_over(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ANSWER]) as on:
        on.scribe.so_far = EARLIER
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await keep_still(conductor, 1.0)
        await speak(conductor, 5.0)
        shown = await page.event("viva.partial", turn=1)
        assert await on.told(SegmentHeard) == []
    assert EARLIER.startswith(shown["text"])
