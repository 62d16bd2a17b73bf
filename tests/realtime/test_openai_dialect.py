"""What a stock client is told in the less usual courses of an interview."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from server.core.events import (
    AnswerGiven,
    FloorPassed,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    SpeechStarted,
    SpeechStopped,
)
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.terms import Terms
from tests.stock import ORACLE

SECOND = bytes(48_000)


class Told:
    """A dialect and all that it says, each event checked as the openai package would."""

    def __init__(self, terms: Terms | None = None) -> None:
        self.dialect = RealtimeDialect(terms or Terms())
        self.events: list[dict[str, Any]] = []
        self.hear(self.dialect.greeting({"interview_id": "1", "language": "en"}, 0))

    def hear(self, frames: Iterable[str | bytes]) -> None:
        for frame in frames:
            event = json.loads(frame)
            ORACLE.validate_python(event, strict=True)
            self.events.append(event)

    def question(self, turn: int, text: str = "Why?", *, asked: bool = True) -> None:
        if asked:
            self.hear(self.dialect.fact(_asked(turn, text)))
        self.hear(self.dialect.fact(FloorPassed(turn, "speaking", 0)))
        self.hear(self.dialect.voice(turn, 0, SECOND))
        self.hear(self.dialect.voice_done(turn, 24_000))

    def speech(self, turn: int, segment: int, text: str, error: str | None = None) -> None:
        self.hear(self.dialect.fact(SpeechStarted(turn, segment, 1_000 * segment)))
        self.hear(self.dialect.fact(SpeechStopped(turn, segment, 1_000 * segment + 500)))
        heard = SegmentHeard(turn, segment, 0, 500, text, (), "test", error)
        self.hear(self.dialect.fact(heard))

    def answer(self, turn: int, text: str) -> None:
        given = AnswerGiven(turn, "q", "a", text, (), "test", "en", "en")
        self.hear(self.dialect.fact(given))

    def kinds(self, *, since: int = 0) -> list[str]:
        return [event["type"].rsplit(".", 1)[1] for event in self.events[since:]]

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (event for event in self.events if event["type"].endswith(kind))


def _asked(turn: int, text: str) -> QuestionAsked:
    return QuestionAsked(turn, "q", text, "bank", "planned", "s", None, None, None)


async def test_sound_that_has_not_become_words_is_a_failed_transcription() -> None:
    told = Told()
    told.question(1)
    told.hear(told.dialect.fact(SpeechStarted(1, 1, 900)))
    told.hear(told.dialect.fact(SpeechStopped(1, 1, 1_900)))
    told.hear(told.dialect.fact(SegmentPending(1, 1, 900, 1_900, "ko", "it does not cover this")))
    told.answer(1, "")
    (failed,) = told.of("transcription.failed")
    assert failed["error"]["message"] == "it does not cover this"
    assert not list(told.of("transcription.completed"))


async def test_an_answer_of_several_segments_is_one_item_and_its_deltas_are_its_words() -> None:
    told = Told()
    told.question(1)
    since = len(told.events)
    told.hear(told.dialect.fact(SpeechStarted(1, 1, 900)))
    told.hear(told.dialect.partial(1, 1, "I built"))
    told.hear(told.dialect.partial(1, 1, " the"))
    told.speech(1, 1, "I built the export.")
    told.speech(1, 2, "It ran nightly.")
    told.answer(1, "I built the export. It ran nightly.")
    assert told.kinds(since=since) == [
        "speech_started", "delta", "delta", "delta", "delta", "speech_stopped", "committed",
        "added", "done", "completed",
    ]  # fmt: skip
    deltas = "".join(event["delta"] for event in told.of("transcription.delta"))
    assert deltas == "I built the export. It ran nightly."
    assert next(told.of("speech_stopped"))["audio_end_ms"] == 2_500


async def test_words_that_were_shown_wrong_are_put_right_by_the_whole_answer_only() -> None:
    told = Told()
    told.question(1)
    told.hear(told.dialect.fact(SpeechStarted(1, 1, 900)))
    told.hear(told.dialect.partial(1, 1, "eye build"))
    told.speech(1, 1, "I built.")
    told.answer(1, "I built.")
    assert [event["delta"] for event in told.of("transcription.delta")] == ["eye build"]
    assert next(told.of("completed"))["transcript"] == "I built."


async def test_words_come_only_for_an_item_that_was_announced() -> None:
    told = Told()
    told.question(1)
    since = len(told.events)
    told.hear(told.dialect.partial(1, 1, "too early"))
    assert told.kinds(since=since) == []


async def test_a_question_that_is_said_again_is_a_new_response_with_a_new_item() -> None:
    told = Told()
    told.question(1)
    told.speech(1, 1, "Could you repeat that?")
    since = len(told.events)
    told.question(1, asked=False)
    assert told.kinds(since=since)[:5] == [
        "speech_stopped", "committed", "added", "done", "completed",
    ]  # fmt: skip
    assert next(told.of("completed"))["transcript"] == "Could you repeat that?"
    created = [event["response"]["id"] for event in told.of("response.created")]
    assert created == ["resp_1", "resp_1_2"]
    told.speech(1, 1, "I see.")
    told.answer(1, "I see.")
    committed = [event["item_id"] for event in told.of("committed")]
    assert committed == ["item_answer_1", "item_answer_1_2"]


async def test_an_unread_answer_is_a_failed_transcription() -> None:
    told = Told()
    told.question(1)
    told.speech(1, 1, "", error="no engine reads this language")
    told.answer(1, "")
    assert next(told.of("failed"))["error"]["message"] == "no engine reads this language"


async def test_a_voice_that_could_not_be_made_still_gives_the_text() -> None:
    told = Told()
    told.hear(told.dialect.fact(_asked(1, "Why?")))
    told.hear(told.dialect.voice_done(1, 0))
    assert next(told.of("audio_transcript.done"))["transcript"] == "Why?"
    assert next(told.of("response.done"))["response"]["status"] == "completed"


async def test_a_hushed_response_is_cancelled_and_later_voice_of_it_is_not_sent() -> None:
    told = Told()
    told.hear(told.dialect.fact(_asked(1, "Why?")))
    told.hear(told.dialect.voice(1, 0, SECOND))
    told.hear(told.dialect.hush(1))
    done = next(told.of("response.done"))["response"]
    assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    told.hear(told.dialect.hush(1))
    assert len(list(told.of("response.done"))) == 1


async def test_a_cancelled_response_stays_silent_until_the_next_question() -> None:
    told = Told()
    told.hear(told.dialect.fact(_asked(1, "Why?")))
    told.hear(told.dialect.voice(1, 0, SECOND))
    cancelled = told.dialect.asking.cancel()
    assert cancelled is not None
    told.hear(cancelled[2])
    since = len(told.events)
    told.hear(told.dialect.voice(1, 24_000, SECOND))
    told.hear(told.dialect.voice_done(1, 48_000))
    assert told.kinds(since=since) == []
    assert told.dialect.asking.cancel() is None
    told.question(2)
    assert next(reversed(list(told.of("response.done"))))["response"]["status"] == "completed"


async def test_who_turned_transcription_off_gets_none() -> None:
    terms = Terms()
    assert list(terms.update({"audio": {"input": {"transcription": None}}})) == []
    told = Told(terms)
    told.question(1)
    told.speech(1, 1, "I built it.")
    told.answer(1, "I built it.")
    assert not list(told.of("delta")) or all("response" in e["type"] for e in told.of("delta"))
    assert not list(told.of("transcription.completed"))


async def test_a_question_that_was_taken_back_is_no_item_and_the_answer_is_one() -> None:
    told = Told()
    told.question(1)
    told.speech(1, 1, "It was slow")
    told.answer(1, "It was slow")
    told.question(2, "And then?")
    since = len(told.events)
    told.hear(told.dialect.fact(QuestionTakenBack(2, "q", 1, (), 600)))
    told.hear(told.dialect.fact(FloorPassed(1, "listening", 0)))
    assert [event["item_id"] for event in told.events[since:]] == [
        "item_question_2",
        "item_answer_1",
    ]
    told.speech(1, 2, "at night.")
    told.answer(1, "It was slow at night.")
    told.question(3, "And then?")
    items = [event["item_id"] for event in told.of("input_audio_buffer.committed")]
    assert items == ["item_answer_1", "item_answer_1_2"]
    whole = [event["transcript"] for event in told.of("transcription.completed")][-1]
    assert whole == "It was slow at night."
    said = [event["transcript"] for event in told.of("response.output_audio_transcript.done")]
    assert said[-1] == "And then?"
    assert told.dialect.conversation.get("item_question_2") is None


VOICE = np.arange(24_000, dtype="<i2").tobytes()
LONG = "Which of your projects was the hardest one?"


def voiced(told: Told, item_id: str) -> bytes:
    deltas = (one for one in told.of("output_audio.delta") if one["item_id"] == item_id)
    return b"".join(base64.b64decode(one["delta"]) for one in deltas)


async def held(told: Told, *, played_ms: int, whole: bool = True) -> None:
    """Half of a voice was sent, or all, when somebody seems to talk; the client stops there."""
    told.hear(told.dialect.fact(_asked(1, LONG)))
    told.hear(told.dialect.fact(FloorPassed(1, "speaking", 0)))
    told.hear(told.dialect.voice(1, 0, VOICE if whole else VOICE[:24_000]))
    if whole:
        told.hear(told.dialect.voice_done(1, 24_000))
    await asyncio.sleep(1)
    told.hear(told.dialect.hold(1, 700))
    assert told.dialect.asking.played("item_question_1", played_ms) == played_ms


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
    assert told.dialect.asking.played("item_question_1_2", 300) == 700
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
    told.hear(told.dialect.fact(_asked(0, "Who are you?")))
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
