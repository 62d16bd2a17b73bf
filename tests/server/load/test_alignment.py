"""What was said beside what was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.load.alignment import alignment, distance, words

WORDS = st.lists(st.sampled_from("abc"), max_size=5)


def fewest(said: list[str], heard: list[str]) -> int:
    """By its definition."""
    if not said or not heard:
        return len(said) + len(heard)
    return min(
        fewest(said[1:], heard[1:]) + (said[0] != heard[0]),
        fewest(said[1:], heard) + 1,
        fewest(said, heard[1:]) + 1,
    )


@given(WORDS, WORDS)
def test_it_has_the_fewest_errors(said: list[str], heard: list[str]) -> None:
    found = alignment(said, heard)
    assert found.errors == fewest(said, heard) == distance("".join(said), "".join(heard))
    assert (len(found.right), len(found.missing)) == (len(heard), len(said))
    exchanged = len(said) - sum(found.missing) - sum(found.right)
    put_in = len(heard) - sum(found.right) - exchanged
    assert found.errors == sum(found.missing) + exchanged + put_in


def test_what_nothing_stands_for_is_missing_and_what_is_misheard_is_not() -> None:
    found = alignment(words("We moved the billing service to a queue."), words("we removed the a"))
    assert found.missing == [False, False, False, True, True, True, False, True]
    assert found.right == [True, False, True, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Speech-to-text, twice.", ["speech", "to", "text", "twice"]),
        ("클릭합니다. ＡＢ", ["클릭합니다", "ab"]),
        (" — ", []),
    ],
)
def test_words_have_no_capitals_and_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected
