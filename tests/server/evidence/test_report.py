"""What a report holds before any model has looked."""

from __future__ import annotations

from datetime import UTC, datetime

from server.core.events import Fact, FloorPassed, SegmentHeard, SteppedIn, UtteranceUnderstood
from server.evidence.report import content, digest, unread
from tests.server.evidence.test_topics import ANSWERS, ROWS, answer

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def understood(turn: int, *, noted: bool) -> UtteranceUnderstood:
    return UtteranceUnderstood(
        turn, "question_company", 0.9, "none", False, False, ("question_company",), "answer", False,
        noted=noted,
    )  # fmt: skip


FACTS: list[Fact] = [
    FloorPassed(1, "speaking", 0),
    FloorPassed(1, "listening", 2_000),
    SegmentHeard(1, 1, 2_500, 4_000, "Is it weekly?", (), "test"),
    understood(1, noted=True),
    FloorPassed(1, "thinking", 4_000),
    FloorPassed(2, "speaking", 5_000),
    FloorPassed(2, "listening", 6_000),
    SegmentHeard(2, 1, 6_000, 7_000, "Where is it?", (), "test"),
    understood(2, noted=False),
    FloorPassed(3, "speaking", 9_000),
]
WHOLE = content(ROWS, ANSWERS, [(fact, NOW) for fact in FACTS], lambda *_: ())


def test_when_each_turn_was_whose() -> None:
    assert [(one.turn, one.asked_ms, one.listened_ms, one.ended_ms) for one in WHOLE.passages] == [
        (1, 0, 2_000, 4_000), (2, 5_000, 6_000, 9_000), (3, 9_000, None, None),
    ]  # fmt: skip
    assert WHOLE.duration_ms == 9_000


def test_what_was_typed_from_first_to_last_has_no_times_of_sound() -> None:
    typed = [FloorPassed(1, "speaking", 0), FloorPassed(1, "listening", 0)]
    answers = [{**one, "words": []} for one in ANSWERS]
    report = content(ROWS, answers, [(fact, NOW) for fact in typed], lambda *_: ())
    assert report.duration_ms == 0
    assert [(one.turn, one.asked_ms, one.listened_ms) for one in report.passages] == [
        (1, None, None)
    ]


def test_what_the_candidate_asked_and_whether_it_was_answered() -> None:
    assert [(one.turn, one.at_ms, one.text, one.answered) for one in WHOLE.questions] == [
        (1, 2_500, "Is it weekly?", False), (2, 6_000, "Where is it?", True),
    ]  # fmt: skip


def test_without_a_model_a_line_has_the_answers_to_its_probes() -> None:
    care, other = WHOLE.criteria
    did, why = unread(care, WHOLE.topics)
    assert (did.status, [one.sentence.number for one in did.statements]) == ("unread", [3, 4])
    assert (why.status, why.statements) == ("unread", ())
    assert [line.status for line in unread(other, WHOLE.topics)] == ["not_asked"]


def test_the_same_words_are_the_same_report_and_others_another() -> None:
    again = content(ROWS, ANSWERS, [], lambda *_: ("a", "b", "c", "d"))
    assert digest(again) == digest(WHOLE)
    corrected = content(ROWS, [answer(1, "I did not."), *ANSWERS[1:]], [], lambda *_: ())
    assert digest(corrected) != digest(WHOLE)


def test_a_person_may_have_answered_it() -> None:
    answered = SteppedIn("s", "answer", "see", "Dana Whitlock", "Yes, weekly.", about=1)
    told = [(fact, NOW) for fact in (*FACTS, answered)]
    first, second = content(ROWS, ANSWERS, told, lambda *_: ()).questions
    assert (first.answered, first.by) == (True, "Dana Whitlock")
    assert (second.answered, second.by) == (True, None)
