"""The question writer against a real HTTP server: streams, aborts, and says what went wrong."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
import pytest_asyncio

from server.engines import endpoint
from server.engines.chat import ChatWriter
from server.ports import EngineError, Message
from tests.engines.openai_server import Call, OpenAIServer, completion, failure, models, raw

CHAT = "/v1/chat/completions"
SECRET = "김민준의 이력서"
MESSAGES = (Message("system", "Ask one question."), Message("user", SECRET))


@pytest_asyncio.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        running.handlers["/v1/models"] = models("first", "second")
        yield running


@pytest_asyncio.fixture
async def writer(server: OpenAIServer) -> AsyncIterator[ChatWriter]:
    made = ChatWriter(server.url, "second", "key-1", temperature=0.2)
    yield made
    await made.close()


async def written(writer: ChatWriter) -> list[str]:
    return [text async for text in writer.write(MESSAGES)]


@pytest.mark.asyncio
async def test_the_reply_streams_as_it_is_written(server: OpenAIServer, writer: ChatWriter) -> None:
    server.handlers[CHAT] = completion("어떤 ", "문제가 ", "있었나요?", pause=0.15)
    started = time.perf_counter()
    came = [(text, time.perf_counter() - started) async for text in writer.write(MESSAGES)]
    assert [text for text, _ in came] == ["어떤 ", "문제가 ", "있었나요?"]
    assert came[2][1] - came[0][1] > 0.2
    sent = server.calls[0]
    assert sent.headers["authorization"] == "Bearer key-1"
    assert sent.body["model"] == "second"
    assert sent.body["messages"][1] == {"role": "user", "content": SECRET}
    assert sent.body["stream"] is True
    assert sent.body["max_tokens"] == 400
    assert sent.body["temperature"] == pytest.approx(0.2)


@pytest.mark.asyncio
async def test_without_a_model_the_first_listed_one_is_used(server: OpenAIServer) -> None:
    server.handlers[CHAT] = completion("Why?")
    writer = ChatWriter(server.url + "/v1/")
    assert writer.model == ""
    await written(writer)
    await written(writer)
    await writer.close()
    assert writer.model == "first"
    assert [call.path for call in server.calls] == ["/v1/models", CHAT, CHAT]
    assert {call.body["model"] for call in server.calls if call.body} == {"first"}


@pytest.mark.asyncio
async def test_extra_options_reach_the_server(server: OpenAIServer) -> None:
    server.handlers[CHAT] = completion("Why?")
    writer = ChatWriter(server.url, "m", extra={"chat_template_kwargs": {"enable_thinking": False}})
    await written(writer)
    await writer.close()
    assert server.calls[0].body["chat_template_kwargs"] == {"enable_thinking": False}
    assert "seed" not in server.calls[0].body


@pytest.mark.asyncio
async def test_a_seed_and_the_calls_own_options_reach_the_server(server: OpenAIServer) -> None:
    server.handlers[CHAT] = completion("Why?")
    writer = ChatWriter(server.url, "m", seed=7)
    async for _ in writer.write(MESSAGES, max_tokens=9, temperature=0.0):
        pass
    await writer.close()
    body = server.calls[0].body
    assert (body["seed"], body["max_tokens"], body["temperature"]) == (7, 9, 0.0)


SCHEMA = {"type": "object", "properties": {"stage": {"type": "string"}}, "required": ["stage"]}


@pytest.mark.asyncio
async def test_json_is_asked_for_by_schema_and_read(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = completion('{"stage": ', '"지식"}')
    assert await writer.write_json(MESSAGES, SCHEMA) == {"stage": "지식"}
    body = server.calls[0].body
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert body["temperature"] == 0.0


@pytest.mark.asyncio
@pytest.mark.parametrize("reply", ['{"stage": "know', "[1, 2]", "Sure! Here it is.", "[" * 5_000])
async def test_what_is_no_json_object_is_refused(
    server: OpenAIServer, writer: ChatWriter, reply: str
) -> None:
    server.handlers[CHAT] = completion(reply)
    with pytest.raises(EngineError, match="something else than the JSON"):
        await writer.write_json(MESSAGES, SCHEMA)


async def shaped(writer: ChatWriter) -> str:
    return "".join([text async for text in writer.write(MESSAGES, schema=SCHEMA)])


@pytest.mark.asyncio
@pytest.mark.parametrize("status", ["400 Bad Request", "422 Unprocessable Entity"])
async def test_a_server_that_refuses_the_schema_is_asked_without_it_from_then_on(
    server: OpenAIServer, writer: ChatWriter, status: str
) -> None:
    async def knows_no_schemas(call: Call) -> None:
        refuses = failure(status, "response_format is not known")
        await (refuses if "response_format" in call.body else completion('{"a": 1}'))(call)

    server.handlers[CHAT] = knows_no_schemas
    assert [await shaped(writer), await shaped(writer)] == ['{"a": 1}'] * 2
    assert ["response_format" in call.body for call in server.calls] == [True, False, False]
    assert await writer.write_json(MESSAGES, SCHEMA) == {"a": 1}


@pytest.mark.asyncio
async def test_what_is_refused_for_another_reason_does_not_cost_the_schema(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = failure("400 Bad Request", "the prompt is too long")
    with pytest.raises(EngineError, match="HTTP 400"):
        await shaped(writer)
    server.handlers[CHAT] = completion("{}")
    await shaped(writer)
    asked = ["response_format" in call.body for call in server.calls]
    assert asked == [True, False, True]


@pytest.mark.asyncio
async def test_how_long_a_prompt_may_be_is_learned_of_a_server_that_says_it(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    assert (await writer.check(), writer.context)[1] is None

    async def like_vllm(call: Call) -> None:
        await call.reply({"object": "list", "data": [{"id": "second", "max_model_len": 4_096}]})

    server.handlers["/v1/models"] = like_vllm
    assert (await writer.check())[0]
    assert writer.context == 4_096


@pytest.mark.asyncio
async def test_cancelling_a_slow_first_token_aborts_the_request(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    asked = asyncio.Event()

    async def never(call: Call) -> None:
        asked.set()
        await asyncio.sleep(30)

    server.handlers[CHAT] = never
    task = asyncio.create_task(written(writer))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(server.calls[0].aborted.wait(), 20)


@pytest.mark.asyncio
async def test_closing_the_iterator_aborts_the_request(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    server.handlers[CHAT] = completion(*["word "] * 1000, pause=0.02)
    async with aclosing(writer.write(MESSAGES)) as texts:
        assert await anext(texts) == "word "
    await asyncio.wait_for(server.calls[0].aborted.wait(), 20)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("status", "reason", "attempts"),
    [
        ("500 Internal Server Error", "failed .HTTP 500", 3),
        ("429 Too Many Requests", "too busy", 3),
        ("400 Bad Request", "refused the request", 1),
        ("401 Unauthorized", "another API key", 1),
        ("404 Not Found", "does not know this URL or model", 1),
    ],
)
async def test_a_refusal_is_told_without_the_prompt_and_asked_again_if_that_may_help(
    server: OpenAIServer, writer: ChatWriter, status: str, reason: str, attempts: int
) -> None:
    server.handlers[CHAT] = failure(status, f"cannot handle: {SECRET}")
    with pytest.raises(EngineError, match=reason) as caught:
        await written(writer)
    assert SECRET not in str(caught.value)
    assert len(server.calls) == attempts


@pytest.mark.asyncio
async def test_one_failure_before_the_first_word_is_not_noticed(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    async def stumble(call: Call) -> None:
        server.handlers[CHAT] = completion("Why?")
        await failure("503 Service Unavailable")(call)

    server.handlers[CHAT] = stumble
    assert await written(writer) == ["Why?"]


@pytest.mark.asyncio
async def test_nothing_is_said_twice_when_a_stream_breaks_off(
    server: OpenAIServer, writer: ChatWriter
) -> None:
    async def cut(call: Call) -> None:
        await call.begin("text/event-stream")
        await call.say("Why")
        await call.send(b"data: {broken\n\n")

    server.handlers[CHAT] = cut
    texts = writer.write(MESSAGES)
    assert await anext(texts) == "Why"
    with pytest.raises(EngineError, match="cannot be read"):
        await anext(texts)
    assert len(server.calls) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(("said", "which"), [((), "first"), (("Why",), "last")])
async def test_deadlines_to_the_first_and_to_the_last_word(
    server: OpenAIServer, said: tuple[str, ...], which: str
) -> None:
    async def stuck(call: Call) -> None:
        await call.begin("text/event-stream")
        for text in said:
            await call.say(text)
        await asyncio.sleep(30)

    server.handlers[CHAT] = stuck
    writer = ChatWriter(server.url, "m", first_s=0.2, total_s=0.5)
    began = time.perf_counter()
    with pytest.raises(EngineError, match=f"had not said the {which} word in time"):
        await written(writer)
    took = time.perf_counter() - began
    await writer.close()
    expected = 0.5 if said else 0.2
    assert expected <= took < 20
    await asyncio.wait_for(server.calls[-1].aborted.wait(), 20)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("text/event-stream", b"data: {not json\n\n"),
        ("text/event-stream", b"data: [DONE]\n\n"),
        ("text/event-stream", b"data: []\n\n"),
        ("text/event-stream", b""),
        ("text/html", b"<h1>Welcome</h1>"),
        ("text/event-stream", b'data: {"error": {"message": "out of memory", "code": 500}}\n\n'),
    ],
)
async def test_a_malformed_reply_is_an_engine_error(
    server: OpenAIServer, writer: ChatWriter, content_type: str, data: bytes
) -> None:
    server.handlers[CHAT] = raw(content_type, data)
    with pytest.raises(EngineError, match="language model server at 127.0.0.1"):
        await written(writer)


@pytest.mark.asyncio
async def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    writer = ChatWriter(f"http://user:pass@127.0.0.1:{port}", "m")
    started = time.perf_counter()
    with pytest.raises(EngineError, match="cannot be reached") as caught:
        await written(writer)
    assert time.perf_counter() - started < 20
    assert "pass" not in str(caught.value)
    ok, why = await writer.check()
    assert not ok
    assert "cannot be reached" in why
    await writer.close()


@pytest.mark.asyncio
async def test_the_check_names_the_model_or_what_is_missing(server: OpenAIServer) -> None:
    for model, expected in ((None, (True, "first at")), ("other", (False, "has no model other"))):
        writer = ChatWriter(server.url, model)
        ok, why = await writer.check()
        await writer.close()
        assert (ok, expected[1] in why) == (expected[0], True)
    server.handlers["/v1/models"] = models()
    writer = ChatWriter(server.url)
    assert not (await writer.check())[0]
    with pytest.raises(EngineError, match="lists no model"):
        await written(writer)
    await writer.close()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://vllm:8000", "http://vllm:8000/v1"),
        ("http://vllm:8000/", "http://vllm:8000/v1"),
        ("http://vllm:8000/v1", "http://vllm:8000/v1"),
        (" https://x.example/v1/chat/completions ", "https://x.example/v1"),
        ("https://x.example/llm", "https://x.example/llm/v1"),
        ("https://x.example/v1beta/openai/", "https://x.example/v1beta/openai"),
    ],
)
def test_addresses_are_taken_as_people_write_them(given: str, used: str) -> None:
    assert endpoint.base_url(given) == used


@pytest.mark.parametrize("given", ["", "vllm:8000", "ftp://x", "http://"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(EngineError, match="http://"):
        endpoint.base_url(given)
