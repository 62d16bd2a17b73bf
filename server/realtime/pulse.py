"""What the server says again and again: whose line is alive; and what it looks for meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from server.clock import now
from server.store import board
from server.store.pool import STORE_AWAY

BEAT_S: Final = 1.0
ABANDON_S: Final = 20.0
"""How often those are looked for to whom nobody came back."""

log = structlog.get_logger()


class Pulse:
    """``run`` is one task of the server. Whoever reads what it says needs no process alive: what
    is not said any more is not so any more. ``present``: the interviews whose candidates are
    there."""

    def __init__(self, pool: asyncpg.Pool, present: Callable[[], Collection[UUID]]) -> None:
        self._pool = pool
        self._present = present
        self._abandoned_at = 0.0

    async def run(self) -> None:
        while True:
            try:
                await self.beat()
            except STORE_AWAY as error:
                log.warning("the board is not told", error=type(error).__name__)
            await asyncio.sleep(BEAT_S)

    async def beat(self) -> None:
        """Raises as asyncpg does."""
        if present := self._present():
            await board.seen(self._pool, present)
        if now() - self._abandoned_at >= ABANDON_S:
            self._abandoned_at = now()
            gone = await board.abandon(self._pool, datetime.now(UTC))
            if gone:
                log.info("interviews abandoned", interviews=len(gone))
