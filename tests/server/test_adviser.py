"""``viva understand``, ``guard`` and ``probe`` with a language model, as they are run."""

from __future__ import annotations

import asyncio
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from server import cli
from server.adviser import adviser
from server.core.events import Reply
from server.guard import judge
from server.probe import probe as ask
from server.settings import NAMES, Settings
from server.understand import understand
from server.wording.reply import written
from tests.engines.openai_server import Call, OpenAIServer, models
from tests.replies import asked_for, probe, verdict

pytestmark = pytest.mark.engine

Answer = Callable[[dict[str, Any]], str]
ROW = {
    "id": 1,
    "language": "en",
    "role": "Nurse",
    "question": "Tell me about a mistake that taught you something.",
    "answer": "I gave the wrong chart to the night shift, so now I read the name out loud.",
    "rubric": ["Says what changed afterwards", "Names a figure"],
}


@contextmanager
def model(answer: Answer) -> Iterator[OpenAIServer]:
    """A server in a thread of its own that answers as it is told."""
    server, loop = OpenAIServer(), asyncio.new_event_loop()

    async def handle(call: Call) -> None:
        await call.begin("text/event-stream")
        await call.say(answer(call.body))
        await call.send(b"data: [DONE]\n\n")

    server.handlers |= {"/v1/models": models("m"), "/v1/chat/completions": handle}
    loop.run_until_complete(server.__aenter__())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def viva(command: str, url: str, *lines: object) -> tuple[int, list[dict[str, Any]]]:
    run = {"understand": understand, "guard": judge, "probe": ask}[command]
    sink = io.StringIO()
    with adviser(Settings(llm_url=url)) as advises:
        status = run([json.dumps(line) for line in lines], sink, advises)
    return status, [json.loads(one) for one in sink.getvalue().splitlines()]


@pytest.mark.parametrize("command", ["understand", "guard", "probe"])
@pytest.mark.parametrize(
    ("url", "why"), [("", "VIVA_LLM_URL"), ("http://127.0.0.1:9", "cannot be reached")]
)
def test_without_a_model_it_is_told_what_is_missing(
    command: str,
    url: str,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("server.log.configure", lambda *_: None)
    monkeypatch.setenv("VIVA_LLM_URL", url)
    assert cli.main([command, "--adapter", "model"]) == 1
    assert why in capsys.readouterr().err


def test_the_models_follow_up_is_said_and_a_refused_one_asked_for_again() -> None:
    good = "What did the night shift do with the chart?"
    told: list[str] = []

    def answer(body: dict[str, Any]) -> str:
        if asked_for(body) == "verdict":
            return verdict()
        told.append(body["messages"][-1]["content"])
        if len(told) == 1:
            return probe("Are you married?", "read the name out loud")
        return probe(good, "the wrong chart to the night shift", "Says what changed afterwards")

    with model(answer) as server:
        status, (reply,) = viva("probe", server.url, ROW)
    assert status == 0
    assert (reply["act"], reply["move"], reply["say"]) == ("answer", "probe", good)
    assert reply["line"] == "Says what changed afterwards"
    assert "Names a figure" in told[0]
    assert "private" in told[1]


def test_a_model_that_has_nothing_to_ask_goes_on_with_the_plan() -> None:
    with model(lambda _: written(Reply("answer", "next"))) as server:
        status, (reply,) = viva("probe", server.url, ROW)
    assert (status, reply["move"], reply["line"]) == (0, "next", None)
    assert reply["say"]


def test_what_the_model_reads_counts_but_for_what_either_noticed() -> None:
    def answer(body: dict[str, Any]) -> str:
        said = body["messages"][-1]["content"]
        return written(Reply("answer" if "cry" in said else "wish_skip", "confirm"))

    rows = [
        {"id": "a", "language": "en", "question": "Why?", "utterance": "Anything but that one."},
        {"id": "b", "language": "en", "question": "Why?", "utterance": "Sorry, I am crying."},
    ]
    with model(answer) as server:
        status, replies = viva("understand", server.url, *rows)
    assert status == 0
    assert [one["act"] for one in replies] == ["wish_skip", "distress"]


def test_the_judge_refuses_what_the_guard_would_let_pass() -> None:
    row = {**ROW, "text": "What did the night shift do with the chart?"}

    def answer(body: dict[str, Any]) -> str:
        assert asked_for(body) == "verdict"
        return verdict(necessary="night" not in str(body["messages"]))

    with model(answer) as server:
        status, replies = viva("guard", server.url, row, {**row, "text": "Are you married?"})
    assert status == 0
    assert [one["rule"] for one in replies] == ["unnecessary", "private"]


def test_a_reply_that_cannot_be_read_is_an_error_of_its_line() -> None:
    with model(lambda _: "What broke?") as server:
        status, (reply,) = viva("probe", server.url, ROW)
    assert status == 1
    assert "sent no reply that can be read" in reply["error"]
