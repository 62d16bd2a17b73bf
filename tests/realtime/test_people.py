"""What people who follow an interview want said is spoken to its candidate, in virtual time."""

from __future__ import annotations

import asyncio

import asyncpg

from server.core.events import PersonActed, QuestionAsked, Step, SteppedIn
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.terms import Terms
from tests.clock import ClockLoop
from tests.realtime.stage import Page, an_interview, stage

ID = "00000000-0000-7000-8000-0000000000aa"
LINE = "Could you move closer to the microphone?"


def act(step: Step, text: str = "") -> PersonActed:
    return PersonActed(SteppedIn(ID, step, "user 1", "Mina", text))


async def test_a_stock_client_is_told_what_a_person_writes_as_a_response_with_sound(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        page = Page(Line(RealtimeDialect(Terms("viva"))))
        conductor, _ = await on.join(page=page)
        await page.event("response.done")
        await asyncio.sleep(3)  # the question is heard
        conductor.take(act("answer", LINE))
        await asyncio.sleep(3)
        done = [event["response"] for event in page.of("response.done")]
        said = [one["output"][0]["content"][0]["transcript"] for one in done]
        assert len(said) == 2
        assert said[1].endswith(LINE)
        ids = {event["response_id"] for event in page.of("response.output_audio.delta")}
        assert ids == {one["id"] for one in done}
        assert len(await on.told(QuestionAsked)) == 2
