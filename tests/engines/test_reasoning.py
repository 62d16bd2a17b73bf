"""What a model thinks is never told, however it comes, and its words are never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from server.engines.chat import ChatWriter
from server.engines.reasoning import ThoughtAloud, Words, quiet
from server.ports import EngineError, Message
from tests.engines.openai_server import Call, OpenAIServer, completion, models

CHAT = "/v1/chat/completions"
SECRET = "The candidate is weak. 지원자는 약하다. Ask an easy one?"
ASKED = "왜 Kafka를 골랐나요? What else did you try?"
HARMONY = (
    f"<|channel|>analysis<|message|>{SECRET}<|end|>"
    f"<|start|>assistant<|channel|>final<|message|>{ASKED}<|return|>"
)
STRIPPED = {
    "think": f"<think>\n{SECRET}\n</think>\n\n{ASKED}",
    "in capitals": f"<THINK>{SECRET}</THINK>{ASKED}",
    "another name": f"<thought>{SECRET}</thought> {ASKED}",
    "in brackets": f"[THINK]{SECRET}[/THINK]{ASKED}",
    "in triangles": f"◁think▷{SECRET}◁/think▷{ASKED}",
    "empty": f"<think>\n\n</think>\n\n{ASKED}",
    "only closed": f"\n</think>{ASKED}",
    "twice": f"<think>{SECRET}</think><think>{SECRET}</think>{ASKED}",
    "after the words": f"{ASKED}<think>{SECRET}</think>",
    "harmony": HARMONY,
    "harmony with a tool's channel": (
        f"<|channel|>commentary to=functions.x <|constrain|>json<|message|>{{}}<|call|>{HARMONY}"
    ),
}
REFUSED = {
    "never closed": f"<think>{SECRET}",
    "never closed, after words": f"{ASKED}<think>{SECRET}",
    "closed without being opened": f"{SECRET}</think>{ASKED}",
    "cut off in its mark": f"{SECRET}</thin",
    "harmony that never ends": f"<|channel|>analysis<|message|>{SECRET}",
    "harmony without a body": "<|start|>assistant<|channel|>final",
    "harmony without a channel": f"{SECRET}<|message|>{ASKED}",
    "harmony whose marks are gone": f"analysis{SECRET}assistantfinal{ASKED}",
}
PLAIN = (
    ASKED,
    "If a < b and c[0] > 1, what is <T>?",
    "analysis of the logs: how did you begin?",
    "analysis가 왜 필요했나요?",
    "I think <b>so</b>, why [th]?",
    "3 <",
    "analysis",
    "Why?\n",
    "",
)


def told(*deltas: str, model: str = "") -> str:
    words = Words(model)
    return "".join([*(words.hear(delta) for delta in deltas), words.rest()])


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize("how", STRIPPED)
def test_thoughts_are_dropped_and_words_are_told(how: str, size: int) -> None:
    assert told(*pieces(STRIPPED[how], size)).strip() == ASKED


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
@pytest.mark.parametrize("how", REFUSED)
def test_where_thoughts_cannot_be_told_from_words_the_reply_is_refused(how: str, size: int) -> None:
    with pytest.raises(ThoughtAloud, match="thought aloud") as refused:
        told(*pieces(REFUSED[how], size))
    assert "weak" not in str(refused.value)


@pytest.mark.parametrize("how", ["never closed", "harmony that never ends"])
def test_nothing_of_thoughts_is_told_before_the_refusal(how: str) -> None:
    words = Words()
    assert "".join(words.hear(letter) for letter in REFUSED[how]) == ""
    assert words.thinking


@pytest.mark.parametrize("size", [1, 3, 10_000])
@pytest.mark.parametrize("text", PLAIN)
def test_words_alone_come_through_unchanged(text: str, size: int) -> None:
    assert told(*pieces(text, size)) == text


@given(st.text(alphabet="ab<>/|[]think analysis가?"), st.integers(1, 9))
def test_how_a_reply_is_cut_into_deltas_changes_nothing(text: str, size: int) -> None:
    def result(*deltas: str) -> str:
        try:
            return told(*deltas)
        except ThoughtAloud:
            return "refused"

    assert result(*pieces(text, size)) == result(text)


def test_what_is_no_mark_is_told_at_once() -> None:
    words = Words()
    assert [words.hear(delta) for delta in ("왜 ", "a <", " b", "?")] == ["왜 ", "a ", "< b", "?"]


@pytest.mark.parametrize(
    "model", ["Qwen/Qwen3-4B-Thinking-2507", "DeepSeek-R1-0528", "Qwen/QwQ-32B"]
)
def test_a_template_that_opens_the_thoughts_is_known_by_the_models_name(model: str) -> None:
    assert told(f"{SECRET}</think>", ASKED, model=model) == ASKED
    with pytest.raises(ThoughtAloud):
        told(SECRET, model=model)
    words = Words(model)
    words.think_apart()  # the server takes them out: what comes as text is meant
    assert words.hear(ASKED) == ASKED


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("Qwen/Qwen3-8B", {"chat_template_kwargs": {"enable_thinking": False}}),
        ("qwen3:14b", {"chat_template_kwargs": {"enable_thinking": False}}),
        ("zai-org/GLM-4.5-Air", {"chat_template_kwargs": {"enable_thinking": False}}),
        ("LGAI-EXAONE/EXAONE-4.0-32B", {"chat_template_kwargs": {"enable_thinking": False}}),
        ("deepseek-ai/DeepSeek-V3.1", {"chat_template_kwargs": {"thinking": False}}),
        ("ibm-granite/granite-3.3-8b-instruct", {"chat_template_kwargs": {"thinking": False}}),
        ("openai/gpt-oss-20b", {"reasoning_effort": "low"}),
        ("Qwen/Qwen3-4B-Instruct-2507", {}),
        ("Qwen/Qwen2.5-7B-Instruct", {}),
        ("gpt-4o-mini", {}),
    ],
)
def test_known_families_are_asked_not_to_think(model: str, body: dict[str, object]) -> None:
    assert quiet(model) == body


# The same over a real server.


@pytest_asyncio.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        running.handlers["/v1/models"] = models("Qwen/Qwen3-8B")
        yield running


async def written(server: OpenAIServer, **options: object) -> str:
    writer = ChatWriter(server.url, **options)  # type: ignore[arg-type]
    try:
        return "".join([text async for text in writer.write([Message("user", "Ask.")])])
    finally:
        await writer.close()


@pytest.mark.parametrize("how", STRIPPED)
async def test_thoughts_do_not_come_through_a_stream(server: OpenAIServer, how: str) -> None:
    server.handlers[CHAT] = completion(*pieces(STRIPPED[how], 4))
    assert (await written(server)).strip() == ASKED


@pytest.mark.parametrize("how", REFUSED)
async def test_a_stream_of_thoughts_is_an_engine_error(server: OpenAIServer, how: str) -> None:
    server.handlers[CHAT] = completion(*pieces(REFUSED[how], 4))
    with pytest.raises(
        EngineError, match=r"server at 127.0.0.1:\d+ thought aloud.*a model that answers"
    ):
        await written(server)


async def test_thoughts_beside_the_text_are_not_read(server: OpenAIServer) -> None:
    async def apart(call: Call) -> None:
        await call.begin("text/event-stream")
        for name in ("reasoning_content", "reasoning"):
            await call.delta({name: SECRET, "content": None})
        await call.say(ASKED)

    server.handlers[CHAT] = apart
    assert await written(server, model="Qwen/QwQ-32B") == ASKED


async def test_a_reply_of_thoughts_alone_says_so_at_its_deadline(server: OpenAIServer) -> None:
    server.handlers[CHAT] = completion(*["<think>", *["hm "] * 1_000], pause=0.02)
    with pytest.raises(EngineError, match="not said the first word in time: it thinks first"):
        await written(server, first_s=0.3)


async def test_json_is_read_after_its_thoughts(server: OpenAIServer) -> None:
    server.handlers[CHAT] = completion("<think>", SECRET, "</think>", '{"a"', ": 1}")
    writer = ChatWriter(server.url)
    assert await writer.write_json([Message("user", "Ask.")], {"type": "object"}) == {"a": 1}
    await writer.close()


async def test_the_switch_is_in_the_body_and_can_be_taken_out(server: OpenAIServer) -> None:
    server.handlers[CHAT] = completion("Why?")
    await written(server)
    await written(server, extra={"chat_template_kwargs": None, "top_p": 0.9})
    first, second = (call.body for call in server.calls if call.body)
    assert first["chat_template_kwargs"] == {"enable_thinking": False}
    assert "chat_template_kwargs" not in second
    assert second["top_p"] == 0.9
