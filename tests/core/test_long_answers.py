"""An answer that does not end, or speech that never pauses, is asked about, once."""

from __future__ import annotations

import pytest

from server.core.events import AnswerGiven, QuestionAsked, SegmentPending, VoiceFrame
from server.realtime.segment import FRAME_MS
from tests.core.candidate import ANSWER, Candidate
from tests.core.test_session import answering, told


def asked_about(who: Candidate) -> list[QuestionAsked]:
    return [one for one in told(who, QuestionAsked) if one.reason == "long_answer"]


def test_an_answer_of_more_than_ten_minutes_is_asked_about_at_a_pause_and_kept() -> None:
    who = answering(*[ANSWER] * 80)
    for _ in range(40):
        who.speak(14_400)
        who.wait(480)
    assert not asked_about(who)
    who.speak(9_600)
    who.wait(480)
    (asked,) = asked_about(who)
    assert asked.kind == "aside"
    (kept,) = told(who, AnswerGiven)
    pending = [one.segment for one in told(who, SegmentPending)]
    assert kept.text.count(ANSWER) + len(pending) == 41


def test_silence_before_an_answer_does_not_make_it_long() -> None:
    """A client may send minutes of silence at once."""
    who = answering(ANSWER)
    for _ in range(700_000 // FRAME_MS):
        who.give(VoiceFrame(who.session.audio_ms + FRAME_MS, 0.0))
    who.speak(5_000)
    who.wait(4_000)
    assert not asked_about(who)
    (kept,) = told(who, AnswerGiven)
    assert kept.text == ANSWER


def test_speech_that_never_pauses_is_asked_about_once() -> None:
    who = answering(*[ANSWER] * 80)
    who.speak(179_000)
    assert not asked_about(who)
    who.speak(4_000)
    assert len(asked_about(who)) == 1
    assert who.session.state.open_question == told(who, QuestionAsked)[0]
    who.hear_question()
    who.speak(400_000)
    assert len(asked_about(who)) == 1


@pytest.mark.parametrize("said", ["Okay.", ANSWER])
def test_what_is_said_to_it_leads_on(said: str) -> None:
    who = answering(*[ANSWER] * 8, said)
    while not asked_about(who):
        who.speak(32)
    who.hear_question()
    who.wait(500)
    who.speak(800)
    who.wait(3_000)
    last = told(who, QuestionAsked)[-1]
    assert last.kind in ("planned", "follow_up")


def beside_a_television(own_s: float, louder: int) -> Candidate:
    """Who spoke for so long, and stopped; a television, of whose frames one in ``louder`` is as
    loud as they, goes on."""
    who = answering(*[ANSWER] * 80)
    who.loud_db = -20.0
    who.speak(round(own_s * 1000))
    who.wait(480)
    for number in range(20_000 // FRAME_MS):
        who.loud_db = -20.0 if louder and number % louder == 0 else -40.0
        who.speak(FRAME_MS)
        if asked_about(who):
            break
    return who


def test_far_quieter_speech_behind_an_answer_is_asked_about_soon() -> None:
    who = beside_a_television(10, 0)
    assert len(asked_about(who)) == 1
    assert 8_000 < who.session.audio_ms - 10_480 < 10_000
    (kept,) = told(who, AnswerGiven)
    assert kept.text == ANSWER
    assert len(told(who, SegmentPending)) == 1, "nothing of what came after is lost"


def test_a_television_that_is_loud_now_and_then_is_one_all_the_same() -> None:
    assert len(asked_about(beside_a_television(10, 300))) == 1


def test_who_was_hardly_heard_and_who_speaks_again_is_not_asked() -> None:
    assert not asked_about(beside_a_television(1, 0))
    who = answering(*[ANSWER] * 80)
    for loud_db in (-20.0, -40.0, -20.0, -34.0, -30.0):
        who.loud_db = loud_db
        who.speak(7_000)
    assert not asked_about(who)
