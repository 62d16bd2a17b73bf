"""Whose turn it is: a worker's places for jobs of a kind, shared fairly among organisations."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

Organisation = UUID | None


@dataclass(frozen=True, slots=True)
class Lane:
    """``places``: jobs at a time; of one organisation at most ``each``, so that there is a place
    for another's while they last."""

    name: str
    places: int
    each: int


@dataclass(eq=False, slots=True)
class _Waiting:
    organisation: Organisation
    called: asyncio.Future[None]


class Turns:
    """Of those who may, whoever's organisation had its turn longest ago goes first."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._running: Counter[Organisation] = Counter()
        self._served: dict[Organisation, int] = {}
        self._turn = 0
        self._waiting: list[_Waiting] = []

    @asynccontextmanager
    async def taken(self, organisation: Organisation) -> AsyncIterator[None]:
        """A place, as soon as it is this organisation's turn."""
        one = _Waiting(organisation, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._call()
        try:
            await one.called
        except asyncio.CancelledError:
            if one in self._waiting:
                self._waiting.remove(one)
            else:
                self._free(organisation)
            raise
        try:
            yield
        finally:
            self._free(organisation)

    def _free(self, organisation: Organisation) -> None:
        self._running[organisation] -= 1
        if not self._running[organisation]:
            del self._running[organisation]
        if not self._running and not self._waiting:
            self._served.clear()
        self._call()

    def _call(self) -> None:
        while self._running.total() < self._lane.places:
            may = [
                one
                for one in self._waiting
                if self._running[one.organisation] < self._lane.each and not one.called.done()
            ]
            if not may:
                return
            first = min(may, key=lambda one: self._served.get(one.organisation, -1))
            self._turn += 1
            self._served[first.organisation] = self._turn
            self._running[first.organisation] += 1
            self._waiting.remove(first)
            first.called.set_result(None)
