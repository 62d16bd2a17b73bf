"""What a stock client is told in the less usual courses of an interview."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    FloorPassed,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    SpeechStarted,
    SpeechStopped,
)
from server.core.events.answer import TYPED
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
        self.hear(self.dialect.fact(_given(turn, text)))

    def kinds(self, *, since: int = 0) -> list[str]:
        return [event["type"].rsplit(".", 1)[1] for event in self.events[since:]]

    def deltas(self, item_id: str) -> str:
        kind = "input_audio_transcription.delta"
        return "".join(one["delta"] for one in self.of(kind) if one["item_id"] == item_id)

    def of(self, kind: str) -> Iterator[dict[str, Any]]:
        return (event for event in self.events if event["type"].endswith(kind))


def _asked(turn: int, text: str) -> QuestionAsked:
    return QuestionAsked(turn, "q", text, "bank", "planned", "s", None, None, None)


def _given(turn: int, text: str, engine: str = "test") -> AnswerGiven:
    return AnswerGiven(turn, "q", "a", text, (), engine, "en", "en")


async def test_who_comes_back_is_told_the_answer_that_was_given_meanwhile() -> None:
    told = Told()
    past = _asked(1, "Why?"), _given(1, "It was slow."), _asked(2, "How?"), _given(2, "Anew.")
    told.hear(told.dialect.recall([*past, _asked(3, "When?")]))
    assert [event["transcript"] for event in told.of("transcription.completed")] == ["Anew."]
    items = [event["item"]["id"] for event in told.of("item.done")]
    told.question(3, "When?", asked=False)
    told.answer(3, "It was said before the line broke.")
    (_, said) = told.of("transcription.completed")
    assert said["transcript"] == "It was said before the line broke."
    assert said["item_id"] not in items
    assert not list(told.of("speech_stopped"))


async def test_who_comes_back_is_told_what_was_typed_meanwhile() -> None:
    told = Told()
    told.hear(told.dialect.recall([_asked(1, "Why?"), _given(1, "It was slow.", TYPED)]))
    (item,) = (event["item"] for event in told.of("item.done"))
    assert item["content"] == [{"type": "input_text", "text": "It was slow."}]
    assert not list(told.of("transcription.completed"))


async def test_another_voice_is_not_told_until_it_counts() -> None:
    told = Told()
    told.question(1)
    told.speech(1, 1, "I built it.")
    heard = SegmentHeard(1, 2, 0, 500, "and now the weather", (), "test", background=True)
    told.hear(told.dialect.fact(heard))
    told.answer(1, "I built it.")
    assert "".join(event["delta"] for event in told.of("transcription.delta")) == "I built it."
    revised = AnswerRevised(1, "a", "I built it. and now the weather", (), "test", "claimed")
    told.hear(told.dialect.fact(revised))
    whole = [event["transcript"] for event in told.of("transcription.completed")]
    assert whole == ["I built it.", revised.text]


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
    told.hear(told.dialect.partial(1, 1, "", "I build"))
    told.hear(told.dialect.partial(1, 1, "I built", "a"))
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
    told.hear(cancelled[1])
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
    assert told.deltas("item_answer_1_2") == whole, "clients join them"
    said = [event["transcript"] for event in told.of("response.output_audio_transcript.done")]
    assert said[-1] == "And then?"
    assert told.dialect.conversation.get("item_question_2") is None


async def test_what_goes_on_is_known_before_a_word_of_it_is_told() -> None:
    """Over a question that is held nobody knows yet whether the words are its answer."""
    told = Told()
    told.question(1)
    told.speech(1, 1, "It was slow")
    told.answer(1, "It was slow")
    told.question(2, "And then?")
    told.hear(told.dialect.hold(2, 9_000))
    told.hear(told.dialect.partial(2, 2, "at"))
    told.hear(told.dialect.partial(2, 2, " night"))
    assert told.deltas("item_answer_2") == ""
    told.hear(told.dialect.hush(2))
    told.hear(told.dialect.fact(QuestionTakenBack(2, "q", 1, (), 600)))
    told.hear(told.dialect.fact(FloorPassed(1, "listening", 0)))
    told.speech(1, 2, "at night")
    told.speech(1, 3, "too.")
    told.answer(1, "It was slow at night too.")
    assert told.deltas("item_answer_2") == "It was slow at night too."


async def test_words_over_a_question_that_are_its_answer_are_told_once_it_has_stopped() -> None:
    told = Told()
    told.question(2, "And then?")
    told.hear(told.dialect.hold(2, 9_000))
    told.hear(told.dialect.partial(2, 1, "It"))
    told.hear(told.dialect.hush(2))
    told.hear(told.dialect.fact(FloorPassed(2, "listening", 0)))
    told.speech(2, 1, "It")
    told.speech(2, 2, "failed.")
    told.answer(2, "It failed.")
    assert told.deltas("item_answer_2") == "It failed."


async def test_an_answer_that_goes_on_and_is_asked_about_is_whole_all_the_same() -> None:
    told = Told()
    past = _asked(1, "Why?"), _given(1, "It was"), _asked(2, "How?")
    told.hear(told.dialect.recall([*past, QuestionTakenBack(2, "q", 1, (), 600)]))
    told.speech(1, 2, "slow.")
    told.hear(told.dialect.fact(_asked(3, "Was it?")))
    completed = next(reversed(list(told.of("transcription.completed"))))
    assert completed["transcript"] == "It was slow." == told.deltas(completed["item_id"])
