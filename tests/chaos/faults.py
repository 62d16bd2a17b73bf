"""What is done to a house while interviews are held in it. In the end everything is whole."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from redis.asyncio import Redis

from tests.chaos.house import ONE, POSTGRES, VALKEY, House
from tests.live import until

OTHERS = "application_name LIKE 'viva %' AND pid <> pg_backend_pid()"
TERMINATE = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {OTHERS}"
DEAD_SHARE = 0.4
LONGEST_TURN_S = 2.5
THERE_S = 300.0


@dataclass
class Told:
    """What a fault has to say. ``spans``: when it was there, by the wall clock, where that is not
    all the time; ``seconds``: how long took what may not take for ever, by the limit's name."""

    notes: list[str] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


Act = Callable[[House, float], Awaitable[Told]]
"""On a house, for some seconds where it takes time."""


def in_turn(acts: Sequence[Act]) -> Act:
    """Each for a share of the time, none shorter than a second."""

    async def act(house: House, seconds: float) -> Told:
        told = Told()
        for one in acts:
            said = await one(house, max(1.0, 2 * seconds / len(acts)))
            told.notes += said.notes
            told.seconds |= said.seconds
        return told

    return act


def trouble(engines: Mapping[str, str]) -> Act:
    """The engines are in these moods for a while."""

    async def act(house: House, seconds: float) -> Told:
        assert house.engines is not None
        before, asked = house.engines.moods, house.engines.asked(engines)
        house.engines.be({**before, **engines})
        await asyncio.sleep(2 * seconds)
        met = house.engines.asked(engines)
        house.engines.be(before)
        times = [f"{name} asked {met[name] - asked[name]} times" for name in engines]
        return Told([f"{2 * seconds:.0f} s", *times])

    return act


def freeze(part: str, times: float = 1) -> Act:
    async def act(house: House, seconds: float) -> Told:
        with house.frozen(part):
            await asyncio.sleep(times * seconds)
        return Told([f"{times * seconds:.0f} s"])

    return act


def freeze_now_and_then(part: str, times: int) -> Act:
    """As long frozen as not, in turns: what is measured meanwhile compares."""

    async def act(house: House, seconds: float) -> Told:
        told = Told([f"{times} times {seconds / 2:.1f} s"])
        for _ in range(times):
            began = time.time()
            with house.frozen(part):
                await asyncio.sleep(seconds / 2)
            told.spans.append((began, time.time()))
            await asyncio.sleep(seconds / 2)
        return told

    return act


async def _there(house: House, program: str) -> list[int] | None:
    """Not yet, where a server was started a moment ago."""
    return house.of_program(program) or None


def freeze_child(program: str) -> Act:
    """A process that a server started, known by its module."""

    async def act(house: House, seconds: float) -> Told:
        pids = await until(lambda: _there(house, program), THERE_S)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        house.let_go(pids)
        return Told([f"{len(pids)} processes for {seconds:.0f} s"])

    return act


def kill_child(program: str) -> Act:
    async def act(house: House, seconds: float) -> Told:
        pids = await until(lambda: _there(house, program), THERE_S)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(seconds)
        return Told([f"{len(pids)} processes"])

    return act


def kill(part: str) -> Act:
    """And nobody is there for a while."""

    async def act(house: House, seconds: float) -> Told:
        await house.kill(part)
        await asyncio.sleep(seconds * DEAD_SHARE)
        await house.start(part)
        return Told([f"started again {seconds * DEAD_SHARE:.0f} s later"])

    return act


def kill_anywhere(times: int) -> Act:
    """The only server, at any point of whatever turns are going on; the same points each time."""

    async def act(house: House, seconds: float) -> Told:
        random = Random(times)
        for _ in range(times):
            await asyncio.sleep(LONGEST_TURN_S * random.random())
            await house.kill(ONE)
            await house.start(ONE)
        return Told([f"{times} times"])

    return act


async def flush_redis(house: House, seconds: float) -> Told:
    times, until_s = 0, time.monotonic() + seconds
    async with Redis.from_url(house.redis_url) as redis:
        while time.monotonic() < until_s:
            await redis.flushall()
            times += 1
            await asyncio.sleep(0.2)
    return Told([f"{times} times"])


async def terminate(house: House, seconds: float) -> Told:
    """All connections, again and again: some of them in the middle of a transaction."""
    ended, until_s = 0, time.monotonic() + seconds
    async with house.database() as database:
        while time.monotonic() < until_s:
            ended += await database.fetchval(TERMINATE)
            await asyncio.sleep(0.05)
    return Told([f"{ended} connections in {seconds:.0f} s"])


async def restart_postgres(house: House, seconds: float) -> Told:
    """A fast restart, as for a new version."""
    await house.end(POSTGRES)
    await house.start(POSTGRES)
    return Told()


async def read_only(house: House, seconds: float) -> Told:
    """As a failover looks: the connections end, the new ones cannot write for a while. Those made
    meanwhile stay read-only for good, and nobody ends them."""
    async with house.database() as database:
        await database.execute("ALTER DATABASE viva SET default_transaction_read_only = on")
        try:
            await database.fetchval(TERMINATE)
            await asyncio.sleep(2 * seconds)
        finally:
            await database.execute("ALTER DATABASE viva RESET default_transaction_read_only")
    return Told([f"{2 * seconds:.0f} s"])


async def end_server(house: House, seconds: float) -> Told:
    """As for a new version."""
    took = await house.end(ONE)
    await house.start(ONE)
    return Told([f"ended after {took:.1f} s"], seconds={"ended_s": took})


async def end_server_without_redis(house: House, seconds: float) -> Told:
    """SIGTERM while Redis stands still; the server is started again before Redis is back."""
    with house.frozen(VALKEY):
        took = await house.end(ONE)
        await house.start(ONE)
        await asyncio.sleep(seconds)
    return Told([f"the server ended after {took:.1f} s"], seconds={"ended_s": took})


async def nothing(house: House, seconds: float) -> Told:
    """The candidates are trouble enough."""
    return Told()


ACTS: Mapping[str, Any] = {
    one.__name__: one
    for one in (
        freeze, freeze_now_and_then, freeze_child, kill_child, kill, kill_anywhere, flush_redis,
        terminate, restart_postgres, read_only, end_server, end_server_without_redis,
        nothing, trouble,
    )
}  # fmt: skip
