"""Talking over the question: held at once, taken when it is meant, resumed when it was nothing."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerGiven,
    EngineFailed,
    Hold,
    Hush,
    Played,
    QuestionHeard,
    QuestionVoiced,
    Release,
    SegmentHeard,
    SpeechStarted,
    VoiceStarted,
)
from tests.core.candidate import Candidate
from tests.core.test_session import candidate, floors, told

VOICE_MS = 6_000


def hearing(*script: str, marks: bool = True) -> Candidate:
    """A candidate who hears the first 500 ms of a question of six seconds."""
    who = candidate(*script)
    who.join(marks=marks)
    who.give(VoiceStarted(who.session.turn))
    who.give(QuestionVoiced(who.session.turn, VOICE_MS))
    who.wait(512)
    who.give(Played(who.session.turn, 500, complete=False))
    return who


def sent(who: Candidate) -> list[str]:
    kinds = (Hold, Release, Hush)
    return [type(effect).__name__ for effect in who.effects if isinstance(effect, kinds)]


def test_the_voice_is_silent_within_150_ms_of_the_first_sound() -> None:
    who = hearing()
    began = who.now_ms
    while not sent(who):
        who.speak(32)
    assert sent(who) == ["Hold"]
    assert who.now_ms - began <= 150


def test_a_cough_holds_the_voice_for_a_moment_and_the_question_goes_on() -> None:
    who = hearing()
    who.speak(256)
    who.wait(320)
    assert sent(who) == ["Hold", "Release"]
    assert floors(who) == ["speaking"]
    assert not told(who, SpeechStarted)


@pytest.mark.parametrize("words", ["네", "uh-huh", ""])
def test_a_backchannel_does_not_take_the_floor(words: str) -> None:
    who = hearing(words)
    who.speak(640)
    who.wait(600)
    assert sent(who) == ["Hold", "Release"]
    assert not told(who, SegmentHeard)
    who.give(Played(who.session.turn, VOICE_MS, complete=True))
    assert told(who, QuestionHeard) == [QuestionHeard(1, VOICE_MS, complete=True)]


def test_a_short_objection_takes_the_floor_with_its_words() -> None:
    who = hearing("Sorry, wait.", "I led it.")
    who.speak(640)
    who.wait(600)
    assert sent(who) == ["Hold", "Hush"]
    assert told(who, QuestionHeard) == [QuestionHeard(1, 500, complete=False)]
    who.speak(1_000)
    who.wait(5_000)
    assert told(who, AnswerGiven)[0].text == "Sorry, wait. I led it."
    assert [heard.segment for heard in told(who, SegmentHeard)] == [1, 2]


def test_long_talk_takes_the_floor_without_waiting_for_words() -> None:
    who = hearing("I think I know this one.")
    who.speak(1_200)
    assert sent(who) == ["Hold", "Hush"]
    who.wait(5_000)
    assert told(who, AnswerGiven)[0].text == "I think I know this one."
    assert told(who, AnswerGiven)[0].timings["speech_start_ms"] <= 544


def test_two_short_sounds_in_a_row_add_up() -> None:
    who = hearing("Wait", "I did not hear that.")
    who.decode_frames = 60
    who.speak(640)
    who.wait(320)
    who.speak(640)
    assert sent(who) == ["Hold", "Hush"]
    who.wait(8_000)
    assert told(who, AnswerGiven)[0].text == "Wait I did not hear that."


def test_what_nobody_can_read_does_not_end_the_question() -> None:
    who = hearing()
    who.speak(640)
    who.wait(320)
    who.give(EngineFailed("stt", 1, "no engine for Korean", segment=1))
    assert sent(who) == ["Hold", "Release"]


def test_a_short_yes_over_the_last_words_is_the_answer() -> None:
    who = hearing("Yes.")
    who.wait(4_000)
    who.give(Played(1, VOICE_MS - 800, complete=False))
    who.speak(448)
    who.wait(5_000)
    assert sent(who) == ["Hold", "Hush"]
    assert told(who, AnswerGiven)[0].text == "Yes."


def test_a_held_voice_is_waited_for_as_long_as_it_was_held() -> None:
    who = hearing("네")
    deadline = who.session.deadline()
    who.speak(640)
    held_at = 512 + 96
    while sent(who) != ["Hold", "Release"]:
        who.wait(32)
    assert deadline is not None
    assert who.session.deadline() == deadline + who.now_ms - held_at


def test_an_echo_cannot_make_the_voice_stutter_for_ever() -> None:
    who = hearing()
    for _ in range(6):
        who.speak(224)
        who.wait(320)
    assert sent(who) == ["Hold", "Release"] * 2


def test_a_stream_that_stops_while_held_does_not_hold_for_ever() -> None:
    who = hearing()
    who.speak(256)
    who.pass_time(5_100)
    assert sent(who) == ["Hold", "Release"]


def test_where_a_hold_shows_it_needs_twice_the_talk() -> None:
    who = hearing(marks=False)
    who.speak(160)
    assert sent(who) == []
    who.speak(32)
    assert sent(who) == ["Hold"]


def test_without_marks_the_clock_leaves_out_what_was_held() -> None:
    who = hearing("네", "Sorry, wait.", marks=False)
    who.speak(640)
    while sent(who) != ["Hold", "Release"]:
        who.wait(32)
    held_ms = who.now_ms - (512 + 192)
    talked_at = who.now_ms
    who.speak(1_100)
    assert sent(who)[-1] == "Hush"
    heard = told(who, QuestionHeard)[0]
    assert heard == QuestionHeard(1, talked_at + 192 - held_ms, complete=False)


def test_without_marks_a_short_yes_over_the_last_words_is_the_answer() -> None:
    who = hearing("Yes.", marks=False)
    who.wait(VOICE_MS - 1_500)
    who.speak(448)
    who.wait(5_000)
    assert sent(who) == ["Hold", "Hush"]
    assert told(who, AnswerGiven)[0].text == "Yes."


def test_the_farewell_is_not_stopped() -> None:
    who = hearing("bye")
    asking = who.session._asking
    farewell = asking.choices().closing("en")
    who.effects = [*asking.ask(farewell)[-1:]]
    who.speak(3_000)
    assert sent(who) == []


def test_without_marks_the_clock_tells_how_much_was_heard() -> None:
    who = hearing(marks=False)
    who.wait(VOICE_MS)
    assert told(who, QuestionHeard) == [QuestionHeard(1, VOICE_MS, complete=True)]
