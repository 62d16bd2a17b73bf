"""Where the time of a turn goes."""

from __future__ import annotations

from server.core.events import AnswerGiven, AnswerTyped, Compose, TurnTimed, VoiceStarted
from tests.core.candidate import ANSWER, Candidate
from tests.core.test_session import answering, told
from tests.core.test_speculation import written


def answered(*, writer: bool = False) -> Candidate:
    who = answering(ANSWER, writer=writer)
    who.speak(3_000)
    who.wait(480)
    if writer:
        written(who, next(one for one in who.effects if isinstance(one, Compose)))
    who.wait(4_000)
    return who


def test_steps_count_from_the_last_speech_and_speech_on_the_audio_clock() -> None:
    who = answered()
    timings = told(who, AnswerGiven)[0].timings
    assert timings["last_decode_ms"] == 96
    assert 2_900 <= timings["speech_end_ms"] - timings["speech_start_ms"] <= 3_400
    assert 0 < timings["segment_final_ms"] < timings["decision_ms"]
    assert "first_token_ms" not in timings


def test_a_turn_is_timed_once_its_next_question_is_heard() -> None:
    who = answered(writer=True)
    assert not told(who, TurnTimed)
    who.give(VoiceStarted(1))
    assert not told(who, TurnTimed), "that is another voice"
    who.give(VoiceStarted(2))
    who.give(VoiceStarted(2))
    (timed,) = told(who, TurnTimed)
    assert timed.turn == 1
    steps = ["first_token_ms", "decision_ms", "question_ms", "first_audio_ms"]
    assert sorted(steps, key=lambda step: timed.timings[step]) == steps


def test_who_types_is_answered_from_then_on() -> None:
    who = answering()
    who.pass_time(9_000)
    who.give(AnswerTyped(ANSWER))
    timings = told(who, AnswerGiven)[0].timings
    assert timings["decision_ms"] == 0
    assert "segment_final_ms" not in timings
