"""Where time is short, what counts less is left out first, and gone into less."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.dialogue.coverage import RESERVE_MS, Coverage
from server.core.events import Kind, PlannedQuestion, QuestionAsked, Source
from server.core.rules import Rules
from server.core.state import Memory

MINUTE = 60_000
RULES = Rules(minutes=10, follow_ups=3, weights={"Handover": 3, "Hygiene": 1})
END = RULES.total_ms


def question(ordinal: int, competency: str, stage: str = "experience") -> PlannedQuestion:
    source: Source = "bank" if competency == "" else "interviewer"
    return PlannedQuestion(
        f"q{ordinal}", ordinal, f"Question {ordinal}?", stage, source, competency=competency
    )


PLAN = [
    question(1, "", "introduction"),
    question(2, "hygiene "),
    question(3, "Hygiene"),
    question(4, "HANDOVER"),
    question(5, "", "closing"),
]


def coverage(asked: int, rules: Rules = RULES) -> Coverage:
    """After so many questions of the plan."""
    memory = Memory("en")
    memory.plan(PLAN)
    for turn, one in enumerate(PLAN[:asked], start=1):
        kind: Kind = "opening" if turn == 1 else "planned"
        memory.tell(
            QuestionAsked(
                turn, one.question_id, one.text, one.source, kind, one.stage, None, None, None
            )
        )
    return Coverage(rules, memory.state, lambda one, other: one == other)


def next_id(at_ms: int, rules: Rules = RULES, asked: int = 1) -> str | None:
    found = coverage(asked, rules).next(at_ms)
    return found.question_id if found else None


def test_with_time_enough_all_is_asked_in_the_order_it_was_written() -> None:
    assert [next_id(MINUTE, asked=n) for n in (1, 2, 3, 4)] == ["q2", "q3", "q4", "q5"]


def test_what_counts_less_is_left_out_first() -> None:
    room = END - 2 * RESERVE_MS
    assert next_id(room) == "q2", "there is time for it and for what counts more"
    assert next_id(room + 1) == "q4"
    assert next_id(END - 1) == "q4"
    assert next_id(END) is None


@pytest.mark.parametrize("weights", [{}, {"Handover": 2, "Hygiene": 2}])
def test_without_weights_or_with_equal_ones_nothing_gives_way(weights: dict[str, int]) -> None:
    assert next_id(END - 1, replace(RULES, weights=weights)) == "q2"


def test_what_was_left_out_says_so() -> None:
    done = coverage(1)
    asked = QuestionAsked(2, "q4", PLAN[3].text, "interviewer", "planned", "experience", "", "", "")
    state = done.state.apply(asked)
    after = Coverage(RULES, state, done.same)
    assert [after.became(one) for one in PLAN[1:3]] == [("skipped", "time")] * 2


def test_nothing_is_gone_into_while_what_counts_more_needs_the_time() -> None:
    light, heavy = coverage(2), coverage(4)
    plain = coverage(2, replace(RULES, weights={}))
    # Three that an interviewer wrote, or the last word, are ahead; one of them counts more.
    assert light.follow_up_due(END - 4 * RESERVE_MS - 1)
    assert not light.follow_up_due(END - 4 * RESERVE_MS)
    assert plain.follow_up_due(END - 3 * RESERVE_MS - 1)
    assert heavy.follow_up_due(END - RESERVE_MS - 1), "nothing is ahead but the last word"
