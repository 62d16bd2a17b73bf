"""What was lost, doubled or left open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.load.clips import Clip
from server.load.verdict import Held, Verdict, faults

SAID = "we moved the billing service to a queue"


def fact(seq: int, kind: str, **data: Any) -> dict[str, Any]:
    return {"seq": seq, "kind": kind, "data": {"turn": 1, "segment": 1, **data}}


WELL = Held(
    "i",
    [(Clip("a.wav", bytes(64_000), SAID), 1.0)],
    {(1, 1): SAID},
    {1: SAID},
    [
        fact(1, "segment_pending"),
        fact(2, "segment_heard", text=SAID),
        fact(3, "answer_given", text=SAID),
    ],
    {1: SAID},
    "candidate",
)


def test_where_all_is_well_there_is_none() -> None:
    verdict = Verdict()
    verdict.add(WELL)
    assert (verdict.faults, verdict.word_errors, verdict.missing) == ([], 0.0, 0)
    assert (verdict.said, verdict.clips, verdict.seconds) == (8, 1, 2.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"facts": WELL.facts[1:]}, "not numbered"),
        ({"facts": WELL.facts[::2]}, "stored 0 times"),
        (
            {"facts": [*WELL.facts, fact(4, "segment_heard", text=SAID)]},
            "the caption 1.1 is stored 2 times",
        ),
        ({"transcripts": {1: "we moved"}}, "not stored as it was shown"),
        ({"transcripts": {2: SAID}}, "the answer to question 2 is not stored"),
        ({"answers": {}}, "does not read as its last fact"),
        (
            {"facts": [*WELL.facts, fact(4, "segment_pending", segment=2)]},
            "1 segments are no words",
        ),
        ({"end": None}, "it did not end"),
    ],
)
def test_each_fault_is_found_and_says_nothing_of_the_words(
    change: dict[str, Any], said: str
) -> None:
    found = faults(replace(WELL, **change))
    assert any(said in one for one in found)
    assert not any("billing" in one for one in found)


def test_words_that_came_later_make_an_answer_read_otherwise() -> None:
    later = f"{SAID} last year"
    revised = fact(4, "answer_revised", text=later)
    assert faults(replace(WELL, facts=[*WELL.facts, revised], answers={1: later})) == []


def test_missing_words_are_counted_in_a_row_and_a_clip_that_was_broken_off_by_its_share() -> None:
    verdict = Verdict()
    held = replace(WELL, given=[*WELL.given, (WELL.given[0][0], 0.5)])
    text = f"{SAID} we the"
    verdict.add(replace(held, answers={1: text}))
    assert (verdict.said, verdict.missing, verdict.in_a_row) == (12, 2, 1)
    verdict.add(replace(WELL, answers={1: "we queue"}))
    assert verdict.in_a_row == 6
    assert verdict.word_errors == pytest.approx(8 / 20)


def test_where_no_text_is_known_nothing_is_compared() -> None:
    verdict = Verdict()
    verdict.add(replace(WELL, given=[(Clip("a.wav", b"", None), 1.0)]))
    assert (verdict.said, verdict.word_errors, verdict.clips) == (0, 0.0, 1)
