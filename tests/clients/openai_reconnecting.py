"""The openai package comes back by itself when its connection breaks."""

from __future__ import annotations

import asyncio

from openai import AsyncOpenAI
from openai.types.websocket_reconnection import ReconnectingEvent, ReconnectingOverrides

from tests.clients.openai_python import converse
from tests.clients.room import arguments


async def main() -> None:
    url, token, room = arguments()
    client = AsyncOpenAI(api_key=token, base_url=f"{url}/v1")

    def back(event: ReconnectingEvent) -> ReconnectingOverrides | None:
        room.errors.append(f"reconnected after {event.close_code}")
        room.stop_playing()
        return None

    async with client.realtime.connect(
        model="gpt-realtime", on_reconnecting=back, initial_delay=0.1
    ) as connection:
        await converse(connection, room)
    room.report()


asyncio.run(main())
