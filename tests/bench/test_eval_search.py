"""Search finds what was said by other forms of its words, in both languages."""

from __future__ import annotations

import pytest

from bench.eval_search import figures, load


@pytest.mark.parametrize("language", ["en", "ko"])
def test_fifty_queries(language: str) -> None:
    sample = load(language)
    of = figures(sample)
    assert of.queries == 50
    assert all(1 <= at <= len(sample.sentences) for one in sample.queries for at in one.found)
    assert of.recall >= 0.95, of.errors
    assert of.precision >= 0.95, of.errors
