"""What had better be asked for again."""

from __future__ import annotations

from server.core.events import SoundsLike, Unclear
from server.doubt import unclear

LANGUAGES = ("ko", "en")


def why(sure: float | None, spoken: tuple[str, float] | None = None) -> Unclear | None:
    return unclear(sure, None if spoken is None else SoundsLike(*spoken), LANGUAGES)


def test_another_language_is_foreign_only_where_it_is_sure() -> None:
    assert why(0.9, ("zh", 0.97)) == "foreign"
    assert why(0.9, ("zh", 0.6)) is None
    assert why(0.9, ("ko", 0.97)) is None
    assert unclear(0.9, SoundsLike("zh", 0.97), ()) is None, "of no language it is known"


def test_words_that_nobody_can_be_sure_of_are_lost() -> None:
    assert why(0.2) == "lost"
    assert why(0.5) is None
    assert why(None) is None, "an engine that says nothing is believed"
