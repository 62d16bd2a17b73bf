"""Work beside the requests: begun with the process, and ended with it."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN_S = 1.0


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel them until they have ended; what they raise is theirs. Once is not enough: where a
    connection breaks while a task gives it back, the error takes the place of the cancellation,
    and whoever waits out errors of a database goes on."""
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
