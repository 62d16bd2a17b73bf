"""A fault of ours is put into a step: the interview goes on, and what was said is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from server.core.events import (
    AnswerGiven,
    AnswerTyped,
    Effect,
    Input,
    InterviewEnded,
    QuestionAsked,
    SegmentHeard,
    SegmentTranscribed,
    StepFailed,
    VoiceFrame,
)
from server.core.session import Session
from tests.clock import ClockLoop
from tests.realtime.stage import an_interview, hear_question, keep_still, speak, stage

ANSWER = "We moved the depot in one night."


@pytest.fixture
def break_steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[Input], int], None]:
    """Let the next so many steps on this input fail, half done."""
    right = Session.step
    left: dict[type[Input], int] = {}

    def step(self: Session, event: Input, now_ms: int) -> list[Effect]:
        effects = right(self, event, now_ms)
        if left.get(type(event), 0) > 0:
            left[type(event)] -= 1
            raise KeyError("a fault")
        return effects

    monkeypatch.setattr(Session, "step", step)

    def arm(kind: type[Input], times: int) -> None:
        left[kind] = times

    return arm


Break = Callable[[type[Input], int], None]


async def test_a_typed_answer_survives_a_fault(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, break_steps: Break
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        break_steps(AnswerTyped, 1)
        conductor.take(AnswerTyped(ANSWER))
        await asyncio.sleep(0.1)
        assert page.line.close_code is None
        await keep_still(conductor, 12.0)
        await page.event("viva.question", turn=2)
    (failed,) = await on.told(StepFailed)
    assert (failed.event, failed.error) == ("AnswerTyped", "KeyError")
    assert [fact.text for fact in await on.told(AnswerGiven)] == [ANSWER]


async def test_recognised_words_survive_a_fault(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, break_steps: Break
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ANSWER]) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        break_steps(SegmentTranscribed, 1)
        await speak(conductor, 3.0)
        await keep_still(conductor, 12.0)
        await page.event("viva.question", turn=2)
    assert [fact.text for fact in await on.told(SegmentHeard)] == [ANSWER]
    assert [fact.text for fact in await on.told(AnswerGiven)] == [ANSWER]


async def test_a_fault_while_the_question_is_spoken_has_it_spoken_again(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, break_steps: Break
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await page.event("viva.question", turn=1)
        break_steps(VoiceFrame, 1)
        await keep_still(conductor, 0.1)
        await hear_question(conductor, page, 1)
        conductor.take(AnswerTyped(ANSWER))
        await page.event("viva.question", turn=2)
    assert len(on.tone.said) >= 2
    assert len(await on.told(StepFailed)) == 1


async def test_three_in_a_row_end_it_visibly(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, break_steps: Break
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        break_steps(VoiceFrame, 2)
        await keep_still(conductor, 0.1)
        break_steps(AnswerTyped, 1)
        conductor.take(AnswerTyped(ANSWER))
        ended = await page.event("viva.ended")
        assert ended["reason"] == "fault"
        await page.line.closed()
        assert page.line.close_code == 1000
    assert await on.told(InterviewEnded) == [InterviewEnded("fault")]
    assert [fact.text for fact in await on.told(SegmentHeard)] == [ANSWER]


async def test_faults_with_a_question_between_them_are_not_in_a_row(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, break_steps: Break
) -> None:
    stored = await an_interview(pool, [f"Question {n}?" for n in range(8)])
    async with stage(pool, redis_url, stored) as on:
        conductor, page = await on.join()
        for turn in range(1, 5):
            await hear_question(conductor, page, turn)
            break_steps(VoiceFrame, 1)
            await keep_still(conductor, 0.1)
            await page.event("viva.floor", turn=turn, floor="listening")
            conductor.take(AnswerTyped(ANSWER))
            await page.event("viva.question", turn=turn + 1)
    assert len(await on.told(StepFailed)) == 4
    assert len(await on.told(QuestionAsked)) >= 5
    assert await on.told(InterviewEnded) == []


@pytest.mark.parametrize("bad", ["I did\0 it.", "I did\ud800 it."])
async def test_what_cannot_be_stored_is_made_storable(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, bad: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[bad]) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        await speak(conductor, 3.0)
        await keep_still(conductor, 12.0)
        await hear_question(conductor, page, 2)
        conductor.take(AnswerTyped(bad))
        await page.event("viva.question", turn=3)
    kept = [fact.text for fact in await on.told(AnswerGiven)]
    assert len(kept) == 2
    assert all("did" in text and "it." in text for text in kept)
    assert not any("\0" in text or "\ud800" in text for text in kept)
