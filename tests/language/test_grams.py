"""Hashed n-grams."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.language.grams import BUCKETS, grams, shared


@given(st.text(max_size=200))
def test_any_text_has_columns_and_length_one(text: str) -> None:
    columns, weights = grams(text)
    assert columns.min() >= 0
    assert columns.max() < BUCKETS
    assert np.all(np.diff(columns) > 0)
    assert np.isclose(np.linalg.norm(weights), 1, atol=1e-4)


def test_case_and_spaces_do_not_count() -> None:
    assert np.array_equal(grams("Could  you\nrepeat?")[0], grams("could you repeat?")[0])
    assert not np.array_equal(grams("잠깐만요")[0], grams("잠시만요")[0])


def test_what_is_taken_from_the_question_is_seen() -> None:
    question = "How do you plan a difficult shift?"
    assert shared("a difficult shift", question) > 0.8
    assert shared("bread and butter", question) < 0.2
