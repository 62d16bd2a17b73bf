"""The contract with a language model, over HTTP: what servers send, well or badly, and what of it
comes to be spoken."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.core.events import Compose, Meant, QuestionComposed, Reply
from server.engines.chat import ChatWriter
from server.language.pack import shipped
from server.ports import EngineError
from server.realtime.errands import composed
from server.wording.brief import Brief, Told
from server.wording.reply import SCHEMA, Unreadable
from tests.engines.openai_server import Call, Handler, OpenAIServer, completion, failure, raw
from tests.replies import asked_for, probe, verdict

CHAT = "/v1/chat/completions"
SAY = "정산을 “금액이 큰 것”부터 하신 이유는 무엇이었나요?"
EVIDENCE = "금액이 큰 것부터 끊었습니다"
WANTED = Reply("answer", "probe", SAY, EVIDENCE, "고른 이유를 말한다")
REPLY = probe(SAY, EVIDENCE, "고른 이유를 말한다")
THOUGHT = "The candidate is weak. " + probe("당신은 약한가요?", "weak")
BRIEF = Brief("정산 담당", "ko", {}, (Told("어려웠던 때는요?", EVIDENCE),), shipped().of("ko"))
COMPOSE = Compose(1, 1, Meant(EVIDENCE, "ko"))


@pytest_asyncio.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


async def asked(
    server: OpenAIServer, handler: Handler, *, total_s: float = 60.0
) -> QuestionComposed:
    """What the model's server is asked for and answers; its judge has nothing against it."""

    async def handle(call: Call) -> None:
        judges = asked_for(call.body) == "verdict"
        await (completion(verdict()) if judges else handler)(call)

    server.handlers[CHAT] = handle
    writer = ChatWriter(server.url, "m", first_s=60.0, total_s=total_s)
    try:
        return await composed(COMPOSE, BRIEF, writer, None, "interview")
    finally:
        await writer.close()


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def thinking(*deltas: dict[str, str]) -> Handler:
    async def handle(call: Call) -> None:
        await call.begin("text/event-stream")
        for delta in deltas:
            await call.delta(delta)
        await call.send(b"data: [DONE]\n\n")

    return handle


def in_bytes(size: int) -> Handler:
    """The network cuts where it likes, also inside a letter."""

    async def handle(call: Call) -> None:
        choice = {"index": 0, "delta": {"content": REPLY}, "finish_reason": None}
        body = f"data: {json.dumps({'choices': [choice]}, ensure_ascii=False)}\n\n".encode()
        await call.begin("text/event-stream")
        for at in range(0, len(body), size):
            await call.send(body[at : at + size])
            await asyncio.sleep(0)
        await call.send(b"data: [DONE]\n\n")

    return handle


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "handler",
    [
        completion(REPLY),
        completion(*cut(REPLY, 1)),
        completion(*cut(REPLY, 7)),
        in_bytes(5),
        completion(json.dumps(json.loads(REPLY), indent=2)),
        completion("```json\n", REPLY, "\n```"),
        completion("Here is the JSON you asked for:\n\n", REPLY),
        completion(f"<think>{THOUGHT}</think>\n", REPLY),
        completion(*cut(f"<think>{THOUGHT}</think>{REPLY}", 3)),
        completion(
            *cut(
                f"<|channel|>analysis<|message|>{THOUGHT}<|end|>"
                f"<|start|>assistant<|channel|>final<|message|>{REPLY}<|return|>",
                5,
            )
        ),
        thinking({"reasoning_content": THOUGHT}, {"content": REPLY}),
        thinking({"reasoning": THOUGHT}, {"content": REPLY[:9]}, {"content": REPLY[9:]}),
    ],
)
async def test_whatever_the_way_it_comes_the_reply_is_the_same(
    server: OpenAIServer, handler: Handler
) -> None:
    done = await asked(server, handler)
    assert (done.reply, done.fault) == (WANTED, None)
    assert server.calls[0].body["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "handler",
    [
        completion(SAY),
        completion(""),
        completion(f"<think>{THOUGHT}"),
        completion(f"<think>{THOUGHT} {REPLY}"),
        completion(f"{THOUGHT}</think>{REPLY}"),
        completion(f"<|channel|>analysis<|message|>{THOUGHT}"),
        completion(f"analysis{THOUGHT}"),
        completion(f"analysisI would say {REPLY}"),
        thinking({"reasoning_content": REPLY}),
        completion(REPLY[:-30]),
        completion(json.dumps({"say": SAY})),
        completion(json.dumps([json.loads(REPLY)])[:20]),
        completion('{"floor": "over", "act": "answer", "move": "probe", "say": ', "7}"),
        completion("\ufffd\ufffd{{{ [1, 2"),
        raw("text/html", b"<html>502 Bad Gateway</html>"),
        raw("text/event-stream", b"data: {nonsense\n\n"),
        failure("400 Bad Request"),
        failure("500 Internal Server Error"),
    ],
)
async def test_what_is_no_reply_is_never_spoken(server: OpenAIServer, handler: Handler) -> None:
    with pytest.raises((EngineError, Unreadable)) as refused:
        await asked(server, handler)
    assert "weak" not in str(refused.value)


