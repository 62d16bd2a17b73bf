"""Errors are counted in what was said, not in how it is written."""

from __future__ import annotations

import numpy as np
import pytest

from bench.eval_stt import errors_in, interval
from bench.readings import Reading, units
from server.core.events import Language

SILENCE = np.zeros(0, np.int16)


@pytest.mark.parametrize(
    ("language", "written", "heard"),
    [
        (
            "en",
            "You'll see four tabs, and it won't wait.",
            "you will see 4 tabs and it will not wait",
        ),
        ("en", "Um, twenty-one people can't come", "21 people cannot come."),
        ("en", "one zero | nine oh", "10 90"),
        ("ko", "탭 4개를 Microsoft에서", "탭 네개를 마이크로소프트에서"),
    ],
)
def test_ways_of_writing_are_no_errors(language: Language, written: str, heard: str) -> None:
    assert units(written, language) == units(heard, language)


@pytest.mark.parametrize(
    ("heard", "errors"),
    [("국가 슬래시 언어", 0), ("국가 언어", 0), ("국가 슬래시", 2), ("슬래시 국가 언어", 3)],
)
def test_a_slash_is_read_out_or_not(heard: str, errors: int) -> None:
    assert errors_in(heard, Reading("a", "ko", "국가/언어", SILENCE))[0] == errors


def test_an_interval_knows_that_errors_come_in_company() -> None:
    even = interval([(1, 100)] * 20)
    one = interval([(0, 100)] * 19 + [(20, 100)])
    assert even == (0.01, 0.01)
    assert one[0] == 0.0
    assert one[1] > 0.02
