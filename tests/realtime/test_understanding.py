"""Whole turns with the understanding that is shipped: what is said leads to what a person would."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from server.core.events import (
    AnswerGiven,
    InterviewEnded,
    QuestionAsked,
    SegmentHeard,
    UtteranceUnderstood,
)
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from tests.clock import ClockLoop
from tests.realtime.stage import Stage, an_interview, hear_question, keep_still, speak, stage

pytestmark = pytest.mark.engine

QUESTIONS = ("Could you introduce yourself?", "Why did you apply?", "What went wrong at work?")


@pytest.fixture(scope="module")
def understanding() -> Iterator[OfflineUnderstanding]:
    encoder = Encoder()
    yield OfflineUnderstanding(encoder)
    asyncio.run(encoder.close())


async def says(on: Stage, *script: str) -> list[QuestionAsked]:
    """The candidate says these things, one to each thing that is said to them."""
    on.scribe.script += script
    conductor, page = await on.join()
    for turn in range(1, len(script) + 1):
        await hear_question(conductor, page, turn)
        await speak(conductor, 2.0)
        await keep_still(conductor, 4.0)
        await page.event("viva.question", turn=turn + 1)
    return await on.told(QuestionAsked)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ("Sorry, could you repeat the question?", "repeat", QUESTIONS[0]),
        ("Could you say that in other words?", "rephrase", "?"),
        ("How much time is left?", "repeat", "minutes"),
        ("What is the salary?", "repeat", "hiring team"),
        ("I would rather not talk about that.", "planned", QUESTIONS[1]),
        ("I can't talk about that, I signed an NDA.", "planned", QUESTIONS[1]),
        ("Can we take a short break?", "aside", "break"),
        ("Can I speak to a real person?", "aside", "hiring team"),
    ],
)
async def test_what_is_no_answer_is_met(
    clock: ClockLoop,
    pool: asyncpg.Pool,
    redis_url: str,
    understanding: OfflineUnderstanding,
    said: str,
    kind: str,
    words: str,
) -> None:
    stored = await an_interview(pool, QUESTIONS)
    async with stage(pool, redis_url, stored, understanding=understanding) as on:
        reply = (await says(on, said))[-1]
        assert reply.kind == kind
        assert words in reply.spoken
        assert not await on.told(AnswerGiven)
        (heard,) = await on.told(SegmentHeard)
        (read,) = await on.told(UtteranceUnderstood)
        assert (heard.text, read.answers) == (said, False)


async def test_a_skip_is_confirmed_and_taken_back_or_done(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, understanding: OfflineUnderstanding
) -> None:
    stored = await an_interview(pool, QUESTIONS)
    async with stage(pool, redis_url, stored, understanding=understanding) as on:
        skip = "Can we skip this question?"
        asked = await says(on, skip, "No, let me try.", skip, "Yes, please.")
        assert [one.kind for one in asked] == ["opening", "confirm", "repeat", "confirm", "planned"]
        assert asked[-1].text == QUESTIONS[1]


async def test_an_end_at_the_end_of_an_answer_is_heard_and_confirmed(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, understanding: OfflineUnderstanding
) -> None:
    stored = await an_interview(pool, QUESTIONS)
    answer = "I have run the night shift at a warehouse for six years and trained the new drivers."
    async with stage(pool, redis_url, stored, understanding=understanding) as on:
        asked = await says(on, f"{answer} I would like to end the interview here, please.")
        assert asked[-1].kind == "confirm"
        (given,) = await on.told(AnswerGiven)
        assert given.text.startswith(answer)


async def test_a_confirmation_survives_a_lost_connection(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, understanding: OfflineUnderstanding
) -> None:
    stored = await an_interview(pool, QUESTIONS)
    async with stage(pool, redis_url, stored, understanding=understanding) as on:
        await says(on, "I want to stop the interview here.")
    async with stage(pool, redis_url, stored, understanding=understanding) as on:
        on.scribe.script.append("Yes.")
        conductor, page = await on.join()
        asked = await hear_question(conductor, page, 2)
        assert asked == "Would you like to end the interview here?"
        await speak(conductor, 1.0)
        await keep_still(conductor, 4.0)
        await page.event("viva.question", turn=3, kind="closing")
        await page.event("viva.ended", seconds=120, reason="candidate")
        assert await on.told(InterviewEnded) == [InterviewEnded("candidate")]
