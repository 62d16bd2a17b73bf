"""The state of every part, for ``/health/ready``."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TypeVar

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.drift import Drift, told
from server.engines.choice import InUse
from server.fullness import Load
from server.queue import HEALTH_KEY
from server.store import migrations, outbox
from server.store.migrations import Migration
from server.store.pool import STORE_AWAY
from server.store.scope import everywhere
from server.trial import Trial
from server.web.services import Part

T = TypeVar("T")

ASK_S = 2.0
KEEP_S = 10.0
LEAST_FREE = 512 * 1024 * 1024
"""Bytes of a disk below which it is told to be full: there is time yet to do something."""
LONG_S = 300.0
"""A job that nobody has begun for so long."""


class Readiness:
    """Asks every part at once. What is dear to ask is asked every ten seconds at most.

    ``trials``: of the engines of this machine, by role. ``folders``: where files are written.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        redis: Redis,
        engines: Sequence[InUse],
        drift: Drift,
        leaving: Callable[[], bool],
        load: Load,
        *,
        trials: Mapping[str, Trial],
        folders: Sequence[Path],
        known: Sequence[Migration],
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._engines = engines
        self._drift = drift
        self._leaving = leaving
        self._load = load
        self._trials = trials
        self._folders = folders
        self._known = known
        self._kept: dict[str, tuple[Part, float]] = {}

    async def parts(self) -> list[Part]:
        stores = asyncio.gather(self._database(), self._queue())
        dear = asyncio.gather(
            self._now_and_then("schema", self._schema),
            self._now_and_then("jobs", self._jobs),
            self._now_and_then("disk", self._disk),
            self._now_and_then("clocks", self._clocks),
        )
        engines = await asyncio.gather(*(self._engine(one) for one in self._engines))
        database, queue = await stores
        return [self._server(), database, *queue, *await dear, self._room(), *engines]

    def _server(self) -> Part:
        if self._leaving():
            return Part("server", False, "leaves: what runs goes on elsewhere, nothing is begun")
        return Part("server", True, "running")

    def _room(self) -> Part:
        """Who runs is not put off where there is none: it says whether one more may begin."""
        here = self._load.measured()
        told = (
            f"{here.sessions} interviews, {here.memory:.0%} of the memory, the loop is "
            f"{here.loop_lag_s * 1_000:.0f} ms late (p95)"
        )
        full = self._load.full()
        return Part("room", not full, f"full ({full}): {told}" if full else told)

    async def _database(self) -> Part:
        ok, detail = await self._asked(lambda: self._pool.fetchval("SELECT 1"))
        return Part("database", ok is not None, detail or "answers")

    async def _queue(self) -> list[Part]:
        try:
            async with asyncio.timeout(ASK_S):
                alive = await self._redis.exists(HEALTH_KEY)
        except (OSError, TimeoutError, RedisError) as error:
            why = f"does not answer ({type(error).__name__})"
            return [Part("redis", False, why), Part("worker", False, "unknown without redis")]
        worker = Part("worker", bool(alive), "alive" if alive else "no worker has reported")
        return [Part("redis", True, "answers"), worker]

    async def _schema(self) -> tuple[bool, str]:
        """The migrations of the database, against those that came with this version."""
        found, why = await self._asked(lambda: migrations.standing(self._pool, self._known))
        return found or (False, why)

    async def _jobs(self) -> tuple[bool, str]:
        """What waits to be read, planned, reported or sent."""
        depth, why = await self._asked(lambda: outbox.depth(self._pool))
        if depth is None:
            return False, why
        told = f"{depth.waiting} waiting, {depth.failed} given up"
        if depth.oldest_s < LONG_S:
            return True, told
        return False, f"{told}; one for {depth.oldest_s / 60:.0f} min: start more workers"

    async def _disk(self) -> tuple[bool, str]:
        return await asyncio.to_thread(room, self._folders)

    async def _engine(self, engine: InUse) -> Part:
        role = engine.in_use().role
        if engine.remote:
            part = await self._now_and_then(role, engine.check)
        else:
            part = Part(role, *await engine.check())
            if (trial := self._trials.get(role)) is not None:
                works, why = await trial.found()
                if not works:
                    part = Part(role, False, f"{engine.in_use().name}: {why}")
        if role == "stt" and part.ok and (behind := self._load.behind()):
            return Part(role, False, f"{engine.in_use().name} {behind}")
        return part

    async def _clocks(self) -> tuple[bool, str]:
        """All that Redis holds is looked through for them."""
        return told(await self._drift.everybody())

    async def _asked(self, ask: Callable[[], Awaitable[T]]) -> tuple[T | None, str]:
        """What the database answers; None, and why, where it does not."""
        try:
            async with asyncio.timeout(ASK_S):
                with everywhere():
                    return await ask(), ""
        except STORE_AWAY as error:
            return None, f"the database does not answer ({type(error).__name__})"

    async def _now_and_then(
        self, name: str, ask: Callable[[], Awaitable[tuple[bool, str]]]
    ) -> Part:
        part, asked = self._kept.get(name, (None, 0.0))
        if part is None or monotonic() - asked > KEEP_S:
            began = monotonic()
            part = Part(name, *await ask())
            self._kept[name] = part, began
        return part


def folders(data: Path) -> list[Path]:
    """Where files are written: uploads on their way, and what is kept, where anything is."""
    kept = [data.expanduser()] if data.expanduser().is_dir() else []
    return [Path(tempfile.gettempdir()), *kept]


def room(folders: Sequence[Path]) -> tuple[bool, str]:
    """Whether each of them takes a file, and has room. Blocks."""
    free = []
    for folder in folders:
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"viva")
            free.append(shutil.disk_usage(folder).free)
        except OSError as error:
            return False, f"{folder} cannot be written ({error.strerror or type(error).__name__})"
        if free[-1] < LEAST_FREE:
            return False, f"{folder} has {free[-1] >> 20} MiB left: make room"
    return True, f"{min(free, default=0) >> 30} GiB left"
