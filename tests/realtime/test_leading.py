"""A person leads by voice: what the candidate hears, what is kept of it, who hands back."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg

from server.core.events import (
    AnswerGiven,
    PersonActed,
    QuestionAsked,
    SegmentHeard,
    Step,
    SteppedIn,
)
from server.ports import EngineError
from server.realtime.conductor import Conductor
from server.realtime.leading import LOST_S, Spoken
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.terms import Terms
from tests.clock import ClockLoop
from tests.realtime.moody import die
from tests.realtime.stage import (
    LOUD,
    STILL,
    WINDOW,
    WINDOW_S,
    Page,
    Stage,
    an_interview,
    hear_question,
    keep_still,
    speak,
    stage,
)

ID = "00000000-0000-7000-8000-0000000000aa"
OTHER = "00000000-0000-7000-8000-0000000000bb"
LINE = "Could you move closer to the microphone?"
ASKS = "What would you have done with twice the time?"
ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."


def act(step: Step, text: str = "", step_id: str = ID) -> PersonActed:
    return PersonActed(SteppedIn(step_id, step, "user 1", "Mina", text))


class Person:
    """Whoever leads: speaks and is silent in real time, as a page sends it."""

    def __init__(self, conductor: Conductor, step_id: str = ID, at: int = 0) -> None:
        self._conductor = conductor
        self._step_id = UUID(step_id)
        self.at = at

    def send(self, sound: bytes, *, late: bool = False) -> None:
        self._conductor.led(Spoken(self._step_id, self.at, late, sound))
        self.at += WINDOW

    async def say(self, seconds: float, sound: bytes = LOUD) -> None:
        for _ in range(round(seconds / WINDOW_S)):
            self.send(sound)
            self._conductor.hear(STILL)
            await asyncio.sleep(WINDOW_S)

    async def wait(self, seconds: float) -> None:
        await self.say(seconds, STILL)


async def taken_over(on: Stage, page: Page | None = None) -> tuple[Conductor, Page, Person]:
    """Before anything was said to the first question."""
    conductor, page = await on.join(page=page)
    await hear_question(conductor, page, 1)
    conductor.take(act("take_over"))
    await hear_question(conductor, page, 2)
    return conductor, page, Person(conductor)


async def said(on: Stage) -> list[SteppedIn]:
    return [one for one in await on.told(SteppedIn) if one.step == "said"]


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
        assert transcripts(page)[1].endswith(LINE)
        assert len(sounding(page)) == 2
        assert len(await on.told(QuestionAsked)) == 2


def transcripts(page: Page) -> list[str]:
    """Of the responses that are over."""
    done = [event["response"]["output"][0] for event in page.of("response.done")]
    return [one["content"][0]["transcript"] for one in done]


def sounding(page: Page) -> set[str]:
    """The responses that have sound."""
    return {event["response_id"] for event in page.of("response.output_audio.delta")}


async def test_the_candidate_hears_a_person_from_the_announcement_on_and_what_they_say_is_kept(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ASKS, ANSWER]) as on:
        conductor, page = await on.join()
        await hear_question(conductor, page, 1)
        conductor.take(act("take_over"))
        await page.event("viva.person", step="take_over")
        person = Person(conductor)
        await page.event("viva.voice_done", turn=2)
        announced = page.voice[2]
        await person.say(0.5)
        assert page.voice[2] == announced, "not before the candidate was told"
        await hear_question(conductor, page, 2)
        await person.say(2.0)
        await person.wait(2.0)
        heard_s = (page.voice[2] - announced) / 24_000
        assert 2.0 <= heard_s <= 2.8
        (words,) = await said(on)
        assert (words.text, words.by, words.who, words.turn) == (ASKS, "user 1", "Mina", 2)
        assert (await page.event("viva.person", step="said"))["text"] == ASKS
        await speak(conductor, 2.0)
        await keep_still(conductor, 1.0)
        assert [one.text for one in await on.told(SegmentHeard)] == [ANSWER]
        assert not await on.told(AnswerGiven)
        conductor.take(act("hand_back", step_id=OTHER))
        await keep_still(conductor, 4.0)
        (answer,) = await on.told(AnswerGiven)
        assert (answer.text, answer.question_id) == (ANSWER, ID)
        assert (await on.told(QuestionAsked))[-1].kind == "repeat"


async def test_their_words_are_shown_while_they_speak_until_they_are_stored(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ASKS, ""]) as on:
        _, page, person = await taken_over(on)
        on.scribe.so_far = ASKS
        await person.say(3.0)
        shown = page.of("viva.person_partial")
        assert "".join(one["text"] for one in shown) == ASKS.rpartition(" ")[0], "twice the same"
        assert shown[-1]["tentative"] == ASKS.rsplit(maxsplit=1)[-1]
        assert (shown[0]["text"], shown[0]["tentative"]) == ("", ASKS)
        assert {one["turn"] for one in shown} == {2}
        await person.wait(2.0)
        (words,) = await said(on)
        assert {one["step_id"] for one in shown} == {words.step_id}
        told = await page.event("viva.person", step="said")
        assert (told["step_id"], told["text"]) == (words.step_id, ASKS)
        assert not page.of("viva.partial")
        await person.say(1.0)
        await person.wait(2.0)
        *_, last = page.of("viva.person_partial")
        assert last["over"], "it was no words"
        assert last["step_id"] != words.step_id
        assert len(await said(on)) == 1


async def test_a_stock_client_hears_a_person_as_a_response_with_their_words(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ASKS, LINE]) as on:
        page = Page(Line(RealtimeDialect(Terms("viva"))))
        conductor, _ = await on.join(page=page)
        await page.event("response.done")
        await asyncio.sleep(3)
        conductor.take(act("take_over"))
        await asyncio.sleep(3)
        person = Person(conductor)
        await person.say(1.0)
        await person.wait(2.0)
        await person.say(1.0)
        await person.wait(2.0)
        assert transcripts(page)[2:] == [ASKS, LINE]
        assert len(sounding(page)) == 4


async def test_nobody_else_is_heard(clock: ClockLoop, pool: asyncpg.Pool, redis_url: str) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page, person = await taken_over(on)
        before = page.voice[2]
        conductor.take(act("take_over", step_id=OTHER))
        await Person(conductor, OTHER).say(1.0)
        assert page.voice[2] == before
        assert not on.scribe.heard
        await person.wait(0.1)


async def test_whoever_led_and_is_gone_has_handed_back(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored) as on:
        conductor, page, person = await taken_over(on)
        await person.wait(3 * LOST_S)
        assert len(await on.told(QuestionAsked)) == 2
        await keep_still(conductor, LOST_S + 2)
        (back,) = [one for one in await on.told(SteppedIn) if one.step == "hand_back"]
        assert (back.by, back.who) == ("user 1", "Mina")
        assert (await page.event("viva.question", turn=3))["kind"] == "repeat"


async def test_words_that_the_recogniser_failed_at_come_later(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    script: list[str | EngineError] = [EngineError("gone"), ASKS]
    async with stage(pool, redis_url, stored, script=script) as on:
        _, _, person = await taken_over(on)
        await person.say(1.0)
        await person.wait(3.0)
        assert [one.text for one in await said(on)] == [ASKS]


async def test_nothing_is_lost_when_the_process_dies_in_the_middle(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    """What was not words yet is still on the page of whoever leads, and comes again."""
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=[ASKS]) as on:
        conductor, _, person = await taken_over(on)
        await person.say(1.0)
        await person.wait(2.0)
        at = person.at
        await person.say(1.0)
        await die(on)
    async with stage(pool, redis_url, stored, script=[LINE, ANSWER]) as other:
        conductor, page = await other.join()
        again = Person(conductor, at=at)
        await hear_question(conductor, page, 2)
        before = page.voice[2]
        for _ in range(round(1.0 / WINDOW_S)):
            again.send(LOUD, late=True)
        await again.wait(2.0)
        assert page.voice[2] - before < 0.5 * 24_000, "it was said while nobody could hear it"
        assert [one.text for one in await said(other)] == [ASKS, LINE]
        await speak(conductor, 2.0)
        await keep_still(conductor, LOST_S + 4)
        assert (await other.told(AnswerGiven))[-1].text == ANSWER
