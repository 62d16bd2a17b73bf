"""One model server that hangs, dies, comes back: when it is asked, and when it is left alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.engines.chat import ChatWriter
from server.ports import EngineError, Message
from tests.engines.openai_server import Call, OpenAIServer, completion, models

CHAT = "/v1/chat/completions"
MESSAGES = (Message("user", "Ask one question."),)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        running.handlers |= {"/v1/models": models("m"), CHAT: completion("Why?")}
        yield running


async def say(writer: ChatWriter, session: str = "") -> str:
    return "".join([text async for text in writer.write(MESSAGES, session=session)])


async def never(call: Call) -> None:
    await call.begin("text/event-stream")
    await asyncio.sleep(30)


async def test_a_router_in_front_is_told_whose_prompts_these_are(server: OpenAIServer) -> None:
    writer = ChatWriter(server.url, "m")
    await say(writer, "interview-1")
    await say(writer)
    await writer.close()
    told = [call.headers.get("x-session-id") for call in server.calls]
    assert told == ["interview-1", None]


async def test_a_dead_server_costs_its_deadline_three_times_and_then_nothing(
    server: OpenAIServer,
) -> None:
    server.handlers[CHAT] = never
    writer = ChatWriter(server.url, "m", first_s=0.2)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        with pytest.raises(EngineError) as failed:
            await say(writer)
        took.append(time.perf_counter() - began)
    await writer.close()
    assert all(one >= 0.2 for one in took[:3])
    assert all(one < 0.2 for one in took[3:])
    assert "is left alone for" in str(failed.value)
    assert len(server.calls) == 3


async def test_a_cancelled_request_is_no_failure(server: OpenAIServer) -> None:
    asked = asyncio.Event()

    async def noticed(call: Call) -> None:
        asked.set()
        await never(call)

    server.handlers[CHAT] = noticed
    writer = ChatWriter(server.url, "m")
    for _ in range(5):
        asked.clear()
        task = asyncio.create_task(say(writer))
        await asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    server.handlers[CHAT] = completion("Why?")
    assert await say(writer) == "Why?"
    await writer.close()


async def test_a_server_that_comes_back_is_asked_again_at_once() -> None:
    async with OpenAIServer() as server:
        url = server.url
    writer = ChatWriter(url)
    looking = writer._server
    await looking.look()
    with pytest.raises(EngineError, match="cannot be reached"):
        await say(writer)
    assert "question bank asks meanwhile" in writer.state()[0]
    assert not writer.state()[1]
    async with OpenAIServer(int(url.rpartition(":")[2])) as server:
        server.handlers |= {"/v1/models": models("m"), CHAT: completion("Why?")}
        server.handlers["/version"] = lambda call: call.reply({"version": "0.32.0"})
        await looking.look()
        assert await say(writer) == "Why?"
        assert writer.model == "m (vLLM 0.32.0)"
        assert writer.state() == ("the question bank takes over when it is late", True)
    await writer.close()


async def test_what_is_watched_is_not_asked_again_while_nobody_is_there() -> None:
    async with OpenAIServer() as server:
        url = server.url
        server.handlers |= {"/v1/models": models("m"), CHAT: completion("Why?")}
        writer = ChatWriter(url, "m")
        watching = asyncio.create_task(writer.watch())
        assert await say(writer) == "Why?"
    with pytest.raises(EngineError, match="cannot be reached"):
        await say(writer)
    assert not writer.state()[1]
    assert writer._server.refusal(0) is not None
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await writer.close()
