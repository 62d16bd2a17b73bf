"""An interview with Semantic Kernel's OpenAIRealtimeWebsocket, with instructions."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress
from typing import Any

from openai import AsyncOpenAI
from semantic_kernel.connectors.ai.open_ai import (
    OpenAIRealtimeExecutionSettings,
    OpenAIRealtimeWebsocket,
)
from semantic_kernel.contents import AudioContent, RealtimeAudioEvent

from tests.clients.openai_python import take
from tests.clients.room import arguments


async def main() -> None:
    url, token, room = arguments()
    sockets = url.replace("http", "ws", 1) + "/v1"
    client = AsyncOpenAI(api_key=token, base_url=f"{url}/v1", websocket_base_url=sockets)
    service: Any = OpenAIRealtimeWebsocket(ai_model_id="gpt-realtime", client=client)
    settings = OpenAIRealtimeExecutionSettings(instructions="You are a pirate.", voice="alloy")

    async def send(pcm: bytes) -> None:
        sound = AudioContent(data=base64.b64encode(pcm).decode(), data_format="base64")
        await service.send(RealtimeAudioEvent(audio=sound))

    async with service(settings=settings, create_response=True):
        microphone = asyncio.create_task(room.microphone(send))
        async for event in service.receive():
            if event.service_event is not None:
                take(event.service_event, room)
        microphone.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await microphone
    room.report()


asyncio.run(main())
