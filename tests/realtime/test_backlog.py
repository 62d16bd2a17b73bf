"""A recogniser that fails, hangs or is late: the interview goes on, and every word is there at the
end of it or soon after, whoever drives it."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from typing import Any

import asyncpg
import numpy as np
import pytest

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    SegmentHeard,
    SegmentPending,
)
from server.engines.transcription import TranscriptionServer
from server.ports import Unheard
from server.store import recordings
from tests.clock import ClockLoop
from tests.engines.openai_server import Call, Handler, OpenAIServer
from tests.realtime.moody import (
    TONE,
    Talking,
    die,
    everything_said,
    loudness,
    talk,
)
from tests.realtime.stage import (
    WINDOW_S,
    Scribe,
    an_interview,
    hear_question,
    keep_still,
    speak,
    stage,
)

TRANSCRIPTIONS = "/v1/audio/transcriptions"
SOFTER = (np.frombuffer(TONE, "<i2") // 2).astype("<i2").tobytes()
"""Speech is not steady."""


@pytest.mark.parametrize("mood", ["raises", "hangs"])
async def test_what_was_not_heard_is_written_down_when_the_recogniser_is_well_again(
    talking: Talking, pool: asyncpg.Pool, mood: str
) -> None:
    on, scribe, conductor, page = talking
    scribe.mood = mood
    await talk(conductor, 2.0)
    await keep_still(conductor, 30.0)
    waiting = await on.told(SegmentPending)
    assert [one.segment for one in waiting] == [1]
    assert await everything_said(on) == []
    gap = await page.event("viva.caption", turn=1, pending=True)
    assert gap["text"] == ""
    scribe.mood = "well"
    await keep_still(conductor, 80.0)
    (heard,) = await on.told(SegmentHeard)
    assert (heard.turn, heard.text) == (1, "word 20")
    (revised,) = await on.told(AnswerRevised)
    assert revised.text == "word 20"
    await page.event("viva.answer", turn=1, text="word 20")
    answers = await pool.fetch("SELECT text FROM answers WHERE turn = 1")
    assert [row["text"] for row in answers] == ["word 20"]


@dataclass
class Elsewhere(Scribe):
    """The recogniser is a server, and there is none on this machine."""

    server: TranscriptionServer | None = None

    @property
    def current(self) -> Any:
        return self.server


async def answers_500(call: Call) -> None:
    await call.reply({"error": "boom"}, "500 Internal Server Error")


async def tells_how_long(call: Call) -> None:
    with wave.open(io.BytesIO(call.body["file"][0]), "rb") as file:
        pcm = file.readframes(file.getnframes())
    await call.reply({"text": f"word {loudness(pcm)}"})


async def drops(call: Call) -> None:
    call.writer.close()


@pytest.mark.parametrize("fault", [answers_500, drops])
async def test_what_a_server_did_not_hear_is_written_down_when_it_is_back(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, fault: Handler
) -> None:
    """Over TCP; its breaker opens on the way, and a segment that was late is decoded again."""
    async with OpenAIServer() as there:
        there.handlers[TRANSCRIPTIONS] = fault
        server = TranscriptionServer(there.url, "whisper")
        stored = await an_interview(pool)
        async with stage(pool, redis_url, stored, scribe=Elsewhere(server=server)) as on:
            conductor, page = await on.join()
            await hear_question(conductor, page, 1)
            for _ in range(3):
                for sound in (TONE, SOFTER) * 8:
                    await speak(conductor, WINDOW_S * 2, sound)
                await keep_still(conductor, 0.8)
            await keep_still(conductor, 12.0)
            waiting = await on.told(SegmentPending)
            assert [one.segment for one in waiting] == [1, 2, 3]
            assert await everything_said(on) == []
            assert "left alone" in str(await refused(server))
            there.handlers[TRANSCRIPTIONS] = tells_how_long
            await keep_still(conductor, 90.0)
            heard = await on.told(SegmentHeard)
            assert {one.segment for one in heard if one.text} == {1, 2, 3}
            assert len({(one.turn, one.segment) for one in heard}) == len(heard) == 3
            answers = await pool.fetch("SELECT text FROM answers WHERE turn = 1")
            assert len(answers[0]["text"].split()) == 6
        await server.close()


async def refused(server: TranscriptionServer) -> Unheard | None:
    try:
        await server.transcribe(TONE * 10 + SOFTER * 10, "en")
    except Unheard as error:
        return error
    return None


async def test_the_dialogue_does_not_wait_for_it(talking: Talking) -> None:
    on, scribe, conductor, page = talking
    await talk(conductor, 2.0)
    await keep_still(conductor, 1.0)
    scribe.mood = "raises"
    await talk(conductor, 1.0)
    await keep_still(conductor, 6.0)
    await page.event("viva.question", turn=2)
    (given,) = await on.told(AnswerGiven)
    assert given.text == "word 20"


async def test_who_comes_back_to_another_server_finds_everything(
    talking: Talking, pool: asyncpg.Pool, redis_url: str
) -> None:
    on, scribe, conductor, page = talking
    scribe.mood = "hangs"
    await talk(conductor, 3.0)
    await die(on)
    scribe.mood = "well"
    async with stage(pool, redis_url, on.stored, scribe=scribe) as other:
        conductor, page = await other.join()
        session = await page.event("viva.session")
        assert session["heard_ms"] <= session["audio_ms"]
        assert session["heard_ms"] >= 2_000, "what is stored need not be sent again"
        await page.event("viva.floor", turn=1, floor="listening")
        await talk(conductor, 2.0)
        await keep_still(conductor, 8.0)
        await page.event("viva.question", turn=2)
        said = await everything_said(other)
        assert said[1] == "word 20"
        assert 20 <= int(said[0].removeprefix("word ")) <= 30, "tenths of a second of the three"
        assert (await other.told(AnswerGiven))[-1].text == " ".join(said)


async def test_sound_that_is_gone_is_said_to_be(talking: Talking, pool: asyncpg.Pool) -> None:
    on, scribe, conductor, _ = talking
    scribe.mood = "raises"
    await talk(conductor, 2.0)
    await keep_still(conductor, 2.0)
    await pool.execute("DELETE FROM recording_chunks")
    scribe.mood = "well"
    await keep_still(conductor, 20.0)
    (heard,) = await on.told(SegmentHeard)
    assert (heard.text, heard.error) == ("", "its sound is gone")


async def test_sound_is_acknowledged_once_it_is_durable(
    talking: Talking, pool: asyncpg.Pool
) -> None:
    on, _, conductor, page = talking
    await talk(conductor, 3.0)
    await keep_still(conductor, 1.0)
    stored = [event["audio_ms"] for event in page.of("viva.stored")]
    assert stored == sorted(stored)
    assert 2_500 <= stored[-1] <= 4_000
    assert len(stored) <= 6, "not more often than once a second"
    assert await recordings.end_ms(pool, on.interview_id) >= stored[-1] - 64


async def test_the_sound_of_an_answer_that_is_words_is_not_kept(
    talking: Talking, pool: asyncpg.Pool
) -> None:
    on, _, conductor, page = talking
    await talk(conductor, 4.0)
    await keep_still(conductor, 6.0)
    await hear_question(conductor, page, 2)
    await keep_still(conductor, 20.0)
    left = await recordings.between(pool, on.interview_id, 0, 10**6)
    assert left[0].start_ms >= 10_000


@pytest.mark.parametrize("has_time", [True, False])
async def test_a_doubtful_answer_is_heard_once_more_as_a_whole_where_there_is_time(
    talking: Talking, has_time: bool
) -> None:
    on, scribe, conductor, _ = talking
    scribe.sure, scribe.has_time = 0.6, has_time
    for _ in range(2):
        await talk(conductor, 1.0)
        await keep_still(conductor, 0.8)
    await keep_still(conductor, 30.0)
    (given,) = await on.told(AnswerGiven)
    assert given.text == "word 10 word 10"
    revised = [(one.text, one.reason) for one in await on.told(AnswerRevised)]
    assert revised == [("word 20 in all", "whole")] * has_time
