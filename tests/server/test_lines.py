"""JSON lines in, JSON lines out."""

import io
import json

from server.lines import answer

NEEDED = {"language": ("ko", "en"), "utterance": None}


def ask(*lines: str) -> tuple[int, list[dict[str, object]]]:
    sink = io.StringIO()
    status = answer(lines, sink, NEEDED, lambda one: {"length": len(one["utterance"])})
    return status, [json.loads(line) for line in sink.getvalue().splitlines()]


def test_each_line_is_answered_in_order_and_carries_what_is_unknown() -> None:
    status, replies = ask(
        '{"id": 1, "language": "en", "utterance": "yes", "star": ["task"]}',
        "",
        '{"id": 2, "language": "ko", "utterance": ""}',
    )
    assert status == 0
    assert replies == [{"id": 1, "star": ["task"], "length": 3}, {"id": 2, "length": 0}]


def test_a_bad_line_is_told_and_the_others_are_answered() -> None:
    status, replies = ask(
        '{"id": 1, "language": "en"}',
        "not json",
        "[]",
        '{"id": 4, "language": "fr", "utterance": "oui"}',
        '{"id": 5, "language": "en", "utterance": 7}',
        '{"id": 6, "language": "en", "utterance": "fine"}',
    )
    assert status == 1
    assert [one["id"] for one in replies] == [1, None, None, 4, 5, 6]
    assert replies[0]["error"] == "line 1: utterance missing"
    assert "not JSON" in str(replies[1]["error"])
    assert "not an object" in str(replies[2]["error"])
    assert "one of ko, en" in str(replies[3]["error"])
    assert "must be text" in str(replies[4]["error"])
    assert replies[5]["length"] == 4
