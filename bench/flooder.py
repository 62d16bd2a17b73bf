"""Whoever floods, for ``bench.flood``: ``python -m bench.flooder URL TOKEN``."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

EVENT = json.dumps({"type": "viva.ping"})
SOUND = bytes(1_280)
AT_ONCE = 200


async def flood(url: str, token: str) -> None:
    """Until it is killed. Says so once it has begun."""
    begun = False
    protocols: list[Any] = ["realtime", "viva.v1", f"openai-insecure-api-key.{token}"]
    while True:
        with suppress(OSError, ConnectionClosed, InvalidHandshake, TimeoutError):
            async with connect(url, subprotocols=protocols, compression=None) as socket:
                reading = asyncio.create_task(_read(socket))
                try:
                    while True:
                        for _ in range(AT_ONCE):
                            await socket.send(EVENT)
                            await socket.send(SOUND)
                        if not begun:
                            print("floods", flush=True)
                            begun = True
                        await asyncio.sleep(0)
                finally:
                    reading.cancel()
        await asyncio.sleep(0.2)


async def _read(socket: Any) -> None:
    with suppress(ConnectionClosed):
        async for _ in socket:
            pass


if __name__ == "__main__":
    asyncio.run(flood(*sys.argv[1:]))
