"""How far the clocks of this system are apart: every server and every worker asks the database and
Redis for the time once a minute, and tells it to the others in Redis.

Nothing stored is computed from two machines' clocks: times, orders and expiries are the database's.
What drifts all the same shows in log files, certificates and one-time codes, and is warned of here.
"""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

import asyncpg
import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server import metrics
from server.store.pool import STORE_AWAY, database_now
from server.store.scope import everywhere

WARN_MS = 500
EVERY_S = 60.0
KEPT_S = 200
"""What a process said is forgotten: it has ended, or cannot reach Redis."""
TRIES = 3
ASK_S = 2.0
KEY = "viva:clock:"

Store = Literal["postgresql", "redis"]
AWAY = (RedisError, *STORE_AWAY)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Offset:
    """``ahead_ms``: of a process before the clock of ``of``; negative where it is behind.
    ``unsure_ms``: half of the round trip, the most by which that can be wrong."""

    process: str
    of: Store
    ahead_ms: int
    unsure_ms: int

    @property
    def drifts(self) -> bool:
        """For certain: a slow answer is no drift."""
        return abs(self.ahead_ms) - self.unsure_ms > WARN_MS

    def __str__(self) -> str:
        way = "ahead of" if self.ahead_ms > 0 else "behind"
        return f"{self.process} is {abs(self.ahead_ms)} ms {way} {self.of}"


async def measure(
    ask: Callable[[], Awaitable[float]], wall: Callable[[], float] = time.time
) -> tuple[int, int]:
    """ms ahead of the clock that ``ask`` reads (seconds since 1970), and by how many that may be
    wrong: what was read is taken for the middle of the quickest of a few round trips (F. Cristian,
    Probabilistic clock synchronization, 1989)."""
    best: tuple[float, float] | None = None
    for _ in range(TRIES):
        left = wall()
        there = await ask()
        back = wall()
        if best is None or back - left < best[1]:
            best = (left + back) / 2 - there, back - left
    assert best is not None
    return round(best[0] * 1_000), round(best[1] * 500) + 1


def told(offsets: Iterable[Offset]) -> tuple[bool, str]:
    """Whether nobody's clock drifts, and how far they are apart, in words."""
    known = list(offsets)
    if drifting := [one for one in known if one.drifts]:
        worst = sorted(drifting, key=lambda one: -abs(one.ahead_ms))
        return False, "; ".join(map(str, worst)) + ": let NTP set the clocks of these machines"
    if not known:
        return True, "not measured yet"
    processes = len({one.process for one in known})
    apart = max(abs(one.ahead_ms) for one in known)
    return True, f"{processes} within {apart} ms of the database and Redis"


async def of_this_machine(database_url: str, redis_url: str) -> Sequence[Offset]:
    """Of whichever of the two answers."""
    pool = asyncpg.create_pool(database_url, min_size=0, max_size=1, timeout=ASK_S)
    async with Redis.from_url(redis_url) as redis, pool:
        return await Drift(pool, redis, "doctor").measured()


class Drift:
    """``run`` is a task of every server and worker. ``role``: which of the two it is."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        redis: Redis,
        role: Literal["server", "worker", "doctor"],
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._wall = wall
        self._process = f"{role} {os.getpid()} on {platform.node() or 'this machine'}"
        self._key = f"{KEY}{uuid4().hex}"
        self._drifts = False
        self.offsets: Sequence[Offset] = ()
        """Of this process, as measured last."""

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Measures, and tells the others. Never fails."""
        self.offsets = await self.measured()
        for one in self.offsets:
            metrics.CLOCK.labels(one.of).set(one.ahead_ms / 1_000)
        self._warn()
        try:
            async with asyncio.timeout(ASK_S):
                await self._redis.set(self._key, msgspec.json.encode(self.offsets), ex=KEPT_S)
        except AWAY:
            pass  # the queue says so

    async def measured(self) -> Sequence[Offset]:
        """Of this process, now. Never fails: who does not answer has no clock."""
        found = [
            await self._offset("postgresql", self._database_time),
            await self._offset("redis", self._redis_time),
        ]
        return [one for one in found if one is not None]

    async def everybody(self) -> list[Offset]:
        """Of every process that measured lately; of this one alone where Redis is away."""
        try:
            async with asyncio.timeout(ASK_S):
                keys = [key async for key in self._redis.scan_iter(f"{KEY}*", count=1_000)]
                values = await self._redis.mget(keys) if keys else []
            return [
                one
                for value in values
                if value is not None
                for one in msgspec.json.decode(value, type=list[Offset])
            ]
        except (*AWAY, msgspec.DecodeError):
            return list(self.offsets)

    async def _offset(self, of: Store, ask: Callable[[], Awaitable[float]]) -> Offset | None:
        try:
            async with asyncio.timeout(ASK_S):
                ahead_ms, unsure_ms = await measure(ask, self._wall)
        except AWAY:
            return None
        return Offset(self._process, of, ahead_ms, unsure_ms)

    async def _database_time(self) -> float:
        with everywhere():
            return (await database_now(self._pool)).timestamp()

    async def _redis_time(self) -> float:
        seconds, microseconds = await self._redis.time()
        return float(seconds) + float(microseconds) / 1e6

    def _warn(self) -> None:
        """Once when it begins and once when it is over."""
        ok, words = told(self.offsets)
        if not ok and not self._drifts:
            log.warning("clocks drift", detail=words)
        if ok and self._drifts:
            log.info("clocks agree again", detail=words)
        self._drifts = not ok
