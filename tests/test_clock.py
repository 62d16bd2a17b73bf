"""Virtual time: no waiting, in order, and never past a thread or a database that is at work."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import asyncpg
import pytest

from server.clock import now
from tests import clock as module
from tests.clock import ClockLoop, Stuck

ROOT = Path(__file__).resolve().parents[1]


async def test_an_hour_takes_no_time_and_the_shells_clock_goes_with_it(clock: ClockLoop) -> None:
    began, really = now(), time.perf_counter()
    await asyncio.sleep(3_600)
    assert now() - began == pytest.approx(3_600)
    assert time.perf_counter() - really < 60


async def test_timers_ring_in_their_order(clock: ClockLoop) -> None:
    rung: list[int] = []

    async def ring(after: int) -> None:
        await asyncio.sleep(after)
        rung.append(after)

    await asyncio.gather(*(ring(after) for after in (30, 10, 20)))
    assert rung == [10, 20, 30]


async def test_what_never_comes_is_late_at_once(clock: ClockLoop) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(300):
            await asyncio.Event().wait()


async def test_a_thread_is_waited_for_whatever_the_time_out(clock: ClockLoop) -> None:
    began = now()
    async with asyncio.timeout(0.01):
        await asyncio.to_thread(time.sleep, 0.05)
    assert now() == began


async def test_by_hand_time_passes_beside_a_thread(clock: ClockLoop) -> None:
    going = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        asyncio.run_coroutine_threadsafe(going.wait(), loop).result(30)

    working = asyncio.create_task(asyncio.to_thread(work))
    await clock.advance(5)
    assert not working.done()
    going.set()
    await working


async def test_a_database_is_waited_for_whatever_the_time_out(
    clock: ClockLoop, pool: asyncpg.Pool
) -> None:
    began = now()
    async with asyncio.timeout(0.01):
        await pool.execute("SELECT pg_sleep(0.05)")
        async with pool.acquire() as first, pool.acquire() as second, first.transaction():
            assert await second.fetchval("SELECT 1") == 1
    assert now() == began
    await asyncio.sleep(86_400)
    began, ticking = now(), asyncio.create_task(every_moment())
    assert await pool.fetchval("SELECT 1") == 1
    assert now() == began, "asyncpg has not tidied up in the meantime"
    ticking.cancel()


async def every_moment() -> None:
    while True:
        await asyncio.sleep(0.01)


async def test_by_hand_a_database_is_waited_for_as_well(
    clock: ClockLoop, pool: asyncpg.Pool
) -> None:
    asking = asyncio.create_task(pool.fetchval("SELECT 2 FROM pg_sleep(0.05)"))
    await clock.advance(3_600)
    assert await asking == 2


async def test_a_socket_of_this_process_is_heard_before_the_next_timer(clock: ClockLoop) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, asyncio.timeout(0.01):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()


def test_a_test_in_which_nothing_happens_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STUCK_S", 0.01)
    with asyncio.Runner(loop_factory=ClockLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, ClockLoop)
        with loop.virtual(), pytest.raises(Stuck):
            runner.run(asyncio.Event().wait())


async def test_real_time_goes_on_where_virtual_time_ended() -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ClockLoop)
    with loop.virtual():
        await asyncio.sleep(100)
        reached = now()
    assert 0 <= now() - reached < 60
    really = time.monotonic()
    await asyncio.sleep(0.01)
    assert time.monotonic() - really >= 0.009


@pytest.mark.parametrize("folder", ["server/realtime", "server/store"])
def test_the_shells_read_no_other_clock(folder: str) -> None:
    """How long work takes on a processor is measured by ``perf_counter``; nothing waits by it."""
    for path in (ROOT / folder).rglob("*.py"):
        imports = re.findall(r"(?m)^\s*(?:import time|from time import .*)$", path.read_text())
        assert [line for line in imports if line != "from time import perf_counter"] == [], path
