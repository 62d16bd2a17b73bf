"""How a server process leaves: those it serves go on elsewhere, one by one, and hardly notice."""

from __future__ import annotations

import asyncio

import structlog

from server.clock import now
from server.realtime.registry import Registry

LOOK_S = 0.05
BETWEEN_S = 15.0
"""So long an interview is moved only where a question was heard and nothing is said to it yet;
afterwards in any moment in which nobody speaks."""

log = structlog.get_logger()


class Departure:
    """``longest_s``: when it is over whoever is still here is let go, and may come back."""

    def __init__(self, registry: Registry, longest_s: float) -> None:
        self._registry = registry
        self._longest_s = longest_s

    def hurry(self) -> None:
        """Nothing is waited for any more."""
        self._longest_s = 0

    async def run(self) -> None:
        """Take nobody in from now on; return once nothing is driven here and all is stored."""
        self._registry.leaving = True
        began = now()
        log.info("leaving", interviews=self._registry.count, longest_s=self._longest_s)
        while self._registry.count and now() - began < self._longest_s:
            self._move_one(between=now() - began < BETWEEN_S)
            await asyncio.sleep(LOOK_S)
        log.info("left", interviews=self._registry.count, took_s=round(now() - began, 1))
        await self._registry.stop()

    def _move_one(self, *, between: bool) -> None:
        """One at a time: whoever takes them has to read each from its facts."""
        for conductor in self._registry.conductors:
            if conductor.may_move(between=between):
                conductor.stop()
                return
