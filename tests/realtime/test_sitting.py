"""What goes on beside a session."""

from __future__ import annotations

from server.core.events import (
    AnswerGiven,
    AudioMissed,
    CandidateConnected,
    CandidateLeft,
    EngineFailed,
    FloorPassed,
    InterviewEnded,
    PlanArrived,
    QuestionAsked,
    SegmentPending,
    SegmentTranscribed,
)
from server.realtime.arrival import MISSED_MS
from server.realtime.sitting import PLAN_WAIT_MS
from tests.core.candidate import ANSWER, PLAN
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


def test_a_plan_is_waited_for_and_one_of_our_own_is_asked_where_none_comes() -> None:
    prompt, late = candidate(), candidate()
    prompt.join()
    assert told(prompt, QuestionAsked)[0].text == PLAN[0].text
    assert prompt.sitting.deadline() == prompt.session.deadline(), "nothing more is waited for"
    late.join(plan=())
    late.pass_time(PLAN_WAIT_MS - 1)
    assert not told(late, QuestionAsked)
    late.pass_time(1)
    (asked,) = told(late, QuestionAsked)
    assert asked.text != PLAN[0].text
    assert late.sitting.deadline() == late.session.deadline()
    late.give(PlanArrived(PLAN))
    assert late.session.state.plan == PLAN, "it gives way"


def test_who_was_asked_before_goes_on_at_once_without_the_plan() -> None:
    who = answering()
    again = candidate()
    again.session.replay(who.facts())
    again.join(plan=())
    assert again.session.state.drafted
    assert told(again, FloorPassed)[-1].floor == "speaking"
