"""Two processes behind one socket: each answers with the figures of both."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server import metrics
from server.load.served import between, samples
from server.siblings import Siblings

START_S = 60.0
SERVER = """
import asyncio, sys
from pathlib import Path
from server import metrics
from server.siblings import Siblings

async def main(place, refused):
    for _ in range(refused):
        metrics.interview_refused("memory")
    metrics.follow(lambda: refused, lambda: (0, 0))
    async with Siblings(place).heard():
        print("here", flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""
MUTE = """
import socket, sys
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen()
print("here", flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def a_server(place: Path, refused: int, program: str = SERVER) -> AsyncIterator[None]:
    """Another process. It is killed in the end, so that its socket is left behind."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, str(place), str(refused)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_S):
            assert await process.stdout.readline() == b"here\n"
        yield
    finally:
        process.kill()
        await process.wait()


def places(folder: Path) -> tuple[Path, Path]:
    return folder / "serve-8000-1.sock", folder / "serve-8000-2.sock"


def refused(told: bytes) -> dict[str, float]:
    name = "viva_interviews_refused_total"
    return {
        dict(labels)["server"]: value
        for (one, labels), value in samples(told.decode()).items()
        if one == name and dict(labels)["cause"] == "memory"
    }


async def test_whoever_is_asked_answers_for_all_and_not_for_one_that_was_killed(
    short_folder: Path,
) -> None:
    first, second = places(short_folder)
    asked = Siblings(first)
    async with a_server(first, 3):
        async with a_server(second, 4):
            before = (await asked.exposition()).decode()
            assert await Siblings(second).exposition() != metrics.exposition()
            assert refused(before.encode()) == {"1": 3, "2": 4}
            assert sum(v for (n, _), v in samples(before).items() if n == "viva_sessions") == 7
            assert before.count("# TYPE viva_questions_total counter") == 1
            after = (await asked.exposition()).decode()
            served = between([before], [after])
            assert served.memory_bytes > 1.5 * between([""], [metrics_of(after)]).memory_bytes
        assert second.exists(), "it was killed"
        assert refused(await asked.exposition()) == {"1": 3}
        async with a_server(second, 5):
            assert refused(await asked.exposition()) == {"1": 3, "2": 5}


async def test_a_process_that_serves_nobody_tells_its_figures_by_its_name(
    short_folder: Path,
) -> None:
    first, second = places(short_folder)
    async with a_server(first, 3), a_server(second.with_name("serve-8000-rtc-1.sock"), 7):
        assert refused(await Siblings(first).exposition()) == {"1": 3, "rtc-1": 7}


def metrics_of(told: str) -> str:
    """Those of server 1 alone."""
    return "\n".join([line for line in told.splitlines() if 'server="1"' in line] + [""])


async def test_one_that_says_nothing_is_left_out(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = places(short_folder)
    async with a_server(first, 3), a_server(second, 0, MUTE):
        monkeypatch.setattr("server.siblings.ASK_S", 0.5)
        assert refused(await Siblings(first).exposition()) == {"1": 3}


async def test_what_leaves_takes_its_socket_away(short_folder: Path) -> None:
    place, _ = places(short_folder)
    async with Siblings(place).heard():
        assert set(refused(await Siblings(place).exposition())) == {"1"}
    assert not place.exists()


async def test_alone_there_is_no_number() -> None:
    assert b"server=" not in await Siblings().exposition()
