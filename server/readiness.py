"""The state of every part, for ``/health/ready``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
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
    """Asks every part at once. An engine on a server is asked every ten seconds at the most."""

    def __init__(
        self, pool: asyncpg.Pool, redis: Redis, engines: Sequence[InUse], drift: Drift
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._engines = engines
        self._drift = drift
        self._kept: dict[str, tuple[Part, float]] = {}

    async def parts(self) -> list[Part]:
        stores = asyncio.gather(self._database(), self._queue(), self._drift.everybody())
        engines = await asyncio.gather(*(self._engine(one) for one in self._engines))
        database, queue, offsets = await stores
        return [database, *queue, Part("clocks", *told(offsets)), *engines]

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
        part, asked = self._kept.get(role, (None, 0.0))
        if part is None or not engine.remote or monotonic() - asked > KEEP_S:
            began = monotonic()
            part = Part(role, *await engine.check())
            self._kept[role] = part, began
        return part
