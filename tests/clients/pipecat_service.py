"""An interview with Pipecat's OpenAIRealtimeLLMService in a pipeline, with instructions."""

from __future__ import annotations

import asyncio
from typing import Any

from loguru import logger
from pipecat.frames.frames import (
    EndFrame,
    ErrorFrame,
    Frame,
    InputAudioRawFrame,
    InterruptionFrame,
    LLMFullResponseEndFrame,
    LLMRunFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    TTSTextFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService

from tests.clients.room import Room, arguments

logger.remove()


class Loudspeaker(FrameProcessor):
    """What comes out of the service, and what passes it on the way up."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._text = ""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            self._room.play(frame.audio)
        elif isinstance(frame, TTSTextFrame):
            self._text += frame.text
        elif isinstance(frame, InterruptionFrame):
            self._room.stop_playing()
            self._text = ""
        elif isinstance(frame, LLMFullResponseEndFrame) and self._text:
            self._room.asked(self._text)
            self._text = ""
        await self.push_frame(frame, direction)


class Ear(FrameProcessor):
    """``over``: the service cannot send any more, because the server has closed."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.over = asyncio.Event()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            self._room.answers.append(frame.text)
        elif isinstance(frame, ErrorFrame):
            self._room.errors.append(frame.error)
            self.over.set()
        await self.push_frame(frame, direction)


async def converse(service: OpenAIRealtimeLLMService, room: Room) -> None:
    """Until the server closes."""
    pair = LLMContextAggregatorPair(LLMContext([{"role": "user", "content": "Say hello!"}]))
    ear = Ear(room)
    pipeline = Pipeline([pair.user(), ear, service, Loudspeaker(room), pair.assistant()])
    task = PipelineTask(
        pipeline,
        params=PipelineParams(audio_in_sample_rate=24_000, audio_out_sample_rate=24_000),
        idle_timeout_secs=None,
    )

    async def send(pcm: bytes) -> None:
        await task.queue_frame(InputAudioRawFrame(pcm, sample_rate=24_000, num_channels=1))

    async def until_closed() -> None:
        await ear.over.wait()
        await task.queue_frame(EndFrame())

    @task.event_handler("on_pipeline_started")
    async def started(*_: Any) -> None:
        await task.queue_frame(LLMRunFrame())

    microphone = asyncio.create_task(room.microphone(send))
    closing = asyncio.create_task(until_closed())
    await PipelineRunner(handle_sigint=False).run(task)
    microphone.cancel()
    closing.cancel()


async def main() -> None:
    url, token, room = arguments()
    service = OpenAIRealtimeLLMService(
        api_key=token,
        base_url=url.replace("http", "ws", 1) + "/v1/realtime",
        settings=OpenAIRealtimeLLMService.Settings(
            system_instruction="You are a pirate. Talk of ships only."
        ),
    )
    await converse(service, room)
    room.report()


if __name__ == "__main__":
    asyncio.run(main())
