"""Several model servers: who is asked, who stays with whom, and who is left alone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.engines import fleet as fleets
from server.engines.chat import ChatWriter
from server.engines.fleet import Fleet, ModelServer
from server.engines.vllm_metrics import PrefixCache, prefix_cache, running
from server.ports import EngineError, Message
from tests.engines.openai_server import Call, OpenAIServer, completion, failure, models

CHAT = "/v1/chat/completions"
MESSAGES = (Message("user", "Ask one question."),)
METRICS = """\
# HELP vllm:prefix_cache_queries_total Prefix cache queries, in tokens.
# TYPE vllm:prefix_cache_queries_total counter
vllm:prefix_cache_queries_total{engine="0",model_name="m"} 4000.0
vllm:prefix_cache_queries_total{engine="1",model_name="m"} 1.0e+03
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 3200.0
vllm:prefix_cache_hits_total{engine="1",model_name="m"} 800.0
vllm:external_prefix_cache_queries_total{engine="0",model_name="m"} 7.0
vllm:num_requests_running{engine="0",model_name="m"} 2.0
vllm:num_requests_waiting{engine="0",model_name="m"} 5.0
"""


@pytest_asyncio.fixture
async def two() -> AsyncIterator[tuple[OpenAIServer, OpenAIServer]]:
    async with OpenAIServer() as one, OpenAIServer() as other:
        for server in (one, other):
            server.handlers |= {"/v1/models": models("m"), CHAT: completion("Why?")}
        yield one, other


def chats(server: OpenAIServer) -> int:
    return sum(call.path == CHAT for call in server.calls)


def writer_for(servers: tuple[OpenAIServer, ...], **options: float) -> ChatWriter:
    return ChatWriter(", ".join(server.url for server in servers), "m", **options)  # type: ignore[arg-type]


async def say(writer: ChatWriter, session: str = "") -> str:
    return "".join([text async for text in writer.write(MESSAGES, session=session)])


async def never(call: Call) -> None:
    await call.begin("text/event-stream")
    await asyncio.sleep(30)


async def test_a_session_stays_with_its_server_and_new_ones_are_spread(
    two: tuple[OpenAIServer, OpenAIServer],
) -> None:
    writer = writer_for(two)
    for _ in range(3):
        for session in "abcd":
            await say(writer, session)
    await writer.close()
    assert [chats(server) for server in two] == [6, 6]


async def test_a_busy_server_gets_no_new_session(two: tuple[OpenAIServer, OpenAIServer]) -> None:
    two[0].handlers[CHAT] = two[1].handlers[CHAT] = never
    writer = writer_for(two)
    held = [asyncio.create_task(say(writer)) for _ in range(6)]
    await asyncio.sleep(0.5)
    assert [chats(server) for server in two] == [3, 3]
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)
    await writer.close()


async def test_another_server_takes_over_in_the_same_request(
    two: tuple[OpenAIServer, OpenAIServer],
) -> None:
    two[0].handlers[CHAT] = failure("500 Internal Server Error")
    writer = writer_for(two)
    assert [await say(writer, "a") for _ in range(4)] == ["Why?"] * 4
    await writer.close()
    assert chats(two[0]) == 3  # then it is left alone
    assert chats(two[1]) == 4


async def test_half_of_the_time_is_kept_for_another_server(
    two: tuple[OpenAIServer, OpenAIServer],
) -> None:
    two[0].handlers[CHAT] = never
    writer = writer_for(two, first_s=0.8)
    began = time.perf_counter()
    assert await say(writer, "a") == "Why?"
    assert 0.4 <= time.perf_counter() - began < 0.8
    await asyncio.wait_for(two[0].calls[0].aborted.wait(), 2)
    await writer.close()


async def test_a_dead_server_costs_its_deadline_three_times_and_then_nothing(
    two: tuple[OpenAIServer, OpenAIServer],
) -> None:
    two[0].handlers[CHAT] = never
    writer = writer_for(two[:1], first_s=0.2)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        with pytest.raises(EngineError):
            await say(writer)
        took.append(time.perf_counter() - began)
    await writer.close()
    assert all(0.2 <= one < 0.5 for one in took[:3])
    assert all(one < 0.1 for one in took[3:])
    assert chats(two[0]) == 3


async def test_a_cancelled_request_is_no_failure(two: tuple[OpenAIServer, OpenAIServer]) -> None:
    two[0].handlers[CHAT] = never
    writer = writer_for(two[:1])
    for _ in range(5):
        task = asyncio.create_task(say(writer))
        await asyncio.sleep(0.1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    two[0].handlers[CHAT] = completion("Why?")
    assert await say(writer) == "Why?"
    await writer.close()


async def test_a_server_that_comes_back_is_asked_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with OpenAIServer() as server:
        url = server.url
    writer = ChatWriter(url)
    looking = writer._fleet.servers[0]
    await looking.look()
    with pytest.raises(EngineError, match="cannot be reached"):
        await say(writer)
    assert "question bank asks meanwhile" in writer.state()[0]
    assert not writer.state()[1]
    async with OpenAIServer(int(url.rpartition(":")[2])) as server:
        server.handlers |= {"/v1/models": models("m"), CHAT: completion("Why?")}
        server.handlers["/version"] = lambda call: call.reply({"version": "0.32.0"})

        async def metrics(call: Call) -> None:
            await call.begin("text/plain")
            await call.send(METRICS.encode())

        server.handlers["/metrics"] = metrics
        await looking.look()
        assert await say(writer) == "Why?"
        assert writer.model == "m (vLLM 0.32.0)"
        assert "knew 80% of the prompts' tokens" in writer.state()[0]
    await writer.close()


def test_sessions_move_only_when_they_must() -> None:
    servers = [ModelServer(f"http://127.0.0.1:{port}", "m", None, 1) for port in (1, 2)]
    fleet = Fleet(servers)
    home = fleet.choose("a", 0)
    assert home is servers[0]
    assert fleet.choose("a", 0, [servers[0]]) is servers[1]  # one request only
    assert fleet.choose("a", 0) is servers[0]
    for _ in range(3):
        servers[0].breaker.failed(0)
    assert fleet.choose("a", 0) is servers[1]
    servers[0].breaker.reset()
    assert fleet.choose("a", 0) is servers[1]  # its cache is there now
    assert [server.sessions for server in servers] == [0, 1]


def test_the_longest_unused_session_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "SESSIONS", 3)
    servers = [ModelServer("http://127.0.0.1:1", "m", None, 1)]
    fleet = Fleet(servers)
    for session in "abcdef":
        fleet.choose(session, 0)
    assert servers[0].sessions == 3


def test_vllms_counters_are_summed_over_its_engines() -> None:
    assert prefix_cache(METRICS) == PrefixCache(5_000, 4_000)
    assert running(METRICS) == 2
    assert prefix_cache("# nothing here\n") is None
    later = PrefixCache(6_000, 4_900).since(PrefixCache(5_000, 4_000))
    assert (later.rate, PrefixCache(0, 0).rate) == (0.9, 0.0)
