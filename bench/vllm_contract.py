"""What viva asks of a language model's server, asked of vLLM itself: each check raises or returns a
line for the report."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import httpx

from bench.vllm_metrics import PrefixCache, prefix_cache, running
from server.core.events import Language, Reply
from server.engines.chat import ChatWriter
from server.language.pack import shipped
from server.ports import EngineError, Message
from server.realtime.errands import as_messages, read_reply
from server.wording import prompts
from server.wording.brief import Brief, Told
from server.wording.reply import SCHEMA as REPLY
from server.wording.reply import Incoming, Unreadable

TURNS = 8
KNOWN = 0.8
"""Of the prompt, from the third turn on."""
LANGUAGES: tuple[Language, ...] = ("en", "ko")
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "stage": {"type": "string", "enum": ["experience", "knowledge"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 5},
        "points": {
            "type": "array",
            "items": {"type": "string", "minLength": 3, "maxLength": 60},
            "minItems": 2,
            "maxItems": 4,
        },
    },
    "required": ["stage", "count", "points"],
    "additionalProperties": False,
}
RESUME: dict[str, object] = {
    "header": {"headline": "Engineer for data platforms"},
    "work": [
        {
            "name": "Acme",
            "position": "Data Engineer",
            "startDate": "2021-03",
            "highlights": [
                "Moved the nightly reports from cron to Airflow",
                "Cut the cost of the warehouse by a third",
            ],
        },
        {"name": "Hanbit", "position": "Backend Developer", "summary": "Payments in Kotlin"},
    ],
    "skills": [{"name": "Data", "keywords": ["Spark", "Kafka", "Airflow", "PostgreSQL"]}],
}
SAID = {
    "en": """\
I moved the nightly reports from cron to Airflow because nobody saw when one failed,
and with the new alerts we noticed a late delivery in minutes instead of the next morning.

The schema of the orders changed without notice, so I added contracts at the border
and a staging table in which broken rows wait until somebody has looked at them.

We measured the cost of each query for a month, and a third of it came from two dashboards
that nobody had opened since spring, so I talked to their owners.

I would start with the contracts, since most of our nights were spent on changes
that another team could have announced to us a week before with a short message.""",
    "ko": """\
야간 배치가 자주 실패해서 크론에서 에어플로로 옮겼고,
알림을 붙여서 지연을 다음 날 아침이 아니라 몇 분 안에 알 수 있게 되었습니다.

주문 스키마가 예고 없이 바뀌어서 경계에 계약을 두고,
깨진 행은 사람이 확인할 때까지 별도 테이블에 모아 두도록 만들었습니다.

한 달 동안 쿼리별 비용을 재어 보니 삼분의 일이
아무도 열지 않는 대시보드 두 개에서 나와서, 담당자와 이야기하고 정리했습니다.

