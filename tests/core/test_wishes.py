"""Repeat, rephrase, skip, a moment, pause: by button and by voice, and none of it is an answer."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerGiven,
    CandidateJoined,
    CandidateLeft,
    Control,
    ControlTaken,
    ControlUsed,
    Hush,
    QuestionAsked,
    QuestionHeard,
    SegmentHeard,
    UtteranceUnderstood,
)
from tests.core.candidate import ANSWER, PLAN, fresh
from tests.core.test_session import answering, candidate, floors, told


def test_the_question_is_repeated_on_request() -> None:
    who = answering()
    who.give(ControlUsed("repeat", "button"))
    question = told(who, QuestionAsked)[-1]
    assert question.kind == "repeat"
    assert PLAN[0].text in question.text
    assert told(who, ControlTaken)[0].by == "button"
    assert not told(who, AnswerGiven)


def test_a_spoken_wish_is_granted_and_is_no_answer() -> None:
    who = answering("Could you repeat the question?")
    who.speak(1_500)
    who.wait(4_000)
    (understood,) = told(who, UtteranceUnderstood)
    assert (understood.act, understood.move, understood.answers) == ("wish_repeat", "repeat", False)
    assert not told(who, AnswerGiven)
    assert told(who, SegmentHeard)[0].text == "Could you repeat the question?"
    assert told(who, QuestionAsked)[-1].kind == "repeat"


def test_skipping_goes_on_with_the_plan_and_asks_nothing_about_it() -> None:
    who = answering()
    who.give(ControlUsed("skip", "button"))
    assert told(who, QuestionAsked)[-1].text == PLAN[1].text
    assert not told(who, AnswerGiven)


@pytest.mark.parametrize("control", ["repeat", "rephrase", "skip"])
def test_while_the_question_is_spoken_its_voice_stops(control: Control) -> None:
    who = candidate()
    who.join()
    who.wait(500)
    who.give(ControlUsed(control, "button"))
    assert any(isinstance(effect, Hush) for effect in who.effects)
    assert [heard.complete for heard in told(who, QuestionHeard)] == [False]
    assert floors(who) == ["speaking", "speaking"]


def test_an_answer_that_was_begun_is_kept_when_the_question_is_skipped() -> None:
    who = answering(ANSWER)
    who.speak(2_000)
    who.wait(480)
    who.give(ControlUsed("skip", "button"))
    assert told(who, AnswerGiven)[0].text == ANSWER
    assert told(who, QuestionAsked)[-1].text == PLAN[1].text


def test_words_that_come_after_the_turn_ended_are_still_stored() -> None:
    who = answering(ANSWER)
    who.decode_frames = 30
    who.speak(2_000)
    who.wait(320)
    who.give(ControlUsed("skip", "button"))
    who.wait(2_000)
    heard = told(who, SegmentHeard)
    assert [(one.turn, one.text) for one in heard] == [(1, ANSWER)]


def test_a_moment_is_at_least_thirty_seconds() -> None:
    who = answering(ANSWER)
    who.speak(2_000)
    who.wait(480)
    who.give(ControlUsed("moment", "button"))
    who.wait(29_500)
    assert not told(who, AnswerGiven)
    who.wait(2_000)
    assert told(who, AnswerGiven)


def test_a_moment_asked_for_while_the_next_question_is_written_reopens_the_answer() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(3_500)
    assert floors(who)[-1] == "thinking"
    who.give(ControlUsed("moment", "button"))
    assert floors(who)[-1] == "listening"
    assert not told(who, AnswerGiven)


def test_a_pause_hears_nothing_and_the_same_question_goes_on() -> None:
    who = answering()
    who.give(ControlUsed("pause", "button"))
    who.speak(5_000)
    who.wait(100_000)
    who.pass_time(300_000)
    assert not told(who, SegmentHeard)
    who.give(ControlUsed("resume", "button"))
    assert who.said()[-1].text == PLAN[0].text
    assert [taken.control for taken in told(who, ControlTaken)] == ["pause", "resume"]


def test_a_pause_outlives_the_connection_and_the_process() -> None:
    who = answering()
    who.give(ControlUsed("pause", "button"))
    who.give(CandidateLeft())
    session = fresh(who.session.interview)
    session.replay(who.facts())
    effects = session.step(CandidateJoined(marks=True), 0)
    assert not [effect for effect in effects if hasattr(effect, "text")]
    resumed = session.step(ControlUsed("resume", "button"), 10)
    assert [effect.text for effect in resumed if hasattr(effect, "text")] == [PLAN[0].text]


def test_a_moment_that_ends_in_silence_is_no_answer_and_the_question_comes_again() -> None:
    who = answering("Let me think.")
    who.speak(1_000)
    who.wait(32_000)
    assert not told(who, AnswerGiven)
    assert [question.kind for question in told(who, QuestionAsked)] == ["opening", "repeat"]
