from __future__ import annotations

import pytest

from workers.reading.dates import find_span, find_spans, is_date, is_duration


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
        ("2021.03 - 08", "2021-03", "2021-08"),
        ("2021 01 - 08", "2021-01", "2021-08"),
        ("2022 08", "2022-08", None),
        ("März 2024 - voraussichtlich August 2025", "2024-03", "2025-08"),
        ("'21.03 ~ '22.01", "2021-03", "2022-01"),
        ("21.03 ~ 22.05", "2021-03", "2022-05"),
        ("2018 年 8 月 - 2022 年 12 月", "2018-08", "2022-12"),
        ("2022 年 7 月 - 至今", "2022-07", "present"),
        ("Sep 15 - NOW", "2015-09", "present"),
        ("07 2023 - 10 2023", "2023-07", "2023-10"),
        ("01/2020 - heute", "2020-01", "present"),
        ("seit März 2020", "2020-03", "present"),
        ("janvier 2020 à ce jour", "2020-01", "present"),
        ("平成31年3月 〜 令和元年9月", "2019-03", "2019-09"),
        ("June – August 2019", "2019-06", "2019-08"),
        ("Mai bis September 2017", "2017-05", "2017-09"),
        ("August und September 2020", "2020-08", "2020-09"),
        ("2018-19", "2018", "2019"),
        ("2019.03 ~", "2019-03", "present"),
        ("September 2023 - December 2024 (1 year 4 months)", "2023-09", "2024-12"),
        ("03/15/2021 - 04/22/2022", "2021-03-15", "2022-04-22"),
        ("2021 Mar - 2022 Feb", "2021-03", "2022-02"),
        ("Jan-2020 - Feb-2021", "2020-01", "2021-02"),
        ("01.04.2019 – 31.03.2021", "2019-04-01", "2021-03-31"),
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


@pytest.mark.parametrize("text", ["010-1234-5678", "version 3.12", "3.8/4.0", "192.168.2010"])
def test_numbers_that_are_no_dates(text: str) -> None:
    assert find_spans(text) == ()


@pytest.mark.parametrize("text", ["1 year 4 months", "7개월", "2년 4개월", "3 yrs"])
def test_how_long_it_took_is_no_date(text: str) -> None:
    assert is_duration(text)
    assert not is_date(text)


def test_the_rest_of_the_line_is_kept() -> None:
    assert find_span("Northwind Ltd (2019.01 - 2020.02)") == ("2019-01", "2020-02", "Northwind Ltd")


def test_a_quarter_is_no_month() -> None:
    assert [span.start for span in find_spans("Q3 2022")] == ["2022"]
