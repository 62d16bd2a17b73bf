"""An interview with the openai package."""

from __future__ import annotations

import asyncio
import base64
from contextlib import suppress

from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from openai.types.realtime import RealtimeServerEvent

from tests.clients.room import Room, arguments


async def converse(connection: AsyncRealtimeConnection, room: Room) -> None:
    """Until the server closes."""
    await connection.session.update(
        session={
            "type": "realtime",
            "audio": {"input": {"turn_detection": {"type": "semantic_vad"}}},
        }
    )

    async def send(pcm: bytes) -> None:
        await connection.input_audio_buffer.append(audio=base64.b64encode(pcm).decode())

    microphone = asyncio.create_task(room.microphone(send))
    async for event in connection:
        take(event, room)
    microphone.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await microphone


def take(event: RealtimeServerEvent, room: Room) -> None:
    if event.type == "response.output_audio.delta":
        room.play(base64.b64decode(event.delta))
    elif event.type == "response.output_audio_transcript.done":
        room.said(event.transcript)
    elif event.type == "response.done" and event.response.status == "completed":
        room.asked()
    elif event.type == "input_audio_buffer.speech_started":
        room.stop_playing()
    elif event.type == "conversation.item.input_audio_transcription.completed":
        room.answers.append(event.transcript)
    elif event.type == "error":
        room.errors.append(event.error.message)


async def main() -> None:
    url, token, room = arguments()
    # Versions that are a year old make a way of their own only from an address that speaks TLS.
    sockets = url.replace("http", "ws", 1) + "/v1"
    client = AsyncOpenAI(api_key=token, base_url=f"{url}/v1", websocket_base_url=sockets)
    async with client.realtime.connect(model="gpt-realtime") as connection:
        await converse(connection, room)
    room.report()


if __name__ == "__main__":
    asyncio.run(main())
