"""A person steps into a running interview: what they want is asked, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events import (
    AnswerGiven,
    AnswerTyped,
    Compose,
    ControlTaken,
    Hush,
    InterviewEnded,
    PersonActed,
    QuestionAsked,
    QuestionComposed,
    QuestionHeard,
    SegmentHeard,
    Step,
    SteppedIn,
)
from server.core.rules import Rules, Stage
from tests.core.candidate import ANSWER, PLAN, Candidate, asks, fresh
from tests.core.test_session import answering, candidate, floors, told

ID = "00000000-0000-7000-8000-0000000000aa"
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


@pytest.mark.parametrize("step", ["line", "answer", "listen", "leave", "said"])
def test_what_is_only_told_changes_nothing(step: Step) -> None:
    who = answering()
    before = len(who.facts())
    who.give(act(step, "Could you move closer to the microphone?"))
    (fact,) = who.facts()[before:]
    assert isinstance(fact, SteppedIn)
    assert fact.turn == 1


def test_while_a_person_leads_no_silence_ends_the_answer_and_all_of_it_is_one() -> None:
    who = answering(ANSWER, "And then we measured it again.")
    who.give(act("take_over"))
    who.speak(2_000)
    who.wait(60_000)
    who.pass_time(400_000)
    who.wait(1_000)
    who.speak(2_000)
    who.wait(20_000)
    assert not told(who, AnswerGiven)
    assert len(told(who, QuestionAsked)) == 1
    back = replace(act("hand_back").step, step_id="another")
    who.give(PersonActed(back))
    who.wait(1_000)
    assert told(who, AnswerGiven)[0].text == f"{ANSWER} And then we measured it again."
    assert len(told(who, QuestionAsked)) == 2


def test_taken_over_in_the_middle_of_a_question_its_voice_stops() -> None:
    who = candidate()
    who.join()
    who.wait(500)
    who.give(act("take_over"))
    assert any(isinstance(effect, Hush) for effect in who.effects)
    assert floors(who)[-1] == "listening"


def test_handed_back_after_nothing_was_said_the_question_comes_again() -> None:
    who = answering()
    who.give(act("take_over"))
    who.wait(3_000)
    who.give(PersonActed(replace(act("hand_back").step, step_id="another")))
    assert told(who, QuestionAsked)[-1].kind == "repeat"


def test_what_is_typed_while_a_person_leads_is_kept_for_the_answer() -> None:
    who = answering()
    who.give(act("take_over"))
    who.give(AnswerTyped(ANSWER))
    assert not told(who, AnswerGiven)
    who.give(PersonActed(replace(act("hand_back").step, step_id="another")))
    assert told(who, AnswerGiven)[0].text == ANSWER
