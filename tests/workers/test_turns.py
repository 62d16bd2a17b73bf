"""Places are shared among organisations, by whose turn it is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from workers.turns import Lane, Turns

A, B, C = uuid4(), uuid4(), uuid4()


class Work:
    """Jobs that hold their place until they are let go; ``began`` in the order they had it."""

    def __init__(self, lane: Lane) -> None:
        self.turns = Turns(lane)
        self.began: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def want(self, name: str, organisation: UUID | None) -> None:
        self._ends[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._hold(name, organisation))
        await settle()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self._tasks[name]
        await settle()

    async def cancel(self, name: str) -> None:
        self._tasks[name].cancel()
        with suppress(asyncio.CancelledError):
            await self._tasks[name]
        await settle()

    async def _hold(self, name: str, organisation: UUID | None) -> None:
        async with self.turns.taken(organisation):
            self.began.append(name)
            await self._ends[name].wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_organisation_leaves_places_for_others() -> None:
    work = Work(Lane("reading", places=4, each=2))
    for name in ("a1", "a2", "a3", "a4"):
        await work.want(name, A)
    assert work.began == ["a1", "a2"]
    await work.want("b1", B)
    assert work.began == ["a1", "a2", "b1"]
    await work.end("a1")
    assert work.began == ["a1", "a2", "b1", "a3"]


async def test_who_had_a_turn_longest_ago_goes_first() -> None:
    work = Work(Lane("drawing", places=1, each=1))
    for number in range(1, 9):
        await work.want(f"a{number}", A)
    await work.want("b1", B)
    await work.want("c1", None)
    for name in ("a1", "b1", "c1", "a2"):
        await work.end(name)
    assert work.began == ["a1", "b1", "c1", "a2", "a3"]


@pytest.mark.parametrize("waiting", [True, False])
async def test_whoever_gives_up_leaves_no_place_taken(waiting: bool) -> None:
    work = Work(Lane("scans", places=1, each=1))
    await work.want("a1", A)
    await work.want("a2", A)
    await work.cancel("a2" if waiting else "a1")
    if waiting:
        await work.end("a1")
    await work.want("b1", B)
    if not waiting:
        await work.end("a2")
    assert work.began == (["a1", "b1"] if waiting else ["a1", "a2", "b1"])
    await work.end("b1")
    await work.want("a3", A)
    assert work.began[-1] == "a3"


async def test_an_error_gives_the_place_back() -> None:
    turns = Turns(Lane("scans", places=1, each=1))
    for _ in range(2):
        with pytest.raises(ValueError, match="odd"):
            async with asyncio.timeout(5), turns.taken(A):
                raise ValueError("odd")
