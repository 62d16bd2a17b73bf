"""A person steps into a running interview: what they want is asked, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events import (
    AnswerGiven,
    AnswerTyped,
    CandidateJoined,
    CandidateLeft,
    Compose,
    ControlTaken,
    ControlUsed,
    Hush,
    InterviewEnded,
    PersonActed,
    QuestionAsked,
    QuestionComposed,
    QuestionHeard,
    Say,
    SegmentHeard,
    Step,
    SteppedIn,
)
from server.core.rules import Rules, Stage
from tests.core.candidate import ANSWER, PLAN, Candidate, asks, fresh
from tests.core.test_session import answering, candidate, floors, told

ID = "00000000-0000-7000-8000-0000000000aa"
LINE = "Could you move closer to the microphone?"
OWN = "What would you have done with twice the time?"


def act(step: Step, text: str = "", *, now: bool = False, minutes: float = 0) -> PersonActed:
    acted = SteppedIn(ID, step, "user 1", "Mina", text, now=now, minutes=minutes)
    return PersonActed(acted)


def answers(who: Candidate) -> None:
    who.speak(2_000)
    who.wait(4_000)


def test_what_a_person_wants_is_asked_next_word_for_word_and_then_the_plan_goes_on() -> None:
    who = answering(ANSWER, ANSWER, ANSWER)
    who.give(act("question", OWN))
    answers(who)
    asked = told(who, QuestionAsked)[-1]
    assert (asked.text, asked.source, asked.question_id) == (OWN, "interviewer", ID)
    assert told(who, AnswerGiven)[0].text == ANSWER
    who.hear_question()
    answers(who)
    texts = [one.text for one in told(who, QuestionAsked)]
    assert texts.count(OWN) == 1
    assert texts[-1] != OWN


def test_it_goes_before_what_a_model_is_writing() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(2_000)
    who.wait(3_500)
    who.give(act("question", OWN))
    (composing,) = [one for one in who.effects if isinstance(one, Compose)]
    said = asks("How did you measure that it was too slow?")
    who.give(QuestionComposed(1, composing.revision, said, "test", 900))
    assert told(who, QuestionAsked)[-1].text == OWN


def test_asked_now_it_ends_the_turn_and_what_was_said_is_kept() -> None:
    who = answering(ANSWER)
    who.speak(2_000)
    who.wait(480)
    who.give(act("question", OWN, now=True))
    assert told(who, QuestionAsked)[-1].text == OWN
    assert told(who, AnswerGiven)[0].text == ANSWER


def test_asked_now_over_a_question_its_voice_stops() -> None:
    who = candidate()
    who.join()
    who.wait(500)
    who.give(act("question", OWN, now=True))
    assert any(isinstance(effect, Hush) for effect in who.effects)
    assert [heard.complete for heard in told(who, QuestionHeard)] == [False]
    assert told(who, QuestionAsked)[-1].text == OWN


def test_an_order_counts_once_also_after_a_crash() -> None:
    who = answering(ANSWER)
    who.give(act("question", OWN))
    who.give(act("question", OWN))
    assert len(told(who, SteppedIn)) == 1
    session = fresh(who.session.interview)
    session.replay(who.facts())
    assert session.state.wanted is not None
    assert session.step(act("question", OWN), 0) == []


def test_more_time_lets_the_plan_go_on_and_less_ends_it() -> None:
    rules = Rules(minutes=1, follow_ups=0)
    cut = candidate(ANSWER, rules=rules)
    cut.join()
    cut.hear_question()
    cut.pass_time(61_000)
    answers(cut)
    assert told(cut, QuestionAsked)[-1].kind == "closing"
    longer = candidate(ANSWER, rules=rules)
    longer.join()
    longer.hear_question()
    longer.give(act("time", minutes=5))
    assert longer.session.state.more_minutes == 5
    longer.pass_time(61_000)
    answers(longer)
    assert told(longer, QuestionAsked)[-1].text == PLAN[1].text


def test_more_time_is_shared_by_the_stages_and_there_is_always_a_minute() -> None:
    rules = Rules(minutes=10, stages=(Stage("experience", 1, 4), Stage("collaboration")))
    longer = rules.lasting(10)
    assert (longer.minutes, longer.stages[0].minutes, longer.stages[1].minutes) == (20, 8, None)
    assert rules.lasting(-30).minutes == 1


def test_a_person_pauses_and_goes_on() -> None:
    who = answering()
    who.give(act("pause"))
    who.speak(3_000)
    assert not told(who, SegmentHeard)
    resume = replace(act("resume").step, step_id="another")
    who.give(PersonActed(resume))
    taken = told(who, ControlTaken)
    assert [(one.control, one.by) for one in taken] == [
        ("pause", "interviewer"),
        ("resume", "interviewer"),
    ]
    assert who.said()[-1].text == PLAN[0].text


def test_a_person_stops_it_and_the_running_answer_is_kept() -> None:
    who = answering(ANSWER)
    who.speak(2_000)
    who.wait(480)
    who.give(act("stop"))
    assert told(who, AnswerGiven)[0].text == ANSWER
    assert told(who, InterviewEnded)[0].reason == "interviewer"


@pytest.mark.parametrize("step", ["listen", "leave", "said"])
def test_what_is_only_told_changes_nothing(step: Step) -> None:
    who = answering()
    before = len(who.facts())
    who.give(act(step, LINE))
    (fact,) = who.facts()[before:]
    assert isinstance(fact, SteppedIn)
    assert fact.turn == 1


# What people write is said.


def begun(*script: str) -> Candidate:
    """The first question was heard, and nothing is asked on an answer."""
    who = candidate(*script, rules=Rules(follow_ups=0))
    who.join()
    who.hear_question()
    return who


@pytest.mark.parametrize("step", ["line", "answer"])
def test_what_a_person_writes_is_said_at_once_where_nobody_speaks(step: Step) -> None:
    who = begun(ANSWER)
    who.give(act(step, LINE))
    said = told(who, QuestionAsked)[-1]
    assert (said.kind, said.source) == ("aside", "interviewer")
    assert said.spoken.endswith(LINE)
    assert who.said()[-1].text == said.spoken
    who.hear_question()
    answers(who)
    (answer,) = told(who, AnswerGiven)
    assert answer.text == ANSWER
    assert told(who, QuestionAsked)[-1].text == PLAN[1].text
    assert sum(LINE in one.spoken for one in told(who, QuestionAsked)) == 1


def test_written_in_the_middle_of_an_answer_it_is_said_before_the_next_question() -> None:
    who = begun(ANSWER, ANSWER)
    who.speak(1_000)
    who.give(act("line", LINE))
    assert len(told(who, QuestionAsked)) == 1
    who.speak(1_000)
    who.wait(4_000)
    said = told(who, QuestionAsked)[-1]
    assert LINE in said.lead
    assert said.text == PLAN[1].text
    who.hear_question()
    answers(who)
    assert LINE not in told(who, QuestionAsked)[-1].spoken


def test_written_while_a_question_is_spoken_it_is_said_behind_it() -> None:
    who = candidate(ANSWER)
    who.join()
    who.wait(500)
    who.give(act("line", LINE))
    assert len(told(who, QuestionAsked)) == 1
    who.hear_question()
    assert who.said()[-1].text.endswith(LINE)
    who.hear_question()
    assert floors(who)[-1] == "listening"
    answers(who)
    assert told(who, AnswerGiven)[0].text == ANSWER


def test_what_is_written_during_the_last_words_is_said_behind_them() -> None:
    who = candidate(ANSWER, rules=Rules(minutes=1, follow_ups=0))
    who.join()
    who.hear_question()
    who.pass_time(61_000)
    answers(who)
    who.give(act("answer", LINE))
    who.hear_question()
    assert who.said()[-1].text.endswith(LINE)
    assert not told(who, InterviewEnded)
    who.hear_question()
    assert told(who, InterviewEnded)[0].reason == "complete"


def test_it_waits_while_a_wish_is_being_confirmed_and_while_a_moment_was_asked_for() -> None:
    who = begun()
    who.give(ControlUsed("moment", "button"))
    who.give(act("line", LINE))
    assert len(told(who, QuestionAsked)) == 1


def test_what_was_not_said_yet_is_said_after_a_crash() -> None:
    who = begun(ANSWER)
    who.speak(1_000)
    who.give(act("line", LINE))
    session = fresh(who.session.interview)
    session.replay(who.facts())
    assert [one.text for one in session.state.unsaid] == [LINE]
    assert session.state.wanted is None


# A person leads by voice.


def taken_over(*script: str) -> Candidate:
    """Before anything was said to the first question."""
    who = begun(*script)
    who.give(act("take_over"))
    who.hear_question()
    return who


def hand_back(who: Candidate) -> None:
    who.give(PersonActed(replace(act("hand_back").step, step_id="another")))


def test_the_candidate_is_told_before_a_person_leads() -> None:
    who = begun()
    who.give(act("take_over"))
    said = told(who, QuestionAsked)[-1]
    assert (said.reason, said.question_id, said.source) == ("taken_over", ID, "interviewer")
    assert who.said()[-1].text == said.text
    assert floors(who)[-1] == "speaking"
    who.hear_question()
    assert floors(who)[-1] == "listening"
    assert who.session.state.led


def test_while_a_person_leads_no_silence_ends_the_answer_and_all_of_it_is_one() -> None:
    who = taken_over(ANSWER, "And then we measured it again.")
    who.speak(2_000)
    who.wait(60_000)
    who.pass_time(400_000)
    who.wait(1_000)
    who.speak(2_000)
    who.wait(20_000)
    assert not told(who, AnswerGiven)
    assert len(told(who, QuestionAsked)) == 2
    hand_back(who)
    who.wait(4_000)
    (answer,) = told(who, AnswerGiven)
    assert answer.text == f"{ANSWER} And then we measured it again."
    assert answer.question_id == ID


def test_what_was_open_when_a_person_took_over_is_asked_again() -> None:
    who = taken_over("I like the sea.", ANSWER)
    answers(who)
    hand_back(who)
    who.wait(4_000)
    again = told(who, QuestionAsked)[-1]
    assert (again.kind, again.text) == ("repeat", PLAN[0].text)
    assert again.lead
    assert PLAN[0].question_id not in who.session.state.answered
    who.hear_question()
    answers(who)
    assert told(who, AnswerGiven)[-1].text == ANSWER
    assert told(who, QuestionAsked)[-1].text == PLAN[1].text


def test_after_an_answer_a_person_takes_over_before_the_next_question_which_is_not_lost() -> None:
    who = begun(ANSWER, "I like the sea.")
    who.speak(1_000)
    who.give(act("take_over"))
    who.speak(1_000)
    assert len(told(who, QuestionAsked)) == 1
    who.wait(4_000)
    assert told(who, QuestionAsked)[-1].reason == "taken_over"
    assert told(who, AnswerGiven)[0].text == ANSWER
    who.hear_question()
    answers(who)
    hand_back(who)
    who.wait(4_000)
    assert told(who, QuestionAsked)[-1].text == PLAN[1].text


def test_taken_over_at_once_what_was_said_is_kept() -> None:
    who = begun(ANSWER)
    who.speak(2_000)
    who.wait(480)
    who.give(act("take_over", now=True))
    assert told(who, AnswerGiven)[0].text == ANSWER
    assert told(who, QuestionAsked)[-1].reason == "taken_over"


def test_taken_over_in_the_middle_of_a_question_it_is_said_to_its_end() -> None:
    who = candidate()
    who.join()
    who.wait(500)
    who.give(act("take_over"))
    assert not any(isinstance(effect, Hush) for effect in who.effects)
    who.hear_question()
    assert told(who, QuestionAsked)[-1].reason == "taken_over"


def test_handed_back_after_nothing_was_said_the_question_comes_again() -> None:
    who = taken_over()
    who.wait(3_000)
    hand_back(who)
    assert told(who, QuestionAsked)[-1].kind == "repeat"


def test_handed_back_while_the_candidate_speaks_they_are_heard_to_their_end() -> None:
    who = taken_over(ANSWER)
    who.speak(1_000)
    hand_back(who)
    assert len(told(who, QuestionAsked)) == 2
    who.speak(1_000)
    who.wait(4_000)
    assert told(who, AnswerGiven)[0].text == ANSWER
    assert told(who, QuestionAsked)[-1].kind == "repeat"


def test_handed_back_before_it_was_announced_to_its_end_the_question_comes_again() -> None:
    who = begun()
    who.give(act("take_over"))
    hand_back(who)
    who.hear_question()
    assert told(who, QuestionAsked)[-1].kind == "repeat"


def test_what_is_typed_while_a_person_leads_is_kept_for_the_answer() -> None:
    who = taken_over()
    who.give(AnswerTyped(ANSWER))
    assert not told(who, AnswerGiven)
    hand_back(who)
    who.wait(4_000)
    assert told(who, AnswerGiven)[0].text == ANSWER


def test_one_person_leads_at_a_time() -> None:
    who = taken_over()
    second = SteppedIn("another", "take_over", "user 2", "Rae")
    who.give(PersonActed(second))
    assert told(who, SteppedIn)[-1].warned == "held"
    leader = who.session.state.leader
    assert leader is not None
    assert leader.step_id == ID


def test_while_a_person_leads_the_candidate_asks_nothing_of_viva_but_a_pause() -> None:
    who = taken_over()
    who.give(ControlUsed("repeat", "button"))
    who.give(ControlUsed("skip", "button"))
    assert len(told(who, QuestionAsked)) == 2
    who.give(ControlUsed("pause", "button"))
    assert who.session.state.paused


def test_who_leads_is_known_after_a_crash_and_the_candidate_is_told_again() -> None:
    who = taken_over()
    session = fresh(who.session.interview)
    session.replay(who.facts())
    assert session.state.led
    effects = session.step(CandidateJoined(marks=True), 0)
    assert [one.text for one in effects if isinstance(one, Say)] == [who.said()[-1].text]


def test_handed_back_while_nobody_is_there_the_interview_goes_on_when_they_come() -> None:
    who = taken_over()
    who.give(CandidateLeft())
    hand_back(who)
    who.join()
    assert told(who, QuestionAsked)[-1].kind == "repeat"


def test_a_person_leads_during_the_last_words_no_more() -> None:
    who = candidate(ANSWER, rules=Rules(minutes=1, follow_ups=0))
    who.join()
    who.hear_question()
    who.pass_time(61_000)
    answers(who)
    who.give(act("take_over"))
    who.hear_question()
    assert told(who, InterviewEnded)[0].reason == "complete"
