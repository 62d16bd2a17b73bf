"""What a recogniser made out, with a place, and how sure one may be."""

from __future__ import annotations

import pytest

from workers.scan_words import Found, agreed, has_hangul, words_of

HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
LINE = "4\t1\t1\t1\t1\t0\t100\t200\t400\t40\t-1\t"


def table(*words: tuple[str, int, float]) -> str:
    rows = [
        f"5\t1\t1\t1\t1\t{number}\t{left}\t210\t80\t20\t{sure}\t{text}"
        for number, (text, left, sure) in enumerate(words, start=1)
    ]
    return "\n".join([HEAD, LINE, *rows])


def test_a_word_has_the_height_of_its_line() -> None:
    (word,) = words_of(Found.all_of(table(("Jane", 100, 96.4))), by=0.25)
    assert (word.text, word.size, word.confidence) == ("Jane", 10.0, 0.964)
    assert (word.box.x0, word.box.top, word.box.x1, word.box.bottom) == (25.0, 50.0, 45.0, 60.0)


def test_another_scale_changes_places_and_no_confidence() -> None:
    (word,) = Found.all_of(table(("Jane", 100, 90.0)), by=2.0)
    assert word.box == (200.0, 420.0, 360.0, 460.0)
    assert word.confidence == pytest.approx(0.9)


def test_dust_and_broken_rows_are_no_words() -> None:
    found = Found.all_of(table(("|", 100, 8.0), (" ", 200, 95.0)) + "\n5\t1\tbroken")
    assert found == []


def test_what_another_look_does_not_find_is_not_sure() -> None:
    first = Found.all_of(table(("jane@example.org", 100, 95.0), ("Roe", 300, 95.0)))
    second = Found.all_of(table(("jane@examp1e.org", 100, 95.0), ("Roe", 305, 60.0)))
    assert [each.confidence for each in agreed(first, second)] == [0.4, 0.95]
    elsewhere = Found.all_of(table(("Roe", 500, 95.0)))
    assert all(each.confidence == 0.4 for each in agreed(first, elsewhere))


def test_hangul_is_told_from_specks_of_it() -> None:
    assert has_hangul(Found.all_of(table(("홍길동", 100, 90.0), ("Seoul", 200, 90.0))))
    assert not has_hangul(Found.all_of(table(("ㆍ", 100, 30.0), ("Engineering", 200, 90.0))))
