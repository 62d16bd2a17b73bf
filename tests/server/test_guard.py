"""``viva guard``, as it is run."""

import json
import subprocess
import sys
from typing import Any


def viva(*lines: object) -> tuple[int, list[dict[str, Any]]]:
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "guard", "--adapter", "offline"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_lines_are_judged_in_order() -> None:
    ko = {"language": "ko", "role": "간호사"}
    en = {"language": "en", "role": "Nurse", "answer": "I moved the trolley."}
    status, replies = viva(
        {"id": "a", **ko, "text": "결혼은 하셨나요?", "kept": 1},
        {"id": "b", **ko, "text": "보호자가 화를 내실 때는 어떻게 하시나요?", "answer": None},
        {"id": "c", **en, "text": "What made you move it?", "evidence": "moved the trolley"},
        {"id": "d", **en, "text": "What made you move it?", "evidence": "we bought a lift"},
        {"id": "e", **en, "text": "How did Siemens take it?"},
        {"id": "f", "language": "en", "text": "Why?"},
        {"id": "g", **en, "text": "Why?", "question": 5},
    )
    assert status == 1
    assert [one["id"] for one in replies] == list("abcdefg")
    assert replies[0] == {"id": "a", "kept": 1, "allowed": False, "rule": "private"}
    rules = [None, None, "ungrounded", "invented"]
    assert [one["rule"] for one in replies[1:5]] == rules
    assert [one["allowed"] for one in replies[1:5]] == [True, True, False, False]
    assert "role missing" in replies[5]["error"]
    assert "question must be text" in replies[6]["error"]
