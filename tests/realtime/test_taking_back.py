"""A question that came into a thinking pause is taken back: one answer is shown."""

from __future__ import annotations

import asyncpg

from server.core.events import AnswerGiven, QuestionAsked, QuestionTakenBack
from server.realtime.conductor import Conductor
from server.store import interviews
from tests.clock import ClockLoop
from tests.realtime.stage import (
    Page,
    Stage,
    an_interview,
    hear_question,
    keep_still,
    speak,
    stage,
)

FIRST = "We moved the payment service to Kafka because the nightly batch was too slow."
REST = "The tricky part was that two teams wrote to the same table at night."


async def gone_on_after_a_question(on: Stage, seconds: float) -> tuple[Conductor, Page]:
    """It came too early: the candidate speaks on for as many ``seconds``."""
    on.tone.pieces = 40
    conductor, page = await on.join()
    await hear_question(conductor, page, 1)
    await speak(conductor, 4.0)
    while not page.of("viva.question")[1:]:
        await keep_still(conductor, 0.1)
    await keep_still(conductor, 0.8)
    await speak(conductor, seconds)
    return conductor, page


async def test_the_rest_of_an_answer_after_a_pause_joins_it(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[FIRST, REST]) as on:
        conductor, page = await gone_on_after_a_question(on, 5.0)
        back = await page.event("viva.question_taken_back", turn=2)
        assert back["reopened"] == 1
        assert await page.event("viva.hush", turn=2)
        while not page.of("viva.question")[2:]:
            await keep_still(conductor, 0.1)
        answers = page.of("conversation.item.input_audio_transcription.completed")
        assert answers[-1]["item_id"] == "item_answer_1"
        assert answers[-1]["transcript"] == f"{FIRST} {REST}"
        first, taken, again = await on.told(QuestionAsked)
        assert (first.turn, taken.turn, again.turn) == (1, 2, 3)
        assert again.text == taken.text
        assert len(await on.told(QuestionTakenBack)) == 1
        assert (await on.told(AnswerGiven))[-1].text == f"{FIRST} {REST}"
        answers = await interviews.answers(pool, on.interview_id)
        asked = await interviews.questions(pool, on.interview_id)
    assert [answer["text"] for answer in answers] == [f"{FIRST} {REST}"]
    assert [one["turn"] for one in asked if one["turn"]] == [1, 3]


async def test_until_it_is_asked_again_no_row_says_that_it_was(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[FIRST, REST]) as on:
        conductor, page = await gone_on_after_a_question(on, 3.0)
        await page.event("viva.question_taken_back", turn=2)
        await conductor.caught_up()
        assert await interviews.answers(pool, on.interview_id) == []
        asked = await interviews.questions(pool, on.interview_id)
    assert [one["turn"] for one in asked] == [1, None, None]


async def test_a_page_that_comes_back_is_told_the_same(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[FIRST, REST]) as on:
        conductor, page = await gone_on_after_a_question(on, 3.0)
        await page.event("viva.question_taken_back", turn=2)
        await keep_still(conductor, 0.5)
        await on.registry.stop()
    async with stage(pool, redis_url, stored) as other:
        conductor, page = await other.join()
        await page.event("viva.floor", turn=1, floor="listening")
        kinds = [event["type"] for event in page.events]
        assert kinds.index("viva.question_taken_back") > kinds.index("viva.question")
