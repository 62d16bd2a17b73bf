"""How far an interview has come: what begins a topic, and what leaves one out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events import Kind, PlannedQuestion, QuestionAsked, SteppedIn
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.state import TAKEN_OVER, State
from server.language.pack import shipped
from server.realtime.progress import Progress, progress

PLAN = tuple(
    PlannedQuestion(f"q{n}", n, text, "experience", "bank")
    for n, text in enumerate(("Who are you?", "What did you build?", "What failed?"), 1)
)
RULES = Rules(minutes=30)


def asked(turn: int, question_id: str, kind: Kind, elapsed_ms: int = 0) -> QuestionAsked:
    text = next((one.text for one in PLAN if one.question_id == question_id), "Again?")
    return QuestionAsked(
        turn, question_id, text, "bank", kind, "experience", None, None, None, elapsed_ms=elapsed_ms
    )


OPENING = asked(1, "q1", "opening")


@pytest.fixture(scope="module")
def interview() -> Interview:
    return Interview("1", "Engineer", "en", packs=shipped(), rules=RULES)


def test_before_the_first_question_it_is_known_how_many_come(interview: Interview) -> None:
    assert progress(interview, State("en", plan=PLAN)) == Progress(0, 3, 1_800_000)


@pytest.mark.parametrize("kind", ["repeat", "rephrase", "confirm", "aside", "follow_up"])
def test_what_is_said_to_the_same_topic_begins_none(interview: Interview, kind: Kind) -> None:
    state = State("en", plan=PLAN, asked=(OPENING, asked(2, "r", kind, 90_000)))
    assert progress(interview, state) == Progress(1, 3, 1_710_000)


def test_the_next_of_the_plan_does(interview: Interview) -> None:
    state = State("en", plan=PLAN, asked=(OPENING, asked(2, "q2", "planned")))
    assert progress(interview, state)[:2] == (2, 3)


def test_what_is_left_out_is_no_topic_any_more(interview: Interview) -> None:
    state = State("en", plan=PLAN, asked=(OPENING,), settled={"q3": ("skipped", "covered")})
    assert progress(interview, state)[:2] == (1, 2)


def test_what_a_person_wants_asked_is_one_and_that_they_take_over_is_none(
    interview: Interview,
) -> None:
    person = replace(asked(2, "s", "planned"), source="interviewer")
    state = State("en", plan=PLAN, asked=(OPENING, person))
    assert progress(interview, state)[:2] == (2, 4)
    led = State("en", plan=PLAN, asked=(OPENING, replace(person, reason=TAKEN_OVER)))
    assert progress(interview, led)[:2] == (1, 3)


def test_a_person_may_give_more_time_and_none_is_owed(interview: Interview) -> None:
    more = SteppedIn("s", "time", "user 1", "Mina", "", turn=1, minutes=5)
    state = State("en", plan=PLAN, asked=(OPENING,), steps=(more,))
    assert progress(interview, state).left_ms == 2_100_000
    late = State("en", plan=PLAN, asked=(replace(OPENING, elapsed_ms=2_000_000),))
    assert progress(interview, late).left_ms == 0
