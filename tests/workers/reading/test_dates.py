from __future__ import annotations

import pytest

from workers.reading.dates import find_span, is_date


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021.03 ~ 현재", "2021-03", "present"),
        ("2023 년 7 월 - 2023 년 8 월", "2023-07", "2023-08"),
        ("2019년 3월 1일 – 2020년 2월 28일", "2019-03-01", "2020-02-28"),
        ("Mar 2021 - Present", "2021-03", "present"),
        ("Summer 2022", "2022-06", None),
        ("09/2015 – 06/2019", "2015-09", "2019-06"),
        ("2014 - 2018", "2014", "2018"),
        ("'21.03 ~ '22.01", "2021-03", "2022-01"),
    ],
)
def test_spans(text: str, start: str, end: str | None) -> None:
    found = find_span(text)
    assert found is not None
    assert found[:2] == (start, end)
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["Northwind Ltd", "010-1234-5678", "Python 3", "결제 서버 2021 개선"]
)
def test_what_is_not_only_a_date(text: str) -> None:
    assert not is_date(text)


def test_the_rest_of_the_line_is_kept() -> None:
    assert find_span("Northwind Ltd (2019.01 - 2020.02)") == ("2019-01", "2020-02", "Northwind Ltd")
