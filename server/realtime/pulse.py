"""What the server says again and again: whose line is alive, and who follows what; and what it
looks for meanwhile: what people want done, and interviews that nobody came back to."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import uuid4

import asyncpg
import structlog

from server.clock import now
from server.realtime.monitor import Monitor
from server.realtime.registry import Registry
from server.store import board, steps, watching
from server.store.pool import STORE_AWAY, database_now

BEAT_S: Final = 1.0
ABANDON_S: Final = 20.0
"""How often those are looked for to whom nobody came back."""

log = structlog.get_logger()


class Pulse:
    """``run`` is one task of the server. Whoever reads what it says needs no process alive: what
    is not said any more is not so any more."""

    def __init__(self, pool: asyncpg.Pool, registry: Registry, monitor: Monitor) -> None:
        self._pool = pool
        self._registry = registry
        self._monitor = monitor
        self._process = uuid4()
        self._followed = False
        self._abandoned_at = 0.0
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Something is wanted, or somebody came: do not wait for the next beat."""
        self._nudged.set()

    async def run(self) -> None:
        while True:
            self._nudged.clear()
            try:
                await self.beat()
            except STORE_AWAY as error:
                log.warning("the board is not told", error=type(error).__name__)
            try:
                async with asyncio.timeout(BEAT_S):
                    await self._nudged.wait()
            except TimeoutError:
                pass

    async def beat(self) -> None:
        """Raises as asyncpg does."""
        if present := self._registry.present():
            await board.seen(self._pool, present)
        await self._tell_who_follows()
        if driven := self._registry.driven():
            for interview_id, step in await steps.waiting(self._pool, driven):
                self._registry.step_in(interview_id, step)
            self._monitor.know(await watching.elsewhere(self._pool, self._process, driven))
        self._registry.look()
        if now() - self._abandoned_at >= ABANDON_S:
            self._abandoned_at = now()
            gone = await board.abandon(self._pool, await database_now(self._pool))
            if gone:
                log.info("interviews abandoned", interviews=len(gone))

    async def _tell_who_follows(self) -> None:
        following = self._monitor.following()
        if following or self._followed:
            self._followed = bool(following)
            await watching.tell(self._pool, self._process, following)
