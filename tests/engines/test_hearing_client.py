"""The recogniser in a process of its own: shared, replaced when it dies, hangs or grows."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from server.engines import hearing_client, hearing_process
from server.engines.hearing_client import ProcessRecognizer, socket_of
from server.engines.hearing_wire import Task
from server.engines.lanes import Batch
from server.ports import EngineError, Unheard
from tests.engines.whisper_fixture import make

SCRIPT = "저는 결제 서비스를 개발했습니다."
Open = Callable[..., ProcessRecognizer]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Open]:
    folder = str(make(tmp_path / "tiny", SCRIPT))
    async with AsyncExitStack() as stack:

        def one(grows_mb: int = 512) -> ProcessRecognizer:
            task = Task(folder, "cpu", "tiny", 64, grows_mb=grows_mb)
            made = ProcessRecognizer(tmp_path / "data", task)
            stack.push_async_callback(made.close)
            return made

        yield one


@pytest.fixture
def speech(two_cities: NDArray[np.int16]) -> bytes:
    return two_cities[16_000:80_000].tobytes()


async def test_all_who_name_the_same_share_one_process_that_ends_with_the_last(
    opened: Open, speech: bytes
) -> None:
    first, second = opened(), opened()
    told: list[Batch] = []
    second.watchers.append(told.append)
    await asyncio.gather(first.load(), second.load())
    pids = {one._line.ready.pid for one in (first, second) if one._line}
    assert len(pids) == 1
    assert first.name == second.name == "whisper tiny int8 cpu"
    assert (first.covers("ko"), first.covers("xx")) == (True, False)
    found = await asyncio.gather(*(one.transcribe(speech, "ko") for one in (first, second)))
    assert [one.text for one in found] == [SCRIPT, SCRIPT]
    assert all(word.sure is not None for one in found for word in one.words)
    assert found[0].sure is not None
    assert sum(batch.finals for batch in told) == 2
    starter = next(one for one in (first, second) if one._child)
    other = second if starter is first else first
    await starter.close()
    assert (await other.transcribe(speech, "ko")).text == SCRIPT
    assert other._child is None
    assert other.pid in pids
    await other.close()
    assert starter._waiting is not None
    await asyncio.to_thread(starter._waiting.join, 30)
    assert starter._child is not None
    assert starter._child.returncode == 0


async def test_what_was_in_hand_when_it_died_is_asked_once_more(
    opened: Open, two_cities: NDArray[np.int16]
) -> None:
    recognizer = opened()
    await recognizer.load()
    asked = asyncio.create_task(recognizer.transcribe(two_cities.tobytes(), "ko"))
    await asyncio.sleep(0)
    assert recognizer._line is not None
    os.kill(recognizer._line.ready.pid, signal.SIGKILL)
    assert (await asked).text == f"{SCRIPT} {SCRIPT}"


async def test_what_kills_it_twice_is_a_failure_and_never_an_empty_text(
    opened: Open, speech: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognizer = opened()
    hear = hearing_client.Line.hear

    async def kill(line: hearing_client.Line, *given: object, **more: object) -> object:
        os.kill(line.ready.pid, signal.SIGKILL)
        return await hear(line, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(hearing_client.Line, "hear", kill)
    with pytest.raises(Unheard, match="died on it"):
        await recognizer.transcribe(speech, "ko")
    monkeypatch.setattr(hearing_client.Line, "hear", hear)
    assert (await recognizer.transcribe(speech, "ko")).text == SCRIPT


async def test_one_that_does_not_answer_is_killed_and_replaced(
    opened: Open, speech: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing_client, "PING_S", 0.05)
    monkeypatch.setattr(hearing_client, "SILENT_S", 0.3)
    recognizer = opened()
    await recognizer.load()
    assert recognizer._line is not None
    os.kill(recognizer._line.ready.pid, signal.SIGSTOP)
    monkeypatch.setattr(hearing_client, "SILENT_S", 60.0)  # of the next one
    assert (await recognizer.transcribe(speech, "ko")).text == SCRIPT


async def test_one_that_grew_is_replaced_and_nothing_is_lost(opened: Open, speech: bytes) -> None:
    recognizer = opened(grows_mb=0)
    seen: set[int] = set()
    async with asyncio.timeout(60):
        while len(seen) < 2:
            assert (await recognizer.transcribe(speech, "ko")).text == SCRIPT
            assert recognizer._line is not None
            seen.add(recognizer._line.ready.pid)


async def test_one_that_cannot_load_says_why(tmp_path: Path, speech: bytes) -> None:
    task = Task(str(tmp_path / "nothing"), "cpu", "tiny", 64)
    recognizer = ProcessRecognizer(tmp_path / "data", task)
    with pytest.raises(EngineError, match="whisper tiny cannot be loaded"):
        await recognizer.load()
    await recognizer.close()
    with pytest.raises(Unheard, match="closed"):
        await recognizer.transcribe(speech, "ko")


def test_a_long_name_of_the_folder_is_no_obstacle(tmp_path: Path) -> None:
    task = Task("model", "cpu", "tiny", 64)
    deep = tmp_path / ("deep" * 30)
    assert socket_of(tmp_path, task).parent == tmp_path
    assert len(os.fsencode(socket_of(deep, task))) <= hearing_client.LONGEST_PATH
    assert socket_of(deep, task) != socket_of(tmp_path / ("more" * 30), task)


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can")
async def test_what_the_allocator_kept_goes_back_to_the_system() -> None:
    """In a process of its own: others' holes would be counted too."""
    code = """
import numpy
from server.engines.hearing_process import resident_mb, trim
kept = [numpy.ones(12_000) for _ in range(2_000)]  # 96 kB each, below what is mapped alone
holes = [one for at, one in enumerate(kept) if at % 2]
del kept
before = resident_mb()
trim()
print(before - resident_mb())
"""
    told = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await told.communicate()
    assert int(out) > 50


@pytest.mark.parametrize(("load", "times"), [(0.2, 1.0), (2.0, 1.0), (9.0, 4.5)])
def test_what_is_starved_does_not_hang(
    monkeypatch: pytest.MonkeyPatch, load: float, times: float
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert hearing_process.crowd() == times
