"""An interview with the realtime session of a Pydantic AI agent, with instructions."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from pydantic_ai import Agent
from pydantic_ai.messages import PartEndEvent, SpeechPart
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.realtime import (
    RealtimeError,
    RealtimeEvent,
    RealtimeInputSpeechStartEvent,
    RealtimeSession,
    RealtimeSessionErrorEvent,
)
from pydantic_ai.realtime.openai import OpenAIRealtimeModel

from tests.clients.room import Room, arguments


async def play(session: RealtimeSession, room: Room) -> None:
    async for pcm in session.stream_audio():
        room.play(pcm)


def take(event: RealtimeEvent, room: Room) -> None:
    if isinstance(event, RealtimeInputSpeechStartEvent):
        room.stop_playing()
    elif isinstance(event, RealtimeSessionErrorEvent):
        room.errors.append(event.message)
    elif isinstance(event, PartEndEvent) and isinstance(event.part, SpeechPart):
        text = event.part.transcript or ""
        if event.part.speaker == "user":
            room.answers.append(text)
        else:
            room.asked(text)


async def main() -> None:
    url, token, room = arguments()
    provider = OpenAIProvider(base_url=f"{url}/v1", api_key=token)
    agent = Agent(instructions="You are a pirate. Talk of ships only.")
    model = OpenAIRealtimeModel("gpt-realtime", provider=provider)
    async with agent.realtime(model).session() as session:
        playing = asyncio.create_task(play(session, room))
        microphone = asyncio.create_task(room.microphone(session.send_audio))
        try:
            async for event in session:
                take(event, room)
        except RealtimeError as error:
            room.errors.append(str(error))
        for task in (playing, microphone):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
    room.report()


asyncio.run(main())
