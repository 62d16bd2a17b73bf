"""A level follows from the lines found, and is suggested only where readings agree."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.evidence.level import AGREED, LEVELS, RUNS, level, suggest
from server.evidence.lines import Found

T, F = True, False


@pytest.mark.parametrize(
    ("shown", "beyond", "expected"),
    [
        ([F, F], T, "definitely_no"),
        ([T, F], T, "no"),
        ([T, T], F, "yes"),
        ([T, T], T, "strong_yes"),
        ([T, T, F], F, "yes"),
        ([T, F, F], F, "no"),
        ([T], T, "strong_yes"),
        ([T, T], None, "yes"),
        ([T, T, T], None, "strong_yes"),
        ([T, T, F], None, "yes"),
        ([], T, "definitely_no"),
    ],
)
def test_the_level_of_lines(shown: list[bool], beyond: bool | None, expected: str) -> None:
    assert level(shown, beyond=beyond) == expected


def test_more_shown_is_never_less_and_the_order_of_lines_no_matter() -> None:
    for count, beyond in product(range(1, 5), (T, F, None)):
        for shown in product((T, F), repeat=count):
            of = level(shown, beyond=beyond)
            assert of == level(sorted(shown), beyond=beyond)
            for place in range(count):
                more = [*shown[:place], True, *shown[place + 1 :]]
                assert LEVELS.index(level(more, beyond=beyond)) >= LEVELS.index(of)


def run(*sentences: tuple[int, ...]) -> list[Found]:
    return [Found(line, found) for line, found in enumerate(sentences)]


YES, NO = run((1,), (2,), ()), run((1,), (), ())


@pytest.mark.parametrize(("agree", "suggested"), [(7, "yes"), (6, "yes"), (5, None), (4, None)])
def test_it_is_withheld_where_readings_disagree(agree: int, suggested: str | None) -> None:
    made = suggest([YES] * agree + [NO] * (RUNS - agree), 2, (1, 2), anchored=True)
    assert (made.level, made.agree, made.runs) == (suggested, agree, RUNS)
    assert sum(made.spread.values()) == RUNS


def test_too_few_readings_or_sentences_carry_nothing() -> None:
    assert suggest([YES] * (AGREED - 1), 2, (1,), anchored=True).level is None
    assert suggest([], 2, (), anchored=True).level is None
    assert suggest([YES] * RUNS, 2, (), anchored=True).level is None
    nothing = suggest([run((), (), ())] * RUNS, 2, (), anchored=True)
    assert nothing.level == "definitely_no"


@given(st.permutations([YES] * 6 + [NO]))
def test_the_order_of_readings_is_no_matter(runs: list[list[Found]]) -> None:
    assert suggest(runs, 2, (1,), anchored=True).level == "yes"
