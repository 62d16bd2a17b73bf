"""The same question stands in one row, whatever its place, language and id."""

from __future__ import annotations

from server.evidence.comparison import Planned, aligned


def planned(ordinal: int, *texts: str) -> Planned:
    return Planned(f"q-{ordinal}-{texts[0]}", ordinal, frozenset(texts))


def test_what_is_worded_alike_in_any_language_is_one_row() -> None:
    first = [planned(1, "Hello", "안녕"), planned(2, "Queue?", "큐?"), planned(3, "Only mine?")]
    second = [planned(1, "안녕", "Hello"), planned(2, "제 것만?"), planned(4, "큐?", "Queue?")]
    rows = aligned([first, second])
    assert [[one and one.ordinal for one in row.questions] for row in rows] == [
        [1, 1], [2, 4], [3, None], [None, 2],
    ]  # fmt: skip
    assert [row.common for row in rows] == [True, True, False, False]


def test_of_three_two_may_share_a_question() -> None:
    rows = aligned([[planned(1, "a")], [planned(1, "b")], [planned(1, "b"), planned(2, "a")]])
    assert [[one and one.ordinal for one in row.questions] for row in rows] == [
        [1, None, 2], [None, 1, 1],
    ]  # fmt: skip
    assert not any(row.common for row in rows)


def test_twice_the_same_in_one_plan_is_two_rows() -> None:
    rows = aligned([[planned(1, "a"), planned(2, "a")], [planned(1, "a")]])
    assert [[one and one.ordinal for one in row.questions] for row in rows] == [[1, 1], [2, None]]
