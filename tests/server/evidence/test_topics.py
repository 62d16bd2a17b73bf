"""A planned question and its probes are one topic; topics of one competency one criterion."""

from __future__ import annotations

from typing import Any

from server.evidence.topics import criteria, topics


def question(
    number: int, turn: int | None, kind: str = "planned", parent: int | None = None, **more: Any
) -> dict[str, Any]:
    own = kind == "planned"
    return {
        "id": number, "turn": turn, "text": f"Question {number}?", "kind": kind, "source": "bank",
        "line": None, "parent": parent, "ordinal": number if own else None,
        "stage": "experience", "competency": "Care" if own else "", "rubric": ["Did it"] if own
        else [], "outcome": None, "outcome_reason": None, "rests_on": [], **more,
    }  # fmt: skip


def answer(turn: int, text: str = "I did. It held.") -> dict[str, Any]:
    return {"id": 100 + turn, "turn": turn, "text": text, "clear": text, "words": []}


ROWS = [
    question(1, 1),
    question(2, 2, "follow_up", 1, line="Did it"),
    question(3, 3, "repeat", 2),
    question(4, 4, rubric=["Did it", "Says why"]),
    question(5, None, competency="Other"),
    question(6, 5, "aside"),
]
ANSWERS = [answer(1), answer(3), answer(4)]


def test_probes_and_repetitions_belong_to_what_they_follow() -> None:
    found = topics(ROWS, ANSWERS)
    assert [(one.question_id, one.asked) for one in found] == [
        ("1", True), ("4", True), ("5", False),
    ]  # fmt: skip
    first = found[0]
    assert [one.kind for one in first.exchanges] == ["planned", "follow_up", "repeat"]
    assert first.probes == 1
    numbers = [s.number for one in found for e in one.exchanges for s in e.sentences]
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_a_line_counts_as_asked_where_a_question_of_it_was() -> None:
    care, other = criteria(topics(ROWS, ANSWERS), lambda name, _: ("a", "b", "c", name))
    assert (care.name, care.topics) == ("Care", ("1", "4"))
    assert care.lines == (("Did it", True), ("Says why", True))
    assert care.levels[-1] == "Care"
    assert other.lines == (("Did it", False),)
    assert (care.asked, other.asked) == (True, False)


def test_a_question_that_is_its_own_parent_ends() -> None:
    (one,) = topics([question(1, 1, "follow_up", 1)], [])
    assert one.exchanges[0].answer_id is None
