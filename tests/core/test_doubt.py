"""What had better be asked for again."""

from __future__ import annotations

from server.core.doubt import garbled
from server.core.events import SegmentHeard, SoundsLike

LANGUAGES = ("ko", "en")


def said(
    text: str, sure: float | None = None, spoken: tuple[str, float] | None = None
) -> SegmentHeard:
    language = None if spoken is None else SoundsLike(*spoken)
    return SegmentHeard(1, 1, 0, 900, text, (), "test", None, sure, language)


def test_another_language_is_garbled_only_where_it_is_sure() -> None:
    assert garbled([said("worse sound work", 0.9, ("zh", 0.97))], LANGUAGES)
    assert not garbled([said("we built it in Go", 0.9, ("zh", 0.6))], LANGUAGES)
    assert not garbled([said("우리가 만들었습니다", 0.9, ("ko", 0.97))], LANGUAGES)


def test_words_that_nobody_can_be_sure_of_are_garbled() -> None:
    assert garbled([said("battle lion are writing feature", 0.2)], LANGUAGES)
    assert not garbled([said("battle lion are writing feature", 0.5)], LANGUAGES)


def test_what_no_engine_doubts_and_what_is_mostly_clear_is_an_answer() -> None:
    assert not garbled([], LANGUAGES)
    assert not garbled([said("I moved the export to Airflow.")], LANGUAGES)
    clear = said("I moved the nightly export to Airflow and it held.", 0.9)
    assert not garbled([clear, said("blur", 0.1)], LANGUAGES)
    assert garbled([said("blur blur blur blur blur", 0.1), said("I moved", 0.9)], LANGUAGES)
