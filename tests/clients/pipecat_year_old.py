"""An interview with Pipecat's OpenAIRealtimeLLMService as it was set up a year ago."""

from __future__ import annotations

import asyncio

from pipecat.services.openai.realtime.events import SessionProperties
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService

from tests.clients.pipecat_service import converse
from tests.clients.room import arguments


async def main() -> None:
    url, token, room = arguments()
    service = OpenAIRealtimeLLMService(
        api_key=token,
        base_url=url.replace("http", "ws", 1) + "/v1/realtime",
        session_properties=SessionProperties(instructions="You are a pirate. Talk of ships only."),
    )
    await converse(service, room)
    room.report()


asyncio.run(main())
