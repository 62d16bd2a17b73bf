"""``viva up`` as people run it: one process that brings everything and takes it away again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from server import up
from server.settings import NAMES

START_S = 300.0
STOP_S = 120.0

pytestmark = [pytest.mark.engine, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]


def descendants(pid: int) -> set[int]:
    """All processes below this one, threads' children included."""
    found: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, thread.read_text().split()):
            found |= {child} | descendants(child)
    return found


def alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def until_gone(pids: set[int]) -> None:
    deadline = time.monotonic() + STOP_S
    while left := {pid for pid in pids if alive(pid)}:
        assert time.monotonic() < deadline, f"still there: {len(left)} of {len(pids)}"
        await asyncio.sleep(0.02)


class Running:
    """One ``viva up`` with what it printed."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.base = f"http://127.0.0.1:{port}"
        self.said = ""

    async def until(self, word: str, seconds: float = START_S) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(seconds):
            while word not in self.said:
                line = await self.process.stdout.readline()
                assert line, f"ended before {word!r}: {self.said}"
                self.said += line.decode()

    async def end(self) -> int:
        assert self.process.stdout is not None
        async with asyncio.timeout(STOP_S):
            self.said += (await self.process.stdout.read()).decode()
            return await self.process.wait()


@contextlib.asynccontextmanager
async def viva_up(data: Path, **more: str) -> AsyncIterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name not in NAMES}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.cli", "up"),
        env={
            **env,
            "VIVA_PORT": str(port),
            "VIVA_DATA": str(data),
            "VIVA_STT": "whisper-base",
            "VIVA_ADMISSION": "off",
            "VIVA_VLLM": "off",
            "VIVA_SERVERS": "1",
            **more,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Running(process, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_it_brings_everything_alone_on_its_data_and_stops_in_order(
    short_folder: Path,
) -> None:
    async with viva_up(short_folder) as running:
        await running.until("Ctrl-C")
        async with httpx.AsyncClient(base_url=running.base) as client:
            ready = (await client.get("/health/ready")).json()
            pages = [(await client.get(path)).status_code for path in ("/", "/interviewer")]
            address = private(short_folder / up.SIGN_IN_FILE)
            await sign_in_once(client, address, running.said)
            async with viva_up(short_folder) as second:
                assert await second.end() == 1
                assert "another viva is using" in second.said
            assert (await client.get("/health/live")).status_code == 200
        assert ready["status"] == "ok"
        assert pages == [200, 200]
        await stops_in_order(running, signal.SIGINT)
    assert f"{running.base}/interviewer" in running.said
    assert "loopback only" in running.said
    assert "viva demo" in running.said


async def stops_in_order(running: Running, how: signal.Signals) -> None:
    pids = descendants(running.process.pid)
    running.process.send_signal(how)
    assert await running.end() == 0
    assert not any(alive(pid) for pid in pids)
    assert "Traceback" not in running.said


def private(file: Path) -> str:
    assert file.stat().st_mode & 0o777 == 0o600
    return file.read_text().strip()


async def sign_in_once(client: httpx.AsyncClient, address: str, said: str) -> None:
    """No account is needed before; the address is in no output, opens once, and closes the door."""
    base, _, token = address.partition("#link=")
    assert httpx.URL(base) == client.base_url.join("/sign-in")
    assert up.SIGN_IN_FILE in said
    assert token not in said
    assert (await client.get("/v1/interviews")).status_code == 200
    for status in (200, 410):
        answer = await client.post("/v1/links/follow", json={"token": token})
        assert answer.status_code == status
    assert (await client.get("/v1/session")).json()["role"] == "admin"
    client.cookies.clear()
    assert (await client.get("/v1/interviews")).status_code == 401


def test_on_a_terminal_the_address_is_printed_and_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert up.shown("http://x/sign-in#link=t", "http://x", tmp_path).startswith("http://x/sign-in#")
    assert list(tmp_path.iterdir()) == []


async def test_nothing_outlives_a_kill_and_the_next_start_is_clean(short_folder: Path) -> None:
    async with viva_up(short_folder) as running:
        await running.until("interviewer")
        pids = descendants(running.process.pid)
        assert len(pids) >= 8  # server, worker, valkey, postgres and its own
        running.process.kill()
        await running.process.wait()
        await until_gone(pids)
    async with viva_up(short_folder) as again:
        await again.until("Ctrl-C")
        await stops_in_order(again, signal.SIGTERM)


async def test_a_stop_while_it_starts_leaves_nothing(short_folder: Path) -> None:
    async with viva_up(short_folder) as running:
        while not (short_folder / "postgres.log").exists():
            await asyncio.sleep(0.005)
        pids = descendants(running.process.pid)
        running.process.terminate()
        assert await running.end() == 0
        assert not any(alive(pid) for pid in pids)
        assert "Traceback" not in running.said


def test_the_interviewers_key_is_made_once_and_kept_private(short_folder: Path) -> None:
    path = short_folder / "new" / "interviewer.key"
    key = up.kept_key(path)
    assert len(key) >= 20
    assert up.kept_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
