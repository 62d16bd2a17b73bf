"""The state of every part, for ``/health/ready``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.drift import Drift, told
from server.engines.choice import InUse
from server.queue import HEALTH_KEY
from server.store.pool import STORE_AWAY
from server.store.scope import everywhere
from server.web.services import Part

ASK_S = 2.0
KEEP_S = 10.0


class Readiness:
    """Asks every part at once. What is dear to ask is asked every ten seconds at most."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        redis: Redis,
        engines: Sequence[InUse],
        drift: Drift,
        leaving: Callable[[], bool],
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._engines = engines
        self._drift = drift
        self._leaving = leaving
        self._kept: dict[str, tuple[Part, float]] = {}

    async def parts(self) -> list[Part]:
        stores = asyncio.gather(
            self._database(), self._queue(), self._now_and_then("clocks", self._clocks)
        )
        engines = await asyncio.gather(*(self._engine(one) for one in self._engines))
        database, queue, clocks = await stores
        return [self._server(), database, *queue, clocks, *engines]

    def _server(self) -> Part:
        if self._leaving():
            return Part("server", False, "leaves: what runs goes on elsewhere, nothing is begun")
        return Part("server", True, "running")

    async def _database(self) -> Part:
        try:
            async with asyncio.timeout(ASK_S):
                with everywhere():
                    await self._pool.fetchval("SELECT 1")
        except STORE_AWAY as error:
            return Part("database", False, f"does not answer ({type(error).__name__})")
        return Part("database", True, "answers")

    async def _queue(self) -> list[Part]:
        try:
            async with asyncio.timeout(ASK_S):
                alive = await self._redis.exists(HEALTH_KEY)
        except (OSError, TimeoutError, RedisError) as error:
            why = f"does not answer ({type(error).__name__})"
            return [Part("redis", False, why), Part("worker", False, "unknown without redis")]
        worker = Part("worker", bool(alive), "alive" if alive else "no worker has reported")
        return [Part("redis", True, "answers"), worker]

    async def _engine(self, engine: InUse) -> Part:
        role = engine.in_use().role
        if engine.remote:
            return await self._now_and_then(role, engine.check)
        return Part(role, *await engine.check())

    async def _clocks(self) -> tuple[bool, str]:
        """All that Redis holds is looked through for them."""
        return told(await self._drift.everybody())

    async def _now_and_then(
        self, name: str, ask: Callable[[], Awaitable[tuple[bool, str]]]
    ) -> Part:
        part, asked = self._kept.get(name, (None, 0.0))
        if part is None or monotonic() - asked > KEEP_S:
            began = monotonic()
            part = Part(name, *await ask())
            self._kept[name] = part, began
        return part
