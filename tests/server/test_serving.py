"""``viva serve`` is asked to end: an interview goes on in another process where nobody speaks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from server.realtime.candidate import MOVED
from server.settings import NAMES
from tests.live import SOUND_KEY, TLS, Browser, browser, free_port, kept_recogniser, running
from tests.resumes import ENGLISH_RESUME

pytestmark = pytest.mark.engine

ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."
START_S = 60.0
BACK_S = 5.0
"""Of a machine that does much else; alone it takes a tenth of a second."""


class Process:
    """A ``viva serve``."""

    def __init__(self, running: asyncio.subprocess.Process, port: int) -> None:
        self._running = running
        self.at = f"127.0.0.1:{port}"

    def leave(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._running.send_signal(how)

    async def ended(self) -> int:
        async with asyncio.timeout(START_S):
            return await self._running.wait()


@asynccontextmanager
async def a_process(database_url: str, redis_url: str) -> AsyncIterator[Process]:
    port = free_port()
    env = {name: value for name, value in os.environ.items() if name not in NAMES}
    urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "VIVA_SOUND_KEY": SOUND_KEY}
    ours = {"VIVA_PORT": str(port), "VIVA_DATA": str(kept_recogniser()), "VIVA_STT": "whisper-base"}
    ours["VIVA_ADMISSION"] = "off"  # however busy the machine of the tests is
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "serve"), env=env | urls | ours
    )
    made = Process(process, port)
    try:
        ends = monotonic() + START_S
        async with httpx.AsyncClient(base_url=f"http://{made.at}", verify=TLS) as http:
            while monotonic() < ends:
                with suppress(httpx.TransportError):
                    if (await http.get("/health/live")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        yield made
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def refused(ticket: dict[str, Any]) -> InvalidStatus:
    """A handshake that is."""
    protocols: list[Any] = ["viva.v1", f"openai-insecure-api-key.{ticket['token']}"]
    with pytest.raises(InvalidStatus) as found:
        async with connect(ticket["websocket_url"], subprotocols=protocols):
            pass
    return found.value


async def closed(page: Browser) -> tuple[int | None, str | None]:
    async with asyncio.timeout(BACK_S):
        await page.socket.wait_closed()
    return page.socket.close_code, page.socket.close_reason


async def test_a_question_that_was_heard_is_answered_elsewhere(
    database_url: str, redis_url: str
) -> None:
    async with (
        running(database_url, redis_url) as other,
        a_process(database_url, redis_url) as leaving,
        httpx.AsyncClient(base_url=f"http://{leaving.at}", verify=TLS) as http,
    ):
        ticket = await other.interview(ENGLISH_RESUME)
        here = ticket | {"websocket_url": f"ws://{leaving.at}/v1/realtime"}
        async with browser(here) as page:
            question = await page.event("viva.question", turn=1)
            leaving.leave()
            await _says_so(http)
            order = {"resume_id": ticket["interview_id"]}
            answer = await http.post("/v1/interviews/realtime", json=order)
            assert (answer.status_code, answer.json()["code"]) == (503, "leaving")
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["connection"] == "close"
            response = (await refused(here)).response
            assert (response.status_code, response.headers["retry-after"]) == (503, "1")
            assert page.socket.close_code is None, "the question is being spoken"
            await page.hear_question(1)
            assert await closed(page) == MOVED
        began = monotonic()
        back = ticket | {"websocket_url": ticket["websocket_url"] + "?kept_ms=1"}
        async with browser(back) as page:
            await page.event("viva.floor", turn=1, floor="listening")
            assert monotonic() - began < BACK_S
            assert page.voice == {}, "it was heard"
            item = {"type": "message", "role": "user", "id": "a1"}
            content = [{"type": "input_text", "text": ANSWER}]
            await page.send(type="conversation.item.create", item=item | {"content": content})
            second = await page.event("viva.question", turn=2)
        assert await leaving.ended() == 0
        shown = await other.show(ticket["interview_id"])
        assert [one["text"] for one in shown["answers"]] == [ANSWER]
        asked = [one["id"] for one in shown["questions"] if one["turn"]]
        assert asked == [question["question_id"], second["question_id"]]


async def _says_so(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(BACK_S):
        while (answer := await http.get("/health/ready")).status_code == 200:
            await asyncio.sleep(0.02)
    (said,) = [one for one in answer.json()["parts"] if one["name"] == "server"]
    assert not said["ok"]
    assert (await http.get("/health/live")).status_code == 200
