"""A connection has two directions; when one of them is done, so is the other."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def either(*directions: Coroutine[Any, Any, None]) -> None:
    """Run all until the first returns or fails, then end the others; raises its error."""
    tasks = [asyncio.create_task(direction) for direction in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
