"""Whose last words may be the context of their next."""

from __future__ import annotations

from server.engines.utterance import REMEMBERED, Trust


def test_after_doubtful_words_there_is_no_context_until_clear_ones_come() -> None:
    trust = Trust()
    assert trust.context("one", "before") == "before"
    trust.remember("one", doubtful=True)
    assert trust.context("one", "before") == ""
    assert trust.context("other", "before") == "before"
    trust.remember("one", doubtful=False)
    assert trust.context("one", "before") == "before"


def test_it_remembers_so_many_and_forgets_the_oldest() -> None:
    trust = Trust()
    for number in range(REMEMBERED + 1):
        trust.remember(str(number), doubtful=True)
    assert trust.context("0", "before") == "before"
    assert trust.context("1", "before") == ""
