"""Who comes back, after a lost connection or a crash, finds the interview where it was."""

from __future__ import annotations

from server.core.events import (
    AnswerGiven,
    CandidateJoined,
    CandidateLeft,
    FloorPassed,
    InterviewEnded,
    QuestionAsked,
    Say,
    SegmentHeard,
    Tell,
    VoiceStarted,
)
from tests.core.candidate import ANSWER, PLAN
from tests.core.test_session import answering, candidate, told


def test_a_lost_connection_keeps_what_was_said_and_the_interview_goes_on() -> None:
    who = answering("I led the migration and", "trained the team.")
    who.speak(2_000)
    who.give(CandidateLeft())
    who.pass_time(100_000)
    assert not told(who, AnswerGiven)
    assert not told(who, InterviewEnded)
    who.give(CandidateJoined(marks=True))
    who.wait(500)
    who.speak(1_000)
    who.wait(2_500)
    assert told(who, AnswerGiven)[0].text == "I led the migration and trained the team."


def test_a_question_that_was_heard_is_not_said_again_where_its_answer_was_kept() -> None:
    who = answering("I led the migration.")
    who.give(CandidateLeft())
    who.pass_time(5_000)
    back = who.give(CandidateJoined(marks=True, kept_ms=1_500))
    assert not [effect for effect in back if isinstance(effect, Say)]
    assert [e.fact.floor for e in back if isinstance(e, Tell) and isinstance(e.fact, FloorPassed)]
    who.speak(1_500)
    who.wait(2_500)
    assert told(who, AnswerGiven)[0].text == "I led the migration."


def test_a_question_that_was_not_heard_is_said_again_whatever_was_kept() -> None:
    who = candidate(ANSWER)
    who.join()
    who.give(VoiceStarted(1))
    who.give(CandidateLeft())
    back = who.give(CandidateJoined(marks=True, kept_ms=1_500))
    assert [effect for effect in back if isinstance(effect, Say)]


def test_after_a_crash_it_is_known_from_where_the_answer_is_missing() -> None:
    who = answering("I led the migration and")
    who.speak(2_000)
    who.wait(600)
    who.speak(700)  # not transcribed when the server died
    heir = candidate("trained the team.")
    heir.session.replay(who.facts())
    (segment,) = told(who, SegmentHeard)
    assert heir.session.state.understood_ms == segment.end_ms < heir.session.audio_ms
    heir.give(CandidateJoined(marks=True, kept_ms=700))
    heir.speak(700)
    heir.wait(2_500)
    assert told(heir, AnswerGiven)[0].text == "I led the migration and trained the team."


def test_a_crash_before_any_words_does_not_say_the_question_again_to_one_who_kept_them() -> None:
    who = answering("never read")
    who.speak(700)
    heir = candidate("I led the migration.")
    heir.session.replay(who.facts())
    passed = [f for f in told(who, FloorPassed) if f.floor == "listening"][-1]
    assert heir.session.state.understood_ms == passed.at_ms
    back = heir.give(CandidateJoined(marks=True, kept_ms=700))
    assert not [effect for effect in back if isinstance(effect, Say)]
    heir.speak(1_000)
    heir.wait(2_500)
    assert told(heir, AnswerGiven)[0].text == "I led the migration."


def test_facts_alone_rebuild_the_session() -> None:
    who = answering(ANSWER, "It was slow and")
    who.speak(2_000)
    who.wait(2_000)
    who.hear_question()
    who.speak(1_000)
    who.wait(600)
    heir = candidate("I measured it.")
    heir.session.replay(who.facts())
    assert heir.session.turn == who.session.turn == 2
    heir.join()
    heir.wait(300)
    heir.speak(1_000)
    heir.wait(2_500)
    (answer,) = told(heir, AnswerGiven)
    assert answer.text == "It was slow and I measured it."
    assert answer.question_id == told(who, QuestionAsked)[-1].question_id
    assert told(heir, QuestionAsked)[-1].question_id == PLAN[1].question_id
