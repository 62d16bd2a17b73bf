"""``viva probe``, as it is run."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.engine

EN = {
    "language": "en",
    "role": "Nurse",
    "question": "Tell me about a mistake that taught you something.",
}
KO = {"language": "ko", "role": "간호사", "question": "실수에서 배우신 일을 말씀해 주세요."}
SAID = [
    (EN, "I gave the wrong chart to the night shift, so now I read the name out loud.", "probe"),
    (EN, "Sorry, could you repeat that?", "repeat"),
    (EN, "Could you put that in other words?", "clarify"),
    (EN, "How much time is left?", "answer"),
    (EN, "What is the salary?", "answer"),
    (EN, "I would rather not talk about that.", "acknowledge"),
    (EN, "Can we skip this question?", "confirm"),
    (EN, "I want to end the interview.", "confirm"),
    (EN, "Can I take a break?", "wait"),
    (EN, "I want to talk to a real person.", "human"),
    (EN, "", "wait"),
    (KO, "인수인계를 빠뜨려서 그 뒤로는 두 번 확인합니다.", "probe"),
    (KO, "죄송한데 다시 한번 말씀해 주시겠어요?", "repeat"),
    (KO, "그 질문이 어떤 뜻인지 설명해 주시겠어요?", "clarify"),
    (KO, "시간이 얼마나 남았나요?", "answer"),
    (KO, "그건 비밀 유지 계약이 있어서 말씀드릴 수 없습니다.", "acknowledge"),
    (KO, "이 질문은 넘어가도 될까요?", "confirm"),
    (KO, "면접을 그만하고 싶습니다.", "confirm"),
]


def viva(*lines: object) -> tuple[int, list[dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "probe"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_the_interviewers_moves_are_told_in_order() -> None:
    rows = [{"id": n, **asked, "answer": text} for n, (asked, text, _) in enumerate(SAID)]
    status, replies = viva(*rows)
    assert status == 0
    assert [(one["id"], one["move"]) for one in replies] == [
        (n, move) for n, (_, _, move) in enumerate(SAID)
    ]
    for (_, text, _), reply in zip(SAID, replies, strict=True):
        assert bool(reply["say"]) is bool(text)


def test_the_third_probe_does_not_come_and_the_rubric_that_was_given_is_named() -> None:
    answer = "I gave the wrong chart to the night shift, so now I read the name out loud."
    rubric = ["Says what changed afterwards", "Names a figure", "Says what was learned"]
    row = {**EN, "answer": answer, "rubric": rubric}
    status, (first, third, wrong) = viva(
        {"id": 1, **row}, {"id": 3, **row, "probes_so_far": 2}, {"id": 4, **EN}
    )
    assert status == 1
    assert first["line"] in rubric
    assert (third["move"], third["line"]) == ("next", None)
    assert "answer missing" in str(wrong["error"])
