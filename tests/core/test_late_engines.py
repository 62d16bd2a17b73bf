"""Engines that are late, fail, or bring what may not be said: the interview goes on."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerGiven,
    EngineFailed,
    QuestionAsked,
    QuestionComposed,
    Refused,
    SegmentHeard,
    SegmentPending,
    SoundsLike,
)
from tests.core.candidate import ANSWER, asks
from tests.core.test_session import answering, floors, told


def test_the_models_question_is_asked_and_its_source_told() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(2_000)
    (compose,) = who.briefs()
    text = "You moved the payment service to Kafka; what broke first?"
    who.give(QuestionComposed(compose.turn, compose.revision, asks(text), "qwen", 300))
    question = told(who, QuestionAsked)[-1]
    assert (question.text, question.source, question.model) == (text, "llm", "qwen")
    timings = told(who, AnswerGiven)[0].timings
    assert 0 < timings["segment_final_ms"] < timings["decision_ms"]


def test_a_question_that_may_not_be_asked_is_replaced() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(2_000)
    (compose,) = who.briefs()
    text = "Are you married?"
    reply = asks(text)
    who.give(QuestionComposed(1, compose.revision, reply, "m", 1, fault="private"))
    assert len(told(who, QuestionAsked)) == 1, "it is asked for once more"
    (_, again) = who.briefs()
    assert again.refused == Refused(reply, "private")
    assert again.meant.text == compose.meant.text
    who.give(QuestionComposed(1, again.revision, reply, "m", 1, fault="private"))
    assert len(who.briefs()) == 2
    question = told(who, QuestionAsked)[-1]
    assert (question.source, question.kind) == ("bank", "planned")
    assert question.lead, "a bridge leads to it"
    assert question.reason == "model_refused:private"


def test_the_second_attempt_is_asked_where_it_may_be() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(2_000)
    who.give(QuestionComposed(1, who.briefs()[0].revision, asks("Why?", "the moon"), "m", 1))
    again = who.briefs()[1]
    assert again.refused is not None
    assert again.refused.reason == "ungrounded"
    who.give(QuestionComposed(1, again.revision, asks("What made Kafka the choice?"), "m", 1))
    question = told(who, QuestionAsked)[-1]
    assert (question.source, question.evidence) == ("llm", ANSWER)


@pytest.mark.parametrize("late", [True, False])
def test_nothing_is_waited_for_after_a_refused_reply_but_the_second(*, late: bool) -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(2_000)
    who.give(QuestionComposed(1, who.briefs()[0].revision, asks("Why?", "the moon"), "m", 1))
    if late:
        who.pass_time(5_000)
    else:
        revision = who.briefs()[1].revision
        who.give(EngineFailed("llm", 1, "model_unreadable", revision=revision))
    question = told(who, QuestionAsked)[-1]
    assert (question.kind, question.reason) == ("planned", "model_refused:ungrounded")


@pytest.mark.parametrize("late", [True, False])
def test_the_bank_asks_when_the_model_fails_or_is_late(late: bool) -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(2_000)
    (compose,) = who.briefs()
    if late:
        who.pass_time(5_000)
    else:
        who.give(EngineFailed("llm", compose.turn, "connection refused", revision=compose.revision))
    question = told(who, QuestionAsked)[-1]
    assert (question.turn, question.source) == (2, "bank")
    assert question.reason


def test_an_answer_without_an_engine_is_asked_for_once_more_then_the_plan_goes_on() -> None:
    who = answering()
    for _ in range(2):
        who.speak(1_500)
        who.wait(400)
        segment = who.session.listening.last_segment
        failed = EngineFailed("stt", who.session.turn, "does not cover ko", segment=segment)
        who.give(failed)
        who.wait(3_000)
        who.hear_question()
    questions = told(who, QuestionAsked)
    assert [question.kind for question in questions] == ["opening", "repeat", "planned"]
    assert [one.reason for one in told(who, SegmentPending)] == ["does not cover ko"] * 2
    assert not told(who, SegmentHeard)


def test_noise_without_words_is_no_answer() -> None:
    who = answering("")
    who.speak(400)
    who.wait(6_000)
    assert not told(who, AnswerGiven)
    assert floors(who)[-1] == "listening"


def test_a_recogniser_that_never_answers_does_not_stop_the_interview() -> None:
    who = answering()
    who.speak(2_000)
    who.wait(6_000)
    assert floors(who)[-1] == "thinking"
    who.pass_time(21_000)
    assert told(who, SegmentPending)[0].reason
    assert told(who, QuestionAsked)[-1].kind == "repeat"


@pytest.mark.parametrize(
    ("sure", "spoken"), [(0.9, SoundsLike("zh", 0.95)), (0.2, SoundsLike("en", 0.9))]
)
def test_what_cannot_be_made_out_is_asked_for_once_more_and_then_left(
    sure: float, spoken: SoundsLike
) -> None:
    who = answering("We sold worse boats.", "We sold worse boats.")
    who.sure, who.sounds_like = sure, spoken
    who.speak(2_000)
    who.wait(5_000)
    again = told(who, QuestionAsked)[-1]
    assert again.kind in ("aside", "repeat")
    assert not told(who, AnswerGiven)
    who.hear_question()
    who.speak(2_000)
    who.wait(5_000)
    asked = told(who, QuestionAsked)[-1]
    assert asked.kind == "planned"
    assert "boats" not in asked.spoken