@pytest.mark.asyncio
async def test_a_server_that_knows_no_schema_is_asked_in_words(server: OpenAIServer) -> None:
    async def knows_none(call: Call) -> None:
        refuses = failure("400 Bad Request", "unknown field response_format")
        await (refuses if "response_format" in call.body else completion(REPLY))(call)

    assert (await asked(server, knows_none)).reply == WANTED
    rules = server.calls[1].body["messages"][0]["content"]
    assert all(f"{key}:" in rules for key in ("floor", "act", "move", "evidence", "line", "say"))


@pytest.mark.asyncio
async def test_it_is_read_before_the_object_is_closed_and_nothing_after_it_is_waited_for(
    server: OpenAIServer,
) -> None:
    async def goes_on(call: Call) -> None:
        await call.begin("text/event-stream")
        await call.say(REPLY[:-1])
        await asyncio.sleep(60)

    began = time.perf_counter()
    assert (await asked(server, goes_on)).reply == WANTED
    assert time.perf_counter() - began < 30
    await asyncio.wait_for(server.calls[0].aborted.wait(), 20)


@pytest.mark.asyncio
async def test_a_flood_is_shut_off(server: OpenAIServer) -> None:
    async def floods(call: Call) -> None:
        await call.begin("text/event-stream")
        await call.say(REPLY[:-40])
        while True:
            await call.say("그리고 " * 50)
            await asyncio.sleep(0)

    began = time.perf_counter()
    with pytest.raises(Unreadable, match="did not end"):
        await asked(server, floods)
    assert time.perf_counter() - began < 30, "long before the time to write is over"


@pytest.mark.asyncio
async def test_words_that_trickle_are_not_waited_for_for_ever(server: OpenAIServer) -> None:
    began = time.perf_counter()
    with pytest.raises(EngineError, match="in time"):
        await asked(server, completion(*cut(REPLY, 1), pause=0.2), total_s=1.5)
    assert time.perf_counter() - began < 0.2 * len(REPLY)


async def silent(call: Call) -> None:
    await asyncio.sleep(60)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("judge", "fault"),
    [
        (completion(verdict(follows=False)), "unfounded"),
        (completion("yes to all"), None),
        (failure("500 Internal Server Error"), None),
        (silent, None),
    ],
)
async def test_a_no_of_the_judge_refuses_and_its_silence_does_not(
    server: OpenAIServer, judge: Handler, fault: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if judge is not silent:
        monkeypatch.setattr("server.realtime.errands.JUDGE_S", 60.0)

    async def handle(call: Call) -> None:
        judges = asked_for(call.body) == "verdict"
        await (judge if judges else completion(REPLY))(call)

    server.handlers[CHAT] = handle
    writer = ChatWriter(server.url, "m", first_s=60.0, total_s=60.0)
    began = time.perf_counter()
    done = await composed(COMPOSE, BRIEF, writer, None, "interview")
    assert (done.reply, done.fault) == (WANTED, fault)
    assert time.perf_counter() - began < 30
    await writer.close()
