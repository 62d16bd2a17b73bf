"""A language model that dies in mid-interview: the next question is heard all the same, in time.

The model server is a process of its own. The times are a candidate's: from the answer that leaves
the browser to the first audio of the next question that arrives there.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.live import Browser, browser, free_port, running, until
from tests.resumes import ENGLISH_RESUME

pytestmark = pytest.mark.engine

FIRST_MS, TOTAL_MS = 500, 900
GRACE_MS = 200 + 300
"""What a small machine takes, and at most until it is known what an answer means."""
PROGRAM = Path(__file__).parents[1] / "server" / "model_server.py"
ANSWER = "I moved the nightly reports from cron jobs to Airflow because they kept failing."
REPLY = "You moved the nightly reports to Airflow; what did you do when it failed?"


class ModelServer:
    """A process that can be killed, stopped and started on its port again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._record = folder / "record"
        self.pause = folder / "pause"
        self.pause.write_text("0")
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        own = {"RECORD": str(self._record), "REPLY": REPLY, "PAUSE_FILE": str(self.pause)}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROGRAM), "serve", "m", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--served-model-name", "m"),
            env={**os.environ, **own},
        )
        await until(self._answers)

    async def _answers(self) -> bool | None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return None
        writer.close()
        return True

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def end(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            await self._process.wait()

    @property
    def asked(self) -> int:
        lines = self._record.read_text().splitlines() if self._record.exists() else []
        return sum("asked" in json.loads(line) for line in lines)

    async def until_asked(self, times: int) -> None:
        await until(lambda: self._asked(times))

    async def _asked(self, times: int) -> bool | None:
        return True if self.asked >= times else None


@asynccontextmanager
async def interview(
    database_url: str, redis_url: str, url: str
) -> AsyncIterator[tuple[Browser, Callable[[], Any]]]:
    """A candidate who heard the opening, and how to look at the questions so far."""
    options: dict[str, Any] = {
        "llm_url": url,
        "llm_first_token_ms": FIRST_MS,
        "llm_timeout_ms": TOTAL_MS,
    }
    # The plan is the bank's at once: no worker asks the model.
    async with running(database_url, redis_url, **options) as viva:
        ticket = await viva.interview(ENGLISH_RESUME)
        async with browser(ticket) as candidate:
            await candidate.hear_question(1)

            async def questions() -> dict[int, dict[str, Any]]:
                shown = await viva.show(ticket["interview_id"])
                return {one["turn"]: one for one in shown["questions"]}

            yield candidate, questions


async def answered(candidate: Browser, turn: int) -> float:
    """Type an answer; the milliseconds until the next question's voice begins."""
    content = [{"type": "input_text", "text": f"{ANSWER} That was part {turn}."}]
    began = monotonic()
    item = {"type": "message", "role": "user", "content": content}
    await candidate.send(type="conversation.item.create", item=item)
    async with asyncio.timeout(60):
        while not candidate.voice.get(turn + 1):
            candidate._news.clear()
            await candidate._news.wait()
    return (monotonic() - began) * 1_000


async def to_the_end(candidate: Browser, turn: int, most: int = 50) -> list[float]:
    """Answer from ``turn`` until the interview says goodbye, but no more than ``most`` times; how
    long each question took."""
    took: list[float] = []
    while True:
        took.append(await answered(candidate, turn))
        turn += 1
        question = await candidate.event("viva.question", turn=turn)
        if question["kind"] == "closing" or len(took) == most:
            return took
        await candidate.hear_question(turn)


@pytest.fixture
async def model(tmp_path: Path) -> AsyncIterator[ModelServer]:
    server = ModelServer(tmp_path)
    yield server
    await server.end()


async def test_killed_between_two_questions_nobody_waits_for_it(
    database_url: str, redis_url: str, model: ModelServer
) -> None:
    await model.start()
    async with interview(database_url, redis_url, model.url) as (candidate, questions):
        await answered(candidate, 1)
        await candidate.hear_question(2)
        assert (await questions())[2]["source"] == "llm"
        model.signal(signal.SIGKILL)
        took = await to_the_end(candidate, 2)
        asked = await questions()
    print("killed between questions", [round(one) for one in took])  # noqa: T201
    assert len(took) >= 5
    assert max(took) <= FIRST_MS + GRACE_MS
    assert {one["source"] for turn, one in asked.items() if turn > 2} == {"bank"}


@pytest.mark.parametrize(
    ("how", "pause_s", "deadline_ms"),
    [
        (signal.SIGKILL, 0.15, FIRST_MS),  # the stream breaks off: nothing to wait for
        (signal.SIGSTOP, 0.15, TOTAL_MS),  # the connection stays open and nothing more comes
        (None, 5.0, TOTAL_MS),  # it goes on, far too slowly
    ],
)
async def test_dead_in_the_middle_of_a_word(
    how: signal.Signals | None,
    pause_s: float,
    deadline_ms: int,
    database_url: str,
    redis_url: str,
    model: ModelServer,
) -> None:
    await model.start()
    async with interview(database_url, redis_url, model.url) as (candidate, questions):
        model.pause.write_text(str(pause_s))
        before = model.asked
        answering = asyncio.create_task(answered(candidate, 1))
        await model.until_asked(before + 1)
        await asyncio.sleep(0.05)
        if how is not None:
            model.signal(how)
        took = await answering
        await candidate.hear_question(2)
        rest = await to_the_end(candidate, 2, most=4)
        asked = await questions()
    print("dead in mid-stream", how, round(took), [round(one) for one in rest])  # noqa: T201
    assert took <= deadline_ms + GRACE_MS
    assert max(rest) <= TOTAL_MS + GRACE_MS
    assert asked[2]["source"] == "bank"
    assert asked[2]["reason"]


async def test_one_that_hangs_costs_its_deadline_a_few_times_and_then_nothing(
    database_url: str, redis_url: str, model: ModelServer
) -> None:
    await model.start()
    async with interview(database_url, redis_url, model.url) as (candidate, questions):
        model.signal(signal.SIGSTOP)
        took = await to_the_end(candidate, 1)
        asked = await questions()
    print("hanging", [round(one) for one in took])  # noqa: T201
    assert max(took) <= FIRST_MS + GRACE_MS
    waited = [one for one in took if one >= FIRST_MS]
    assert 1 <= len(waited) <= 3
    assert took[-1] < FIRST_MS
    assert "llm" not in {one["source"] for one in asked.values()}


@pytest.fixture
def black_hole() -> Iterator[str]:
    """An address that neither accepts nor refuses: a host that vanished from the network."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        place = listening.getsockname()
        waiting = []
        for _ in range(4):  # its queue is full, so further connections get no answer at all
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(place)
            waiting.append(one)
        yield f"http://127.0.0.1:{place[1]}"
        for one in waiting:
            one.close()


async def test_one_that_vanished_from_the_network(
    database_url: str, redis_url: str, black_hole: str
) -> None:
    async with interview(database_url, redis_url, f"{black_hole}/v1") as (candidate, questions):
        took = await to_the_end(candidate, 1)
        asked = await questions()
    print("vanished", [round(one) for one in took])  # noqa: T201
    assert max(took) <= FIRST_MS + GRACE_MS
    assert "llm" not in {one["source"] for one in asked.values()}


async def test_one_that_comes_back_asks_again(
    database_url: str, redis_url: str, model: ModelServer
) -> None:
    await model.start()
    async with interview(database_url, redis_url, model.url) as (candidate, questions):
        model.signal(signal.SIGKILL)
        await answered(candidate, 1)
        await candidate.hear_question(2)
        await model.start()
        await asyncio.sleep(2.5)  # the servers are looked at every two seconds
        turn = 2
        while (await questions())[turn]["source"] != "llm":
            await answered(candidate, turn)
            turn += 1
            await candidate.hear_question(turn)
            assert turn < 6
