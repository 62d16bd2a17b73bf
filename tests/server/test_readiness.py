"""Every part is asked; an engine on another machine no more often than it can bear."""

from __future__ import annotations

import asyncpg
import pytest
from redis.asyncio import Redis

from server import readiness
from server.drift import Drift
from server.engines.choice import EngineInUse
from server.readiness import Readiness
from server.store.pool import open_pool
from server.store.scope import EVERYWHERE


class Engine:
    """An ``InUse`` that counts how often it was asked."""

    def __init__(self, role: str, *, remote: bool) -> None:
        self.role = role
        self.remote = remote
        self.asked = 0

    def in_use(self) -> EngineInUse:
        return EngineInUse(self.role, "parrot", "it is here", ("ko", "en"), settled=True)

    async def check(self) -> tuple[bool, str]:
        self.asked += 1
        return self.asked == 1, f"asked {self.asked} times"


async def test_a_remote_engine_is_asked_once_in_a_while_and_a_local_one_each_time(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote, local = Engine("tts", remote=True), Engine("understanding", remote=False)
    pool: asyncpg.Pool = await open_pool(database_url, application_name="test", scope=EVERYWHERE)
    async with pool, Redis.from_url(redis_url) as redis:
        ready = Readiness(pool, redis, [remote, local], Drift(pool, redis, "server"), lambda: False)
        first = {part.name: part for part in await ready.parts()}
        second = {part.name: part for part in await ready.parts()}
        monkeypatch.setattr(readiness, "KEEP_S", -1.0)
        third = {part.name: part for part in await ready.parts()}
    assert set(first) == {"server", "database", "redis", "worker", "clocks", "tts", "understanding"}
    assert first["tts"] == second["tts"]
    assert second["understanding"].detail == "asked 2 times"
    assert (third["tts"].ok, third["tts"].detail) == (False, "asked 2 times")
