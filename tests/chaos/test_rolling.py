"""Two servers on one socket: one is killed, all are replaced, and no interview notices for long."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from server.load.served import BEGAN, samples
from tests.live import TLS, Viva, until
from tests.resumes import ENGLISH_RESUME
from tests.server.test_up import command_of, descendants, viva_up

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

INTERVIEWS = int(os.environ.get("ROLLING", "3"))
RESTARTED = [
    *("worker 1 of 1: a new one starts", "worker 1 of 1: the new one is ready, the old one leaves"),
    *("server 1 of 2: a new one starts", "server 1 of 2: the new one is ready, the old one leaves"),
    *("server 2 of 2: a new one starts", "server 2 of 2: the new one is ready, the old one leaves"),
    "everything was replaced",
]
OVER = 1000
LEAVES = 1012
RENEWED_S = 300.0
BACK_S = 15.0
"""Of a machine that does much else; alone it takes a tenth of a second."""
SAID = (
    "I moved report {n} from cron jobs to Airflow because it kept failing, and it never did again."
)


log = structlog.get_logger()


@dataclass
class Page:
    """A candidate's page: hears a question to its end, types an answer, comes back at once."""

    ticket: dict[str, Any]
    said: dict[int, str] = field(default_factory=dict)
    voiced: Counter[int] = field(default_factory=Counter)
    """How often each question was said from its beginning."""
    back_s: dict[int, list[float]] = field(default_factory=dict)
    """By the code of the close: how long until there was a floor again."""
    ending: bool = False
    over: bool = False
    speaks: asyncio.Event = field(default_factory=asyncio.Event)
    """Until then the candidate thinks."""

    _answering: asyncio.Task[None] | None = None
    _left_at: float = 0.0
    _code: int = 0
    _listens: bool = False

    async def hold(self) -> None:
        while not self.over:
            kept = "?kept_ms=1" if self._listens and self._code == LEAVES else ""
            protocols: list[Any] = ["viva.v1", f"openai-insecure-api-key.{self.ticket['token']}"]
            url = self.ticket["websocket_url"] + kept
            try:
                async with connect(url, subprotocols=protocols, open_timeout=30) as socket:
                    await self._listen(socket)
            except ConnectionClosed as error:
                self._stop_answering()
                self._code = error.rcvd.code if error.rcvd else 1006
                self.over = self._code == OVER
                self._left_at = monotonic()
            except (InvalidHandshake, OSError, TimeoutError):
                await asyncio.sleep(0.2)

    async def _listen(self, socket: ClientConnection) -> None:
        while True:
            message = await socket.recv()
            if isinstance(message, str):
                await self._react(json.loads(message), socket)

    async def _react(self, event: dict[str, Any], socket: ClientConnection) -> None:
        async def send(**said: Any) -> None:
            await socket.send(json.dumps(said))

        match event["type"]:
            case "viva.voice_done":
                ms, turn = event["duration_ms"], event["turn"]
                await send(type="viva.played", turn=turn, played_ms=ms, complete=True)
            case "viva.floor":
                await self._floor(event["floor"], event["turn"], send)

    async def _floor(self, floor: str, turn: int, send: Any) -> None:
        if self._left_at:
            self.back_s.setdefault(self._code, []).append(monotonic() - self._left_at)
            self._left_at = 0.0
        self._listens = floor == "listening"
        self.voiced[turn] += floor == "speaking"
        if self.ending:
            await send(type="viva.end")
        elif self._listens:
            self._stop_answering()
            self._answering = asyncio.create_task(self._answer(turn, send))

    async def _answer(self, turn: int, send: Any) -> None:
        await self.speaks.wait()
        await asyncio.sleep(0.3)  # in which it may be moved
        text = self.said.setdefault(turn, SAID.format(n=turn * 100 + len(self.said)))
        content = [{"type": "input_text", "text": text}]
        item = {"type": "message", "role": "user", "id": f"a{turn}", "content": content}
        with suppress(ConnectionClosed):
            await send(type="conversation.item.create", item=item)

    def _stop_answering(self) -> None:
        if self._answering is not None:
            self._answering.cancel()


