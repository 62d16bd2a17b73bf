"""An interview with openai-agents: a RealtimeAgent with instructions, as its guide sets one up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from agents.realtime import RealtimeAgent, RealtimeRunner, RealtimeSessionEvent

from tests.clients.room import Room, arguments


async def main() -> None:
    url, token, room = arguments()
    agent = RealtimeAgent(name="Assistant", instructions="You are a pirate. Talk of ships only.")
    runner = RealtimeRunner(agent)
    address = url.replace("http", "ws", 1) + "/v1/realtime?model=gpt-realtime-2.1"
    session = await runner.run(model_config={"api_key": token, "url": address})
    async with session:
        microphone = asyncio.create_task(room.microphone(session.send_audio))
        async for event in session:
            if not take(event, room):
                break
        microphone.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await microphone
    room.report()


def take(event: RealtimeSessionEvent, room: Room) -> bool:
    """Whether the connection is still there."""
    if event.type == "audio":
        room.play(event.audio.data)
    elif event.type == "audio_interrupted":
        room.stop_playing()
    elif event.type == "error":
        room.errors.append(str(event.error))
    elif event.type == "raw_model_event":
        return take_raw(event.data, room)
    return True


def take_raw(data: Any, room: Room) -> bool:
    if data.type == "input_audio_transcription_completed":
        room.answers.append(data.transcript)
    elif data.type == "raw_server_event" and data.data["type"] == "response.done":
        response = data.data["response"]
        if response["status"] == "completed":
            room.asked(response["output"][0]["content"][0]["transcript"])
    elif data.type == "exception":
        room.errors.append(str(data.exception))
    return bool(data.type != "connection_status" or data.status != "disconnected")


asyncio.run(main())
