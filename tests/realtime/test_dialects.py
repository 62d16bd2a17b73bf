"""What every dialect says alike."""

from __future__ import annotations

import pytest

from server.core.events import AnswerGiven
from server.realtime.dialects import Dialect, answer_item, question_item, usage_of_answer
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.terms import Terms
from server.realtime.viva_dialect import VivaDialect


def test_a_question_and_its_answer_are_two_items() -> None:
    assert (question_item(3), answer_item(3)) == ("item_question_3", "item_answer_3")


@pytest.mark.parametrize(
    ("timings", "seconds"),
    [
        ({"speech_start_ms": 1_000, "speech_end_ms": 3_500}, 2.5),
        ({"speech_start_ms": 3_500, "speech_end_ms": 1_000}, 0.0),
        ({}, 0.0),
    ],
)
def test_an_answer_costs_as_much_as_it_was_long(timings: dict[str, int], seconds: float) -> None:
    answer = AnswerGiven(1, "q", "a", "I did.", (), "test", "en", "en", timings)
    assert usage_of_answer(answer) == {"type": "duration", "seconds": seconds}


@pytest.mark.parametrize("dialect", [VivaDialect(), RealtimeDialect(Terms())])
def test_only_our_own_pages_report_what_they_played(dialect: Dialect) -> None:
    assert dialect.marks is isinstance(dialect, VivaDialect)
