"""An interview with openai-agents: a RealtimeAgent with instructions, as its guide sets one up."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from agents.realtime import RealtimeAgent, RealtimeRunner, RealtimeSession, RealtimeSessionEvent
from websockets.exceptions import ConnectionClosed

from tests.clients.room import Room, arguments


async def main() -> None:
    url, token, room = arguments()
    agent = RealtimeAgent(name="Assistant", instructions="You are a pirate. Talk of ships only.")
    runner = RealtimeRunner(agent)
    address = url.replace("http", "ws", 1) + "/v1/realtime?model=gpt-realtime-2.1"
    session = await runner.run(model_config={"api_key": token, "url": address})
    async with session:
        await until_over(session, room)
    room.report()


async def until_over(session: RealtimeSession, room: Room) -> None:
    """Versions that are a year old tell nobody of a connection that was closed as it should be:
    whoever sends on it finds out."""
    over = asyncio.Event()

    async def send(pcm: bytes) -> None:
        try:
            await session.send_audio(pcm)
        except ConnectionClosed:
            over.set()

    async def hear() -> None:
        async for event in session:
            if not take(event, room):
                break
        over.set()

    tasks = [asyncio.create_task(hear()), asyncio.create_task(room.microphone(send))]
    await over.wait()
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


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
