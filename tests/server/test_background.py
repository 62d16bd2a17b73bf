"""Background work ends when it is to end, also where it loses its cancellation."""

from __future__ import annotations

import asyncio

from server.background import end
from tests.clock import ClockLoop


async def test_a_task_whose_cleaning_up_fails_ends_all_the_same(clock: ClockLoop) -> None:
    broken = [True]

    async def loop() -> None:
        while True:
            try:
                try:
                    await asyncio.sleep(3_600)
                finally:
                    if broken.pop() if broken else False:
                        raise OSError("the connection is gone")
            except OSError:
                pass

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await end(task)
    assert task.cancelled()
    assert broken == []


async def test_what_a_task_raises_on_its_way_out_harms_nobody(clock: ClockLoop) -> None:
    async def fail() -> None:
        try:
            await asyncio.sleep(3_600)
        finally:
            raise ValueError

    async def done() -> None: ...

    tasks = [asyncio.create_task(one()) for one in (fail, done)]
    await asyncio.sleep(0)
    await end(*tasks)
    assert all(task.done() for task in tasks)
