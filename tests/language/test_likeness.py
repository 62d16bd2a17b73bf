"""Whether evidence stands in an answer."""

from __future__ import annotations

import time

import pytest

from server.language.likeness import grounded

LEDGER = (
    "At Northgate I rebuilt the settlement ledger in Go, the nightly batch lost about four hundred"
    " euros a month, and I had two people with me."
)
ALERTS = (
    "가온에서 카프카로 로그를 모아서 오탐을 사십 퍼센트 줄였습니다. 처음에는 이천 건쯤이었어요."
)


@pytest.mark.parametrize(
    ("evidence", "answer", "stands"),
    [
        ("rebuilt the settlement ledger", LEDGER, True),
        ("Rebuild the settlement ledgers,", LEDGER, True),
        ("오탐을 사십퍼센트 줄였", ALERTS, True),
        ("we moved to the cloud", LEDGER, False),
        ("방화벽을 전부 교체했습니다", ALERTS, False),
        ("", LEDGER, False),
    ],
)
def test_evidence_stands_in_the_answer(evidence: str, answer: str, stands: bool) -> None:
    assert grounded(evidence, answer) is stands


LONG = " ".join(f"In week {n} I walked the line with the night shift." for n in range(400))


def test_evidence_stands_in_one_place_of_a_long_answer() -> None:
    answer = f"{LONG} Then I swapped the torn gasket for a silicon one. {LONG}"
    began = time.thread_time()
    assert grounded("I swapped the torn gaskets for silicone ones", answer)
    assert not grounded("I wrote to the supplier and sent all of it back", answer)
    assert not grounded("wolf shine thaw girl king twin lash", answer), "letters are no words"
    assert (time.thread_time() - began) / 3 < 0.02, "answers may be of any length"


@pytest.mark.parametrize("evidence", ["I", "to", "음", "."])
def test_a_word_that_says_nothing_is_no_evidence(evidence: str) -> None:
    assert not grounded(evidence, "I had to, 음, stop.")
