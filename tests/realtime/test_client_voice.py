"""A question that the candidate's own client speaks, in virtual time."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from server.core.events import (
    EngineFailed,
    Input,
    OwnVoiceHeard,
    Played,
    QuestionHeard,
    QuestionVoiced,
    Say,
    VoiceStarted,
)
from server.realtime.client_voice import BEGINS_S, LETTERS_PER_S, ClientVoice
from server.realtime.conductor import Conductor
from server.realtime.line import Line
from server.realtime.viva_dialect import VivaDialect
from tests.clock import ClockLoop
from tests.realtime.stage import LOUD, STILL, WINDOW_S, Page, Scribe, Stage, an_interview
from tests.realtime.stage import stage as on_stage

TEXT = "a" * 60
SECOND = round(1 / WINDOW_S)


def say(turn: int, text: str = TEXT) -> Say:
    return Say(turn, "q", text, "en")


def nobody() -> None: ...


async def begun(voice: ClientVoice, effect: Say) -> None:
    saying = asyncio.create_task(voice.say(effect, nobody))
    await asyncio.sleep(0.1)
    voice.played(Played(effect.turn, 0, complete=False))
    await saying


async def test_how_long_it_is_is_reckoned_and_learned(clock: ClockLoop) -> None:
    told: list[Input] = []
    voice = ClientVoice(told.append)
    await begun(voice, say(1))
    whole_ms = int(60 / LETTERS_PER_S * 1_000)
    assert told == [VoiceStarted(1), QuestionVoiced(1, whole_ms)]
    voice.played(Played(1, 6_000, complete=False))
    assert told[-1] == QuestionVoiced(1, 6_500), "it is longer than was thought"
    voice.played(Played(1, 10_000, complete=True))
    assert told[-1] == QuestionVoiced(1, 10_000)
    told.clear()
    await begun(voice, say(2))
    (_, voiced) = told
    assert isinstance(voiced, QuestionVoiced)
    assert whole_ms < voiced.duration_ms < 10_000


async def test_syllables_and_letters_are_counted_alike(clock: ClockLoop) -> None:
    told: list[Input] = []
    voice = ClientVoice(told.append)
    await begun(voice, say(1, "한" * 20))
    await begun(voice, say(2, "a" * 60))
    korean, english = (one for one in told if isinstance(one, QuestionVoiced))
    assert korean.duration_ms == english.duration_ms


async def test_where_it_does_not_begin_there_is_no_voice(clock: ClockLoop) -> None:
    told: list[Input] = []
    voice, began = ClientVoice(told.append), clock.time()
    await voice.say(say(1), nobody)
    (failed,) = told
    assert isinstance(failed, EngineFailed)
    assert (failed.role, failed.turn) == ("tts", 1)
    assert clock.time() - began == pytest.approx(BEGINS_S, abs=0.1)
    voice.played(Played(1, 100, complete=False))
    assert told == [failed], "what comes too late changes nothing"


async def test_what_another_question_tells_is_not_this_ones(clock: ClockLoop) -> None:
    told: list[Input] = []
    voice = ClientVoice(told.append)
    await begun(voice, say(2))
    told.clear()
    voice.played(Played(1, 900, complete=True))
    voice.hush()
    voice.played(Played(2, 900, complete=False))
    assert told == []


class Speaking(Page):
    """A page that speaks by itself."""

    def __init__(self) -> None:
        super().__init__(Line(VivaDialect(speaks=True)))


async def heard_by(conductor: Conductor, seconds: float, window: bytes) -> None:
    for _ in range(round(seconds / WINDOW_S)):
        conductor.hear(window)
        await asyncio.sleep(WINDOW_S)


async def asked(on: Stage) -> tuple[Conductor, Speaking]:
    conductor, page = await on.join(page=Speaking())
    assert isinstance(page, Speaking)
    await page.event("viva.speak", turn=1)
    return conductor, page


async def test_the_client_says_it_and_tells_how_far_it_is(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with on_stage(pool, redis_url, stored, scribe=Scribe()) as on:
        conductor, page = await asked(on)
        (spoken,) = page.of("viva.speak")
        (question,) = page.of("viva.question")
        assert (spoken["text"], spoken["language"], spoken["rate"]) == (question["text"], "en", 1.0)
        for played_ms in range(0, 12_000, 250):
            conductor.take(Played(1, played_ms, complete=False))
            await heard_by(conductor, 0.25, STILL)
        assert page.of("viva.floor")[-1]["floor"] == "speaking", "longer than its letters promise"
        conductor.take(Played(1, 12_000, complete=True))
        await page.event("viva.floor", floor="listening")
        assert (on.tone.said, page.voice, page.of("viva.voice_done")) == ([], {}, [])
        (heard,) = await on.told(QuestionHeard)
        assert (heard.played_ms, heard.complete) == (12_000, True)


async def test_its_own_voice_interrupts_nobody_and_who_answers_is_heard(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with on_stage(pool, redis_url, stored, scribe=Scribe(["I moved it."])) as on:
        conductor, page = await asked(on)
        for played_ms in range(0, 4_000, 250):
            conductor.take(Played(1, played_ms, complete=False))
            await heard_by(conductor, 0.25, LOUD)
        assert page.of("viva.hold") == []
        conductor.take(Played(1, 4_000, complete=True))
        await heard_by(conductor, 1.0, STILL)
        await heard_by(conductor, 1.5, LOUD)
        await heard_by(conductor, 1.0, STILL)
        await page.event("viva.caption", turn=1, text="I moved it.")
        assert await on.told(OwnVoiceHeard) == []


async def test_who_talks_over_it_has_the_floor(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    stored = await an_interview(pool)
    async with on_stage(pool, redis_url, stored, scribe=Scribe(["Wait, I did."])) as on:
        conductor, page = await asked(on)
        conductor.take(Played(1, 0, complete=False))
        await heard_by(conductor, 2.0, STILL)
        conductor.take(Played(1, 2_000, complete=False))
        await heard_by(conductor, 0.3, LOUD)
        await page.event("viva.hold", turn=1)
        await heard_by(conductor, 1.5, LOUD)
        await page.event("viva.hush", turn=1)
        await heard_by(conductor, 1.0, STILL)
        await page.event("viva.caption", turn=1, text="Wait, I did.")
        (heard,) = await on.told(QuestionHeard)
        assert not heard.complete


async def test_who_comes_back_with_an_answer_begun_is_heard_as_ever(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    """The line was lost while the question was spoken; nothing of that is left."""
    stored = await an_interview(pool)
    async with on_stage(pool, redis_url, stored, scribe=Scribe(["I moved it."])) as on:
        conductor, page = await asked(on)
        conductor.take(Played(1, 500, complete=False))
        await heard_by(conductor, 0.5, STILL)
        conductor.detach(page.line)
        conductor, back = await on.join(page=Page())
        done = await back.event("viva.voice_done", turn=1)
        conductor.take(Played(1, done["duration_ms"], complete=True))
        await back.event("viva.floor", floor="listening")
        await heard_by(conductor, 1.5, LOUD)
        await heard_by(conductor, 1.0, STILL)
        await back.event("viva.caption", turn=1, text="I moved it.")