다시 한다면 계약부터 시작하겠습니다. 밤에 대응한 일의 대부분은
다른 팀이 일주일 전에 짧게 알려 줄 수 있었던 변경이었기 때문입니다.""",
}
ANSWERS: dict[Language, tuple[str, ...]] = {
    language: tuple(" ".join(one.split()) for one in SAID[language].split("\n\n"))
    for language in LANGUAGES
}


ASKED = {"en": "Please introduce yourself.", "ko": "자기소개를 부탁드립니다."}


@asynccontextmanager
async def asking(url: str, key: str, **options: object) -> AsyncIterator[ChatWriter]:
    writer = ChatWriter(url, None, key, extra=options or None)
    try:
        yield writer
    finally:
        await writer.close()


async def metrics(url: str) -> str:
    async with httpx.AsyncClient(timeout=10) as http:
        answer = await http.get(url.removesuffix("/v1") + "/metrics")
        answer.raise_for_status()
        return answer.text


def first_question(language: Language = "en") -> list[Message]:
    return turn(language, (Told(ASKED[language], ANSWERS[language][0]),))


def turn(language: Language, history: tuple[Told, ...]) -> list[Message]:
    brief = Brief("Data Engineer", language, RESUME, history, shipped().of(language))
    return as_messages(prompts.messages(brief))


async def streams(url: str, key: str) -> str:
    """The reply comes in pieces, as they are written."""
    async with asking(url, key) as writer:
        began = time.perf_counter()
        times = [time.perf_counter() - began async for _ in writer.write(first_question())]
        assert len(times) > 2, "the reply came in one piece"
        assert times[-1] - times[0] > 0.01, "the pieces came all at once"
        await writer._server.look()  # noqa: SLF001
        assert "vLLM" in writer.model, writer.model
        return f"{len(times)} pieces, first {_ms(times[0])}, last {_ms(times[-1])}; {writer.model}"


async def aborts(url: str, key: str) -> str:
    """A stream that is closed, and a task that is cancelled, leave nothing running there."""
    lines = []
    for name, end in (("closing the stream", _close_early), ("cancelling", _cancel)):
        # vLLM's own option: it writes on after its end, so that there is something to abort.
        async with asking(url, key, ignore_eos=True) as writer:
            ended = await end(writer, url)
            while running(await metrics(url)):
                assert time.perf_counter() - ended < 5, f"{name} aborted nothing"
                await asyncio.sleep(0.01)
            lines.append(f"{name}: running 1 → 0 in {_ms(time.perf_counter() - ended)}")
    return "; ".join(lines)


async def _close_early(writer: ChatWriter, url: str) -> float:
    async with aclosing(writer.write(first_question(), max_tokens=2_000)) as texts:
        await anext(texts)
        assert running(await metrics(url)) == 1
    return time.perf_counter()


async def _cancel(writer: ChatWriter, url: str) -> float:
    async def read() -> None:
        async for _ in writer.write(first_question(), max_tokens=2_000):
            pass

    task = asyncio.create_task(read())
    while running(await metrics(url)) == 0:
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return time.perf_counter()


async def writes_json(url: str, key: str) -> str:
    """Structured output holds to its schema, in both languages."""
    times = []
    async with asking(url, key) as writer:
        for language in ("en", "ko", "en", "ko"):
            began = time.perf_counter()
            found = await writer.write_json(first_question(language), SCHEMA)
            times.append(time.perf_counter() - began)
            assert set(found) == {"stage", "count", "points"}, found
            assert found["stage"] in {"experience", "knowledge"}
            assert 1 <= found["count"] <= 5
            assert len(found["points"]) >= 2
            assert all(len(point) >= 3 for point in found["points"])
    return f"4 of 4 by the schema; first {_ms(times[0])}, then {_ms(min(times[1:]))}"


async def replies(url: str, key: str) -> str:
    """The reply to an answer is read before its request has ended, in both languages."""
    lines = []
    async with asking(url, key) as writer:
        for language in LANGUAGES:
            began = time.perf_counter()
            deltas = writer.write(first_question(language), schema=REPLY)
            reply, first = await read_reply(deltas)
            assert first is not None
            took = _ms(time.perf_counter() - began)
            lines.append(f"{language}: {reply.act}, {reply.move}, in {took}")
    return "; ".join(lines)


async def refuses(url: str, key: str) -> str:
    """What it refuses is told at once, once, without what was sent."""
    began = time.perf_counter()
    async with asking(url, key) as writer:
        told = await refusal(writer, [Message("user", "unspeakable " * 20_000)])
        assert "HTTP 400" in told, told
        assert "unspeakable" not in told
    async with asking(url, "wrong key") as writer:
        told = await refusal(writer, first_question())
        assert "another API key" in told, told
    return f"too long a prompt and a wrong key, in {_ms(time.perf_counter() - began)}"


async def refusal(writer: ChatWriter, messages: list[Message]) -> str:
    try:
        await anext(writer.write(messages))
    except EngineError as error:
        return str(error)
    raise AssertionError("what must be refused was taken")


async def knows_prefixes(url: str, key: str, language: Language) -> str:
    """Every turn begins as the one before: from the third on most of it is known."""
    rates: list[float] = []
    firsts: list[float] = []
    history: tuple[Told, ...] = ()
    asked = ASKED[language]
    async with asking(url, key) as writer:
        for turns in range(TURNS):
            answers = ANSWERS[language]
            told = Told(asked, f"{turns + 1}. {answers[turns % len(answers)]}")
            before, began = await cache(url), time.perf_counter()
            reply = ""
            chat = turn(language, (*history, told))
            deltas = writer.write(chat, schema=REPLY, session=f"prefix {language}")
            async for text in deltas:
                if not reply:
                    firsts.append(time.perf_counter() - began)
                reply += text
            history = (*history, replace(told, reply=_read(reply)))
            rates.append((await cache(url)).since(before).rate)
    shown = ", ".join(f"{rate:.0%}" for rate in rates)
    assert min(rates[2:]) >= KNOWN, shown
    return f"{shown}; first word {', '.join(_ms(one) for one in firsts)}"


def _read(text: str) -> Reply:
    """A small model is cut off in the middle of its reply: then as if it had said nothing."""
    incoming = Incoming()
    try:
        return incoming.hear(text) or incoming.rest()
    except Unreadable:
        return Reply("answer", "next")


async def cache(url: str) -> PrefixCache:
    found = prefix_cache(await metrics(url))
    assert found is not None, "vLLM shows no prefix cache"
    return found


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.0f} ms"


Check = Callable[[str, str], Awaitable[str]]
CHECKS: dict[str, Check] = {
    "streaming": streams,
    "abort": aborts,
    "structured output": writes_json,
    "replies": replies,
    "refusals": refuses,
    "prefix cache by turn, English": lambda url, key: knows_prefixes(url, key, "en"),
    "prefix cache by turn, Korean": lambda url, key: knows_prefixes(url, key, "ko"),
}
