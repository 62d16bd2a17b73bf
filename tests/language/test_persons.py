"""Ages and given names by their forms."""

from __future__ import annotations

import pytest

from server.language.persons import AGE, called


@pytest.mark.parametrize("said", ["twenty-six years old", "서른두 살", "41세", "95년생"])
def test_an_age_is_seen(said: str) -> None:
    assert AGE.search(f"{said}, 그때") is not None


@pytest.mark.parametrize("said", ["2 years at the bank", "3세대 장비", "십 년 동안"])
def test_a_span_of_time_is_no_age(said: str) -> None:
    assert AGE.search(said) is None


def test_a_korean_given_name_is_called_alone() -> None:
    assert list(called("서지안")) == ["서지안", "서지안", "지안"]
    assert list(called("Jian Seo")) == ["Jian Seo", "Jian", "Seo"]
