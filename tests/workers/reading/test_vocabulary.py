from __future__ import annotations

import pytest

from workers.reading.vocabulary import column_kind, goes_on, happening, is_placeholder, shapes


@pytest.mark.parametrize(
    ("token", "shape"),
    [
        ("(주)가온", "form"), ("주식회사", "form"), ("GmbH", "form"), ("가온대학교", "school"),
        ("University", "school"), ("Musterschule", "school"), ("학사", "degree"),
        ("B.Sc.", "degree"), ("개발팀", "dept"), ("주임", "rank"), ("Engineer", "role"),
        ("컴퓨터공학과", "field"),
    ],
)  # fmt: skip
def test_words_have_shapes(token: str, shape: str) -> None:
    assert shape in shapes(token)


def test_heads_of_columns() -> None:
    assert [column_kind(text) for text in ("기간", "회사명", "직 위", "Employer", "Zürich")] == [
        "date", "org", "title", "org", None,
    ]  # fmt: skip


def test_what_happened_stands_in_the_last_word() -> None:
    assert happening("株式会社サンプル 入社") == ("株式会社サンプル", "begins", "work")
    assert happening("見本大学 工学部 卒業") == ("見本大学 工学部", "ends", "school")
    assert happening("株式会社サンプル") is None
    assert goes_on("現在に至る")


@pytest.mark.parametrize(
    "text",
    [
        "Your Position or Tagline Here",
        "Job title",
        "Título del CV (opcional)",
        "회사명을 입력하세요",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)
    assert not is_placeholder("Position Sensor Engineer")
