"""A spreadsheet program reads what was written, and runs none of it."""

from __future__ import annotations

import csv
import io

import pytest

from server.evidence.sheet import written


def read(*rows: tuple[str | int | None, ...]) -> list[list[str]]:
    text = b"".join(written(("이름", "note"), rows)).decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_as_rfc_4180_has_it_behind_the_mark_that_excel_looks_for() -> None:
    whole = b"".join(written(("이름", "a,b"), [("김\n민지", 'say "yes"'), (None, 7)]))
    assert whole == ('\ufeff이름,"a,b"\r\n"김\n민지","say ""yes"""\r\n,7\r\n').encode()


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1+cmd|'/C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1", "|x"],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    (_, row) = read((cell, "x"))
    assert row == [f"'{cell}", "x"]


def test_what_is_none_stays_as_it_is() -> None:
    assert read(("Kim = Lee", "a@b.example"), (-3, ""))[1:] == [
        ["Kim = Lee", "a@b.example"],
        ["-3", ""],
    ]
