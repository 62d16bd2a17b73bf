"""Every part is asked, and says what is so; an engine on another machine no more often than it can
bear."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from server import readiness
from server.assets import share
from server.drift import Drift
from server.engines.choice import EngineInUse
from server.fullness import Load, Most
from server.ports import EngineError
from server.readiness import Readiness
from server.store.migrations import Migration, read_migrations
from server.store.pool import open_pool
from server.store.scope import EVERYWHERE
from server.trial import Trial
from server.web.services import Part


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


KNOWN = read_migrations(share("migrations"))
PARTS = {"server", "database", "schema", "redis", "worker", "jobs", "disk", "clocks", "room"}


def looking(
    pool: asyncpg.Pool, redis: Redis, engines: Sequence[Engine] = (), **given: Any
) -> Readiness:
    """Of a server that has nothing to do; ``given`` takes the place of its parts."""
    usual: dict[str, Any] = {
        "drift": Drift(pool, redis, "server"),
        "leaving": lambda: False,
        "load": Load(None, lambda: 0, lambda: 0),
        "trials": {},
        "folders": [],
        "known": KNOWN,
    }
    return Readiness(pool, redis, engines, **{**usual, **given})


async def part(ready: Readiness, name: str) -> Part:
    return next(one for one in await ready.parts() if one.name == name)


async def test_a_remote_engine_is_asked_once_in_a_while_and_a_local_one_each_time(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote, local = Engine("tts", remote=True), Engine("understanding", remote=False)
    pool: asyncpg.Pool = await open_pool(database_url, application_name="test", scope=EVERYWHERE)
    async with pool, Redis.from_url(redis_url) as redis:
        ready = looking(pool, redis, [remote, local])
        first = {part.name: part for part in await ready.parts()}
        second = {part.name: part for part in await ready.parts()}
        monkeypatch.setattr(readiness, "KEEP_S", -1.0)
        third = {part.name: part for part in await ready.parts()}
    assert set(first) == {*PARTS, "tts", "understanding"}
    assert first["tts"] == second["tts"]
    assert second["understanding"].detail == "asked 2 times"
    assert (third["tts"].ok, third["tts"].detail) == (False, "asked 2 times")


async def test_the_schema_is_that_of_this_version_older_or_newer(
    pool: asyncpg.Pool, redis_url: str
) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert await part(looking(pool, redis), "schema") == Part(
            "schema", True, KNOWN[-1].name.removesuffix(".sql")
        )
        later = Migration(len(KNOWN) + 1, "9999_more.sql", "SELECT 1")
        older = await part(looking(pool, redis, known=[*KNOWN, later]), "schema")
        assert not older.ok
        assert older.detail == "lacks 9999_more.sql and what follows it: run viva migrate"
        newer = await part(looking(pool, redis, known=KNOWN[:-1]), "schema")
        assert newer.ok, "the one that is to go may work to its end"
        assert "does not know" in newer.detail
        await pool.execute("RESET ROLE; REVOKE SELECT ON schema_migrations FROM viva_system")
        blind = await part(looking(pool, redis), "schema")
        assert not blind.ok
        assert "run viva migrate" in blind.detail


async def test_a_job_that_nobody_begins_is_told_of(pool: asyncpg.Pool, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        assert (await part(looking(pool, redis), "jobs")).detail == "0 waiting, 0 given up"
        await pool.execute(
            "INSERT INTO jobs (kind, subject, created_at, error, failed_at) VALUES "
            "('parse_resume', uuidv7(), now() - interval '7 minutes', NULL, NULL), "
            "('parse_resume', uuidv7(), now() - interval '2 days', '{}', now())"
        )
        jobs = await part(looking(pool, redis), "jobs")
    assert not jobs.ok
    assert jobs.detail == "1 waiting, 1 given up; one for 7 min: start more workers"


async def test_a_disk_that_is_full_or_takes_nothing_is_told_of(
    pool: asyncpg.Pool, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Redis.from_url(redis_url) as redis:
        fine = await part(looking(pool, redis, folders=[tmp_path]), "disk")
        assert fine.ok
        assert fine.detail.endswith("GiB left")
        gone = await part(looking(pool, redis, folders=[tmp_path, tmp_path / "gone"]), "disk")
        assert not gone.ok
        assert gone.detail.endswith("gone cannot be written (No such file or directory)")
        free = shutil.disk_usage(tmp_path).free
        monkeypatch.setattr(readiness, "LEAST_FREE", free * 2)
        full = await part(looking(pool, redis, folders=[tmp_path]), "disk")
        assert not full.ok
        assert full.detail.endswith("MiB left: make room")


async def test_an_engine_of_this_machine_has_to_have_worked(
    pool: asyncpg.Pool, redis_url: str
) -> None:
    async def broken() -> None:
        raise EngineError("its file is gone")

    async def fine() -> None:
        pass

    engines = [Engine(role, remote=False) for role in ("tts", "vad")]
    async with Redis.from_url(redis_url) as redis:
        ready = looking(pool, redis, engines, trials={"tts": Trial(broken), "vad": Trial(fine)})
        assert await part(ready, "tts") == Part("tts", False, "parrot: its file is gone")
        engines[1].asked = 0
        assert (await part(ready, "vad")).ok


async def test_a_recogniser_that_falls_behind_is_not_well(
    pool: asyncpg.Pool, redis_url: str
) -> None:
    clock = [0.0]
    most = Most(sessions=None, stt_wait_s=2.0, loop_lag_s=1.0, memory=1.0)
    load = Load(most, lambda: 3, lambda: 3, clock=lambda: clock[0])
    async with Redis.from_url(redis_url) as redis:
        load.lagged(0.0)
        clock[0] = 14.5  # three wait, and no batch came
        ready = looking(pool, redis, [Engine("stt", remote=False)], load=load)
        stt = await part(ready, "stt")
    assert stt == Part("stt", False, "parrot falls behind: answers wait 4.5 s (p95)")
