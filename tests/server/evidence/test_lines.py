"""A model may point at sentences, and nothing else of what it says is believed."""

from __future__ import annotations

from typing import Any

import pytest

from server.evidence.lines import MOST_SENTENCES, Found, Unreadable, agreed, read, sober
from server.evidence.sentences import Sentence
from server.language.pack import shipped

EN, KO = shipped().of("en"), shipped().of("ko")


def sentence(number: int, *, clear: bool = True) -> Sentence:
    return Sentence(number, "a", 1, number, number, f"Said {number}.", None, None, (), clear)


def reply(*items: dict[str, Any]) -> dict[str, Any]:
    return {"lines": list(items)}


def line(number: int, *sentences: Any, why: Any = "") -> dict[str, Any]:
    return {"line": number, "sentences": list(sentences), "why": why}


def test_lines_come_in_their_order_and_each_number_once() -> None:
    found = read(reply(line(2, 3, 3, why=" a  b "), line(1)), 2, {3, 4})
    assert found == [Found(0, ()), Found(1, (3,), "a b")]
    many = read(reply(line(1, *range(20))), 1, set(range(20)))
    assert len(many[0].sentences) == MOST_SENTENCES


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"lines": "1"},
        reply(),
        reply(line(1, 5), line(2)),
        reply(line(1, "3"), line(2)),
        reply(line(1, True), line(2)),
        reply(line(1), line(1)),
        reply(line(1), line(3)),
        reply(line(1), "2"),  # type: ignore[arg-type]
        reply({"line": 1, "sentences": 3}, line(2)),
    ],
)
def test_a_number_out_of_range_or_a_line_that_is_missing_voids_the_reply(wrong: Any) -> None:
    with pytest.raises(Unreadable):
        read(wrong, 2, {3, 4})


@pytest.mark.parametrize(
    ("why", "kept"),
    [
        ("moves the check before the load", True),
        ("removes 12 duplicates", True),
        ("removes 40 duplicates", False),
        ("worked with Samsung on it", False),
        ("moves the check " * 6, False),
    ],
)
def test_a_reason_adds_no_name_and_no_number(why: str, kept: bool) -> None:
    sources = ["I moved the check before the load.", "We had twelve duplicates."]
    assert sober(why.strip(), sources, EN.grammar.invents) == (why.strip() if kept else "")


def test_nor_in_korean() -> None:
    sources = ["검사를 큐 앞으로 옮겼습니다."]
    assert sober("검사를 앞으로 옮김", sources, KO.grammar.invents)
    assert not sober("검사 300건을 옮김", sources, KO.grammar.invents)
    assert not sober("Kafka로 옮김", sources, KO.grammar.invents)


def test_what_most_readings_found_is_shown() -> None:
    runs = [[Found(0, (1, 2), "x")], [Found(0, (1,))], [Found(0, (3,))]]
    (shown,) = agreed(runs, {n: sentence(n) for n in (1, 2, 3)}, ["Did it"])
    assert shown.status == "shown"
    assert [(one.sentence.number, one.runs, one.why) for one in shown.statements] == [(1, 2, "x")]


def test_a_sentence_that_is_gone_or_unclear_is_no_evidence() -> None:
    runs = [[Found(0, (1, 2))]]
    (shown,) = agreed(runs, {2: sentence(2, clear=False)}, ["Did it"])
    assert (shown.status, shown.statements) == ("not_shown", ())
