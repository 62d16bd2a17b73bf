"""Children are started again when they end, and replaced by others that are ready before."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from server.crew import Crew, Keeper, Kept, UpError

WAIT_S = 60.0
MEMBER = """
import os, signal, sys, time
places, how = sys.argv[1], sys.argv[2]
def leave(*_):
    open(places, "a").write(f"{os.getpid()} left\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
if how == "unready" and os.path.exists(places):
    time.sleep(600)
open(places, "a").write(f"{os.getpid()} here\\n")
os.write(int(sys.argv[sys.argv.index("--ready") + 1]), b"1")
time.sleep(600)
"""


async def test_a_child_that_cannot_start_ends_it_with_a_message() -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with pytest.raises(UpError, match=r"the worker could not start \(status 3\)"):
        await Keeper(Kept("worker", command, os.environ)).run(asyncio.Event())


async def test_a_child_that_crashes_later_is_started_again_ever_more_slowly(
    tmp_path: Path,
) -> None:
    ready = asyncio.Event()
    ready.set()
    starts = tmp_path / "starts"
    program = f"import time; open({str(starts)!r}, 'a').write(f'{{time.time()}}\\n')"
    command = [sys.executable, "-c", program]
    kept = Kept("worker", command, os.environ, first_delay_s=0.05)
    keeping = asyncio.create_task(Keeper(kept).run(ready))
    async with asyncio.timeout(20):
        while not starts.exists() or len(starts.read_text().split()) < 4:
            await asyncio.sleep(0.02)
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    times = [float(line) for line in starts.read_text().split()]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps[2] > gaps[0]
    assert gaps[2] > 0.2


def member(places: Path, how: str = "ready") -> Kept:
    command = [sys.executable, "-c", MEMBER, str(places), how]
    return Kept("server", command, os.environ, tells=True, stop_signal=signal.SIGINT)


def said(places: Path) -> list[tuple[int, str]]:
    lines = places.read_text().splitlines() if places.exists() else []
    return [(int(pid), what) for pid, what in map(str.split, lines)]


async def until(places: Path, count: int) -> list[tuple[int, str]]:
    ends = time.monotonic() + WAIT_S
    while len(found := said(places)) < count:
        assert time.monotonic() < ends, found
        await asyncio.sleep(0.02)
    return found


async def ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def settled() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_one_after_the_other_is_replaced_and_there_are_never_fewer(tmp_path: Path) -> None:
    places = tmp_path / "places"
    crew = Crew(member(places), 2)
    running = asyncio.create_task(crew.run(settled()))
    first = {pid for pid, _ in await until(places, 2)}
    assert await crew.renew()
    found = await until(places, 6)
    await ended(running)
    assert [what for _, what in found] == ["here", "here", "here", "left", "here", "left"]
    assert {pid for pid, what in found if what == "left"} == first


async def test_where_the_new_one_does_not_get_ready_the_old_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.crew.READY_S", 0.5)
    places = tmp_path / "places"
    crew = Crew(member(places, "unready"), 1)
    running = asyncio.create_task(crew.run(settled()))
    await until(places, 1)
    assert not await crew.renew()
    assert [what for _, what in said(places) if what == "here"] == ["here"]
    ((pid, _), *_) = said(places)
    os.kill(pid, 0)
    await ended(running)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_all_of_it_ends_where_one_that_is_needed_cannot_start() -> None:
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    with pytest.raises(UpError, match=r"the server could not start \(status 3\)"):
        await Crew(Kept("server", command, os.environ), 2).run(asyncio.Event())


async def test_a_number_is_of_nobody_else_and_is_taken_again(tmp_path: Path) -> None:
    places = tmp_path / "places"
    kept = replace(member(places), beside=tmp_path / "serve")
    crew = Crew(kept, 2)
    running = asyncio.create_task(crew.run(settled()))
    await until(places, 2)
    assert await crew.renew()
    assert sorted(keeper.number for keeper in crew._keepers) == [1, 3]
    assert await crew.renew()
    assert sorted(keeper.number for keeper in crew._keepers) == [2, 3]
    await ended(running)
