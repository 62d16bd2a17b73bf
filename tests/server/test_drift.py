"""Clocks that are apart: measured, told by everybody, and no matter for what is stored."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from server import drift
from server.drift import Drift, Offset, measure, told
from tests.server.test_readiness import looking

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class Clocks:
    """Of a process and of a store: time passes on the way there and back."""

    def __init__(self, ahead: float, *ways: tuple[float, float]) -> None:
        self.now, self.ahead, self.ways = 1_000_000.0, ahead, list(ways)

    def wall(self) -> float:
        return self.now + self.ahead

    async def ask(self) -> float:
        there, back = self.ways.pop(0)
        self.now += there
        read = self.now
        self.now += back
        return read


async def test_the_quickest_of_three_round_trips_counts_and_half_of_it_is_unsure() -> None:
    clocks = Clocks(0.75, (0.9, 0.1), (0.011, 0.009), (0.2, 0.2))
    assert await measure(clocks.ask, clocks.wall) == (749, 11)


async def test_a_way_there_that_is_slow_each_time_is_within_what_is_unsure() -> None:
    clocks = Clocks(0.0, *[(1.2, 0.0)] * 3)
    ahead_ms, unsure_ms = await measure(clocks.ask, clocks.wall)
    assert (ahead_ms, unsure_ms) == (-600, 601)
    assert not Offset("server 1", "redis", ahead_ms, unsure_ms).drifts


def test_it_is_told_who_is_how_far_and_what_to_do() -> None:
    fine = Offset("server 1 on a", "postgresql", 40, 2)
    late = Offset("worker 2 on b", "postgresql", -740, 3)
    early = Offset("server 3 on c", "redis", 3_600_000, 3)
    assert told([]) == (True, "not measured yet")
    assert told([fine, fine]) == (True, "1 within 40 ms of the database and Redis")
    ok, words = told([fine, late, early])
    assert not ok
    assert words == (
        "server 3 on c is 3600000 ms ahead of redis; worker 2 on b is 740 ms behind postgresql"
        ": let NTP set the clocks of these machines"
    )


async def test_every_process_is_seen_by_the_others_and_a_shifted_one_is_warned_of(
    pool: asyncpg.Pool, redis_url: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        right = Drift(pool, redis, "server")
        wrong = Drift(pool, redis, "worker", wall=lambda: time.time() + 2.0)
        assert await right.everybody() == []
        with capture_logs() as logged:
            await right.look()
            await wrong.look()
            await wrong.look()
        assert [one["event"] for one in logged] == ["clocks drift"], "once"
        assert {one.process.split()[0] for one in await right.everybody()} == {"server", "worker"}
        assert sorted(await right.everybody(), key=str) == sorted(await wrong.everybody(), key=str)
        part = next(
            one for one in await looking(pool, redis, drift=right).parts() if one.name == "clocks"
        )
        assert not part.ok
        assert "worker" in part.detail
        assert "server" not in part.detail
        with capture_logs() as logged:
            wrong._wall = time.time
            await wrong.look()
        assert [one["event"] for one in logged] == ["clocks agree again"]
        assert told(await right.everybody())[0]


async def test_what_is_silent_has_no_clock_and_nothing_breaks(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "ASK_S", 0.2)
    async with Redis.from_url("redis://127.0.0.1:1/0") as nobody:
        alone = Drift(pool, nobody, "server")
        await alone.look()
        assert [one.of for one in alone.offsets] == ["postgresql"]
        assert await alone.everybody() == alone.offsets


async def test_what_is_no_offset_in_redis_is_not_read(pool: asyncpg.Pool, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        one = Drift(pool, redis, "server")
        await one.look()
        await redis.set(f"{drift.KEY}other", b'{"of": 1}')
        assert await one.everybody() == one.offsets


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not on this machine")
async def test_a_worker_whose_machine_is_an_hour_ahead_says_so(
    pool: asyncpg.Pool, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    """The real worker under a shifted clock; what it stores goes by the database's."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "VIVA_DATA": str(tmp_path),
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME": "+1h",
        "DONT_FAKE_MONOTONIC": "1",
        "VIVA_LOG": "json",
    }
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers.main",
        env=environment,
        stderr=subprocess.PIPE,
    )
    try:
        async with Redis.from_url(redis_url) as redis, asyncio.timeout(60):
            seen = Drift(pool, redis, "server")
            while not (offsets := await seen.everybody()):
                await asyncio.sleep(0.1)
    finally:
        worker.terminate()
        _, written = await asyncio.wait_for(worker.communicate(), 30)
    assert {one.of for one in offsets} == {"postgresql", "redis"}
    assert all(abs(one.ahead_ms - 3_600_000) < 5_000 for one in offsets)
    said = [json.loads(line) for line in written.splitlines() if line.startswith(b"{")]
    warned = [one for one in said if one.get("event") == "clocks drift"]
    assert len(warned) == 1
