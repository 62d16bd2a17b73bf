"""An interview with the realtime model of livekit-plugins-openai."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from livekit.agents import APIConnectOptions, llm
from livekit.plugins.openai import realtime
from livekit.rtc import AudioFrame

from tests.clients.room import Room, arguments

logging.disable(logging.WARNING)


class Conversation:
    """What LiveKit's session says, in the room."""

    def __init__(self, session: realtime.RealtimeSession, room: Room) -> None:
        self.over = asyncio.Event()
        self._session = session
        self._room = room
        self._listening: set[asyncio.Task[None]] = set()
        session.on("generation_created", self._created)
        session.on("input_speech_started", self._interrupted)
        session.on("input_audio_transcription_completed", self._completed)
        session.on("error", self._failed)

    async def send(self, pcm: bytes) -> None:
        self._session.push_audio(AudioFrame(pcm, 24_000, 1, len(pcm) // 2))

    def _created(self, generation: llm.GenerationCreatedEvent) -> None:
        task = asyncio.create_task(self._hear(generation))
        self._listening.add(task)
        task.add_done_callback(self._listening.discard)

    async def _hear(self, generation: llm.GenerationCreatedEvent) -> None:
        async for message in generation.message_stream:
            text, _ = await asyncio.gather(self._read(message), self._play(message))
            self._room.asked(text)

    async def _read(self, message: llm.MessageGeneration) -> str:
        return "".join([str(delta) async for delta in message.text_stream])

    async def _play(self, message: llm.MessageGeneration) -> None:
        async for frame in message.audio_stream:
            self._room.play(bytes(frame.data))

    def _interrupted(self, _: Any) -> None:
        self._room.stop_playing()
        self._session.interrupt()

    def _completed(self, event: llm.InputTranscriptionCompleted) -> None:
        if event.is_final:
            self._room.answers.append(event.transcript)

    def _failed(self, error: llm.RealtimeModelError) -> None:
        self._room.errors.append(str(error.error))
        if not error.recoverable:
            self.over.set()


async def main() -> None:
    url, token, room = arguments()
    model = realtime.RealtimeModel(
        api_key=token, base_url=f"{url}/v1", conn_options=APIConnectOptions(max_retry=0)
    )
    session = model.session()
    conversation = Conversation(session, room)
    await session.update_instructions("You are a pirate. Talk of ships only.")
    microphone = asyncio.create_task(room.microphone(conversation.send))
    await conversation.over.wait()
    microphone.cancel()
    with suppress(asyncio.CancelledError):
        await microphone
    with suppress(Exception):
        await session.aclose()
    await model.aclose()
    room.report()


asyncio.run(main())
