"""What had better be asked for again."""

from __future__ import annotations

from server.core.doubt import garbled, unclear
from server.core.events import SegmentHeard, SoundsLike, Unclear

LANGUAGES = ("ko", "en")


def why(sure: float | None, spoken: tuple[str, float] | None = None) -> Unclear | None:
    return unclear(sure, None if spoken is None else SoundsLike(*spoken), LANGUAGES)


def said(text: str, why: Unclear | None = None) -> SegmentHeard:
    return SegmentHeard(1, 1, 0, 900, text, (), "test", unclear=why)


def test_another_language_is_foreign_only_where_it_is_sure() -> None:
    assert why(0.9, ("zh", 0.97)) == "foreign"
    assert why(0.9, ("zh", 0.6)) is None
    assert why(0.9, ("ko", 0.97)) is None
    assert unclear(0.9, SoundsLike("zh", 0.97), ()) is None, "of no language it is known"


def test_words_that_nobody_can_be_sure_of_are_lost() -> None:
    assert why(0.2) == "lost"
    assert why(0.5) is None
    assert why(None) is None, "an engine that says nothing is believed"


def test_what_is_mostly_clear_is_an_answer() -> None:
    assert not garbled([])
    assert not garbled([said("I moved the export to Airflow.")])
    clear = said("I moved the nightly export to Airflow and it held.")
    assert not garbled([clear, said("blur", "lost")])
    assert garbled([said("blur blur blur blur blur", "lost"), said("I moved")])
