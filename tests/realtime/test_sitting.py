"""What goes on beside a session."""

from __future__ import annotations

from server.core.events import (
    AnswerGiven,
    AudioMissed,
    CandidateConnected,
    CandidateLeft,
    EngineFailed,
    InterviewEnded,
    SegmentPending,
    SegmentTranscribed,
)
from server.realtime.arrival import MISSED_MS
from tests.core.candidate import ANSWER
from tests.core.test_session import answering, candidate, told


def test_a_tick_is_wanted_for_whatever_comes_first() -> None:
    who = answering()
    assert who.sitting.arrival.deadline() is not None
    assert who.sitting.deadline() == who.sitting.arrival.deadline()
    who.sitting.arrival.came(who.now_ms)
    who.pass_time(MISSED_MS)
    assert told(who, AudioMissed)
    assert who.sitting.deadline() == who.session.deadline()


def test_an_answer_that_runs_is_read_anew_with_words_that_came_late() -> None:
    who = answering()
    who.speak(1_500)
    who.wait(400)
    who.give(EngineFailed("stt", 1, "out of memory", segment=1))
    who.give(SegmentTranscribed(1, 1, ANSWER, (), "test", 90))
    who.wait(2_500)
    assert told(who, AnswerGiven)[0].text == ANSWER


def test_what_was_being_said_is_pending_only_after_nobody_had_listened() -> None:
    who = answering()
    who.speak(2_000)
    who.give(CandidateLeft())
    who.join()
    assert not told(who, SegmentPending), "its words are on their way"
    again = candidate()
    again.session.replay(who.facts())
    again.join()
    assert len(told(again, SegmentPending)) == 1
    assert told(again, CandidateConnected)


def test_nothing_happens_after_the_end() -> None:
    who = answering()
    who.session.memory.tell(InterviewEnded("interviewer"))
    assert who.give(SegmentTranscribed(1, 1, ANSWER, (), "test", 90)) == []