async def under_way(pages: list[Page], more: int) -> None:
    counts = [len(page.said) for page in pages]

    async def all_of_them() -> bool | None:
        there = all(len(page.said) >= n + more for page, n in zip(pages, counts, strict=True))
        return True if there or all(page.over for page in pages) else None

    await until(all_of_them, 120)


async def test_no_interview_is_cut_while_servers_die_and_are_replaced(short_folder: Path) -> None:
    async with viva_up(short_folder, VIVA_SERVERS="2", VIVA_DRAIN_SECONDS="30") as running:
        await running.until("Ctrl-C")
        async with httpx.AsyncClient(base_url=running.base, timeout=60, verify=TLS) as http:
            viva = Viva(running.base, http)
            pages = [Page(await viva.interview(ENGLISH_RESUME)) for _ in range(INTERVIEWS)]
            for page in pages:
                page.speaks.set()
            holding = [asyncio.create_task(page.hold()) for page in pages]
            await under_way(pages, 1)
            for page in pages:
                page.speaks.clear()
            before = servers(running.process.pid)
            os.kill(min(before), signal.SIGKILL)
            await running.until("child ended, restarting")
            assert (await http.get("/health/live")).status_code == 200, "the other is there"
            asking = asyncio.create_task(unready(running.base))
            restarting = await command("restart", VIVA_DATA=str(short_folder))
            await running.until("restarted", RENEWED_S)
            said, _ = await restarting.communicate()
            assert (restarting.returncode, said.decode().splitlines()[1:]) == (0, RESTARTED)
            asking.cancel()
            assert await asking == []
            told = samples((await http.get("/metrics")).text)
            numbers = {dict(labels)["server"] for name, labels in told if name == BEGAN}
            assert len(numbers) == 2
            assert numbers < {"1", "2", "3"}
            assert not servers(running.process.pid) & before
            for page in pages:
                page.speaks.set()
            await under_way(pages, 1)
            for page in pages:
                page.ending = True
            async with asyncio.timeout(120):
                await asyncio.gather(*holding)
            for page in pages:
                await kept(viva, page)
        running.process.terminate()
        assert await running.end() == 0
        assert "Traceback" not in running.said
    moved = sorted(s for page in pages for s in page.back_s.get(LEAVES, ()))
    log.info("moved", back_s=[round(s, 2) for s in moved], all=[page.back_s for page in pages])
    assert len(moved) >= INTERVIEWS
    assert moved[-1] < BACK_S


async def kept(viva: Viva, page: Page) -> None:
    """Every answer that was typed is there, once, and no question was said again but where its
    server was killed."""
    shown = await viva.show(page.ticket["interview_id"])
    assert shown["end_reason"] in ("candidate", "complete"), shown["end_reason"]
    answers = {one["turn"]: one["text"] for one in shown["answers"]}
    assert {turn: answers.get(turn) for turn in page.said} == page.said
    again = sum(count - 1 for count in page.voiced.values())
    assert again <= len(page.back_s.get(1006, ()))


async def command(word: str, **env: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", word),
        env=os.environ | env,
        stdout=asyncio.subprocess.PIPE,
    )


async def unready(base: str) -> list[Any]:
    """What was not well, whenever somebody asked, until it is cancelled."""
    found: list[Any] = []
    async with httpx.AsyncClient(base_url=base, timeout=60, verify=TLS) as http:
        with suppress(asyncio.CancelledError):
            while True:
                answer = await http.get("/health/ready", headers={"Connection": "close"})
                if answer.status_code != 200:
                    parts = answer.json()["parts"]
                    found.append([one for one in parts if not one["ok"]])
                await asyncio.sleep(0.2)
    return found


def servers(pid: int) -> set[int]:
    found = set()
    for one in descendants(pid):
        with suppress(OSError):
            if b"server.cli\0serve" in command_of(one):
                found.add(one)
    return found
