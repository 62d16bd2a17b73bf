"""A question that a stock client was told to stop, and the rest of it."""

from __future__ import annotations

import asyncio
import base64

import numpy as np
import pytest

from server.core.events import FloorPassed, QuestionAsked, QuestionTakenBack
from server.realtime.terms import Terms
from tests.realtime.test_openai_dialect import Told

VOICE = np.arange(24_000, dtype="<i2").tobytes()
LONG = "Which of your projects was the hardest one?"


def asked(turn: int, text: str) -> QuestionAsked:
    return QuestionAsked(turn, "q", text, "bank", "planned", "s", None, None, None)


def voiced(told: Told, item_id: str) -> bytes:
    deltas = (one for one in told.of("output_audio.delta") if one["item_id"] == item_id)
    return b"".join(base64.b64decode(one["delta"]) for one in deltas)


async def held(told: Told, *, played_ms: int, whole: bool = True) -> None:
    """Half of a voice was sent, or all, when somebody seems to talk; the client stops there."""
    told.hear(told.dialect.fact(asked(1, LONG)))
    told.hear(told.dialect.fact(FloorPassed(1, "speaking", 0)))
    told.hear(told.dialect.voice(1, 0, VOICE if whole else VOICE[:24_000]))
    if whole:
        told.hear(told.dialect.voice_done(1, 24_000))
    await asyncio.sleep(1)
    told.hear(told.dialect.hold(1, 700))
    assert told.dialect.asking.cut("item_question_1", played_ms) == played_ms


@pytest.mark.usefixtures("clock")
async def test_a_client_stops_at_once_and_hears_the_rest_where_it_was_nothing() -> None:
    told = Told()
    await held(told, played_ms=600)
    (started,) = told.of("speech_started")
    assert (started["item_id"], started["audio_start_ms"]) == ("item_answer_1", 700)
    told.hear(told.dialect.release(1))
    assert voiced(told, "item_question_1_2") == VOICE[400 * 48 :]
    assert [one["response"]["status"] for one in told.of("response.done")] == ["completed"] * 2
    transcript = list(told.of("audio_transcript.done"))[-1]["transcript"]
    assert transcript == "… projects was the hardest one?"
    (nothing,) = told.of("transcription.completed")
    assert (nothing["item_id"], nothing["transcript"]) == ("item_answer_1", "")
    await asyncio.sleep(0.5)
    told.hear(told.dialect.hold(1, 2_000))
    assert told.dialect.asking.cut("item_question_1_2", 300) == 300
    told.hear(told.dialect.release(1))
    assert voiced(told, "item_question_1_3") == VOICE[500 * 48 :]


@pytest.mark.usefixtures("clock")
async def test_what_is_made_of_the_voice_while_it_is_held_is_said_afterwards() -> None:
    told = Told()
    await held(told, played_ms=500, whole=False)
    assert [one["response"]["status"] for one in told.of("response.done")] == ["cancelled"]
    told.hear(told.dialect.voice(1, 12_000, VOICE[24_000:]))
    told.hear(told.dialect.voice_done(1, 24_000))
    assert voiced(told, "item_question_1") == VOICE[:24_000]
    told.hear(told.dialect.release(1))
    assert voiced(told, "item_question_1_2") == VOICE[300 * 48 :]


@pytest.mark.usefixtures("clock")
async def test_speech_that_was_meant_is_announced_once_and_nothing_is_said_on() -> None:
    told = Told()
    await held(told, played_ms=600)
    told.hear(told.dialect.hush(1))
    told.hear(told.dialect.fact(FloorPassed(1, "listening", 1_700)))
    told.speech(1, 1, "The second one.")
    told.hear(told.dialect.release(1))
    assert len(list(told.of("speech_started"))) == 1
    assert not voiced(told, "item_question_1_2")
    told.answer(1, "The second one.")
    (completed,) = told.of("transcription.completed")
    assert (completed["item_id"], completed["transcript"]) == ("item_answer_1", "The second one.")


@pytest.mark.usefixtures("clock")
async def test_both_parts_of_a_question_are_taken_back_and_the_speech_goes_on() -> None:
    told = Told()
    told.hear(told.dialect.fact(asked(0, "Who are you?")))
    await held(told, played_ms=600)
    told.hear(told.dialect.release(1))
    told.hear(told.dialect.hold(1, 2_000))
    told.hear(told.dialect.fact(QuestionTakenBack(1, "q", 0, (), 700)))
    gone = [one["item_id"] for one in told.of("item.deleted")]
    assert gone == ["item_question_1_2", "item_question_1"]
    told.speech(0, 2, "And a second one.")
    assert len(list(told.of("speech_started"))) == 2
    told.answer(0, "One. And a second one.")
    completed = list(told.of("transcription.completed"))[-1]
    assert completed["item_id"] == "item_answer_1_2"


@pytest.mark.usefixtures("clock")
async def test_a_client_that_was_promised_no_turns_is_not_held() -> None:
    terms = Terms()
    assert list(terms.update({"audio": {"input": {"turn_detection": None}}})) == []
    told = Told(terms)
    told.question(1)
    since = len(told.events)
    told.hear(told.dialect.hold(1, 700))
    told.hear(told.dialect.release(1))
    assert told.kinds(since=since) == []
