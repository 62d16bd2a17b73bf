"""What nobody could make out is kept, asked for again once, and never quoted, followed or rated."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    AnswerTyped,
    CandidateLeft,
    EndRequested,
    ItemSettled,
    QuestionAsked,
    SegmentHeard,
    SegmentTranscribed,
    SoundsLike,
    Unclear,
    Understand,
)
from server.core.events.answer import GAP, Answer
from server.wording.brief import brief
from tests.core.candidate import ANSWER, PLAN, Candidate
from tests.core.test_session import answering, told

BLUR = "We sold worse boats to the other battle lions in the yard."
REST = "And then I wrote the rollback."
CHINESE = SoundsLike("zh", 0.95)


def hear(who: Candidate, segment: int, text: str, *, unclear: bool = False) -> None:
    """The candidate says a segment of the running turn, and pauses."""
    who.speak(1_500)
    who.wait(400)
    spoken = CHINESE if unclear else SoundsLike("en", 0.95)
    turn = who.session.turn
    who.give(SegmentTranscribed(turn, segment, text, (), "test", 90, 0.9, spoken))


def asked_again() -> Candidate:
    """Who said one thing that was clear and more that was not, and was asked for that once more."""
    who = answering()
    hear(who, 1, REST)
    hear(who, 2, BLUR, unclear=True)
    who.wait(5_000)
    again = told(who, QuestionAsked)[-1]
    assert (again.kind, again.reason) == ("aside", "garbled")
    assert "type it" in again.text
    assert not told(who, AnswerGiven)
    who.hear_question()
    return who


def test_why_is_told_with_the_segment() -> None:
    who = asked_again()
    assert [one.unclear for one in told(who, SegmentHeard)] == [None, "foreign"]


@pytest.mark.parametrize("typed", [True, False])
def test_what_is_said_or_typed_then_takes_the_place_of_the_unclear_part(typed: bool) -> None:
    who = asked_again()
    if typed:
        who.give(AnswerTyped(ANSWER, "one", who.session.turn))
    else:
        hear(who, 1, ANSWER)
    who.wait(5_000)
    (given,) = told(who, AnswerGiven)
    assert (given.text, given.clear) == (f"{REST} {ANSWER}", None)
    assert who.session.state.history[0].answer == given.text
    assert BLUR in [one.text for one in told(who, SegmentHeard)], "it stays said"


def test_in_one_answer_too() -> None:
    who = answering()
    hear(who, 1, f"{ANSWER} {ANSWER}")
    hear(who, 2, BLUR, unclear=True)
    who.give(AnswerTyped(REST, "one", 1))
    (given,) = told(who, AnswerGiven)
    assert (given.text, given.clear) == (f"{ANSWER} {ANSWER} {REST}", None)


def test_the_lesser_part_is_in_the_answer_but_nothing_is_made_of_it() -> None:
    who = answering()
    hear(who, 1, f"{ANSWER} {ANSWER}")
    hear(who, 2, BLUR, unclear=True)
    who.wait(5_000)
    (given,) = told(who, AnswerGiven)
    assert given.text == f"{ANSWER} {ANSWER} {BLUR}"
    assert given.clear == f"{ANSWER} {ANSWER} {GAP}"
    assert who.session.state.history[0].answer == given.clear
    asked = [one for one in who.effects if isinstance(one, Understand)]
    assert BLUR not in asked[-1].text


def test_a_model_is_not_told_of_it() -> None:
    who = answering(writer=True)
    hear(who, 1, f"{ANSWER} {ANSWER}")
    hear(who, 2, BLUR, unclear=True)
    while not (asked := who.briefs()):
        who.wait(200)
    session = who.session
    told_of = brief(session.interview, session.state, asked[-1].meant)
    assert told_of.history[-1].answer == f"{ANSWER} {ANSWER} {GAP}"


def test_what_is_unclear_twice_is_kept_and_counts_for_nothing() -> None:
    who = answering()
    for _ in range(2):
        hear(who, 1, BLUR, unclear=True)
        who.wait(5_000)
        who.hear_question()
    (given,) = told(who, AnswerGiven)
    assert (given.text, given.clear) == (BLUR, GAP)
    assert told(who, QuestionAsked)[-1].kind == "planned", "it is not followed"
    assert PLAN[0].question_id not in who.session.state.answered
    (settled,) = told(who, ItemSettled)
    assert (settled.outcome, settled.reason) == ("asked", "unclear")


def test_what_was_clear_counts_although_the_rest_never_came() -> None:
    who = asked_again()
    who.give(CandidateLeft())
    who.give(EndRequested("interviewer"))
    (given,) = told(who, AnswerGiven)
    assert given.text == REST
    assert PLAN[0].question_id in who.session.state.answered


def test_what_comes_late_is_judged_as_well() -> None:
    who = answering()
    hear(who, 1, ANSWER)
    who.speak(1_500)
    who.wait(25_000)
    assert who.session.state.pending
    late = SegmentTranscribed(1, 2, BLUR, (), "test", 90, 0.9, CHINESE)
    who.give(late)
    revised = told(who, AnswerRevised)[-1]
    assert (revised.text, revised.clear) == (f"{ANSWER} {BLUR}", f"{ANSWER} {GAP}")
    assert who.session.state.history[0].answer == revised.clear


def test_what_is_typed_later_takes_its_place_in_an_answer_that_was_given() -> None:
    who = answering()
    hear(who, 1, f"{ANSWER} {ANSWER}")
    hear(who, 2, BLUR, unclear=True)
    who.wait(5_000)
    who.hear_question()
    who.give(AnswerTyped(REST, "late", 1))
    revised = told(who, AnswerRevised)[-1]
    assert (revised.text, revised.clear) == (f"{ANSWER} {ANSWER} {REST}", None)


def test_gaps_beside_each_other_are_one_and_what_is_said_twice_stays() -> None:
    answer = Answer()
    for segment, text in enumerate(["yes", "mud", "mire", "", "no", "no"], start=1):
        why: Unclear | None = "lost" if text.startswith("m") else None
        answer = answer.add(SegmentHeard(1, segment, 0, 900, text, (), "test", unclear=why))
    assert answer.marked == f"yes {GAP} no no"


def said(*segments: tuple[str, Unclear | None]) -> Answer:
    return Answer(
        tuple(
            SegmentHeard(1, number, 0, 900, text, (), "test", unclear=why)
            for number, (text, why) in enumerate(segments, start=1)
        )
    )


def test_what_is_mostly_clear_is_an_answer() -> None:
    clear, blur = "I moved the nightly export to Airflow and it held.", "blur blur blur blur blur"
    assert not Answer().garbled
    assert not said((clear, None)).garbled
    assert not said((clear, None), ("blur", "lost")).garbled
    assert said((blur, "lost"), ("I moved", None)).garbled
