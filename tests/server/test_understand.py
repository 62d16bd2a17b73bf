"""``viva understand``, as it is run."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.engine

FIELDS = {"id", "act", "confidence", "sensitive", "work", "self_harm", "clauses", "asks", "star"}


def viva(*lines: object) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "understand", "--adapter", "offline"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_lines_are_understood_in_order() -> None:
    question = "질문이 무엇이었나요?"
    status, replies = viva(
        {"id": "a", "language": "ko", "question": question, "utterance": "천천히 말씀해 주세요"},
        {"id": "b", "language": "en", "question": "", "utterance": "Next question, please."},
        {"id": "c", "language": "en", "utterance": "Yes."},
    )
    assert status == 1
    assert [one["id"] for one in replies] == ["a", "b", "c"]
    assert set(replies[0]) == FIELDS
    assert [one.get("act") for one in replies] == ["wish_slower", "wish_skip", None]
    assert "question missing" in str(replies[2]["error"])
