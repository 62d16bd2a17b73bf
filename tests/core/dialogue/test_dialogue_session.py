"""The dialogue inside a session: its time, its languages, and what it tells of the plan."""

from __future__ import annotations

from server.core.events import (
    CandidateJoined,
    CandidateLeft,
    ControlUsed,
    EndRequested,
    InterviewEnded,
    ItemSettled,
    QuestionAsked,
)
from server.core.rules import Rules
from tests.core.candidate import ANSWER, PLAN, Candidate, fresh
from tests.core.test_session import answering, candidate, told

MINUTE = 60_000
KOREAN = "저는 결제 서비스의 메시지 큐를 카프카로 옮기면서 유실 문제를 해결했습니다."


def begun(*script: str) -> Candidate:
    """Two minutes long, and the first question has been heard."""
    who = candidate(*script, rules=Rules(minutes=2))
    who.join()
    who.hear_question()
    return who


def test_a_pause_does_not_take_the_interviews_time() -> None:
    who = begun(ANSWER)
    who.give(ControlUsed("pause", "button"))
    who.pass_time(10 * MINUTE)
    who.give(CandidateLeft())
    who.pass_time(10 * MINUTE)
    who.give(CandidateJoined(marks=True))
    who.pass_time(10 * MINUTE)
    who.give(ControlUsed("resume", "button"))
    who.hear_question()
    who.speak(2_000)
    who.wait(3_000)
    assert told(who, QuestionAsked)[-1].kind == "follow_up"


def test_a_lost_connection_does_not_take_the_interviews_time() -> None:
    who = begun(ANSWER)
    who.give(CandidateLeft())
    who.pass_time(10 * MINUTE)
    who.give(CandidateJoined(marks=True))
    who.hear_question()
    who.speak(2_000)
    who.wait(3_000)
    assert told(who, QuestionAsked)[-1].kind == "follow_up"


def test_time_that_was_spent_before_a_restart_is_spent() -> None:
    who = begun(ANSWER)
    who.wait(70_000)
    who.speak(2_000)
    who.wait(3_000)
    asked = told(who, QuestionAsked)[-1]
    assert asked.elapsed_ms > 70_000
    session = fresh(who.session.interview, rules=Rules(minutes=2))
    session.replay(who.facts())
    again = candidate(ANSWER)
    again.session = session
    again.join()
    again.hear_question()
    again.wait(50_000)
    again.speak(2_000)
    again.wait(3_000)
    assert told(again, QuestionAsked)[-1].kind == "closing"


def test_what_became_of_the_plan_is_told_as_it_is_decided_and_wholly_at_the_end() -> None:
    who = answering(ANSWER)
    who.give(ControlUsed("skip", "button"))
    assert [(fact.ordinal, fact.outcome, fact.reason) for fact in told(who, ItemSettled)] == [
        (1, "skipped", "candidate")
    ]
    who.give(EndRequested("interviewer"))
    settled = told(who, ItemSettled)
    assert [fact.question_id for fact in settled] == [question.question_id for question in PLAN]
    assert [fact.outcome for fact in settled] == ["skipped", "asked", "skipped"]
    assert {fact.reason for fact in settled[1:]} == {"ended:interviewer"}
    facts = who.facts()
    assert facts.index(settled[-1]) < facts.index(told(who, InterviewEnded)[0])


def test_the_next_question_is_spoken_in_the_language_of_the_answer() -> None:
    who = answering(KOREAN)
    languages = [who.session.state.language]
    who.speak(2_000)
    who.wait(4_000)
    languages.append(who.session.state.language)
    assert languages == ["en", "ko"]
    assert [say.language for say in who.said()] == ["en", "ko"]
