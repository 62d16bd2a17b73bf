"""Pipecat's pipeline behind a WebSocket: its Silero, its Smart Turn, services that only take time.

Runs in an environment of its own, which has the whole of Pipecat and nothing of viva: see
bench_voice. What does not belong to a call is off (metrics, tracing, RTVI, turn tracking), and the
audio travels as bare PCM, which costs less than Pipecat's own serializers.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import uvicorn
import uvloop
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import (
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMRunFrame,
    LLMTextFrame,
    OutputAudioRawFrame,
    TranscriptionFrame,
    TTSAudioRawFrame,
)
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.services.settings import STTSettings, TTSSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.services.tts_service import TTSService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.utils.time import time_now_iso8601
from pipecat.workers.runner import WorkerRunner

from bench.probe import Probe, answer, pin
from bench.stub_times import ANSWER, FIRST_TOKEN_S, HEAR_S, QUESTION, TOKEN_S, VOICE_S, tone

IN_RATE, OUT_RATE = 16_000, 24_000
CHUNK = OUT_RATE // 10 * 2
SILENCE_S = 1.5
"""What ends a turn where Smart Turn is not asked."""


class Bare(FrameSerializer):
    """PCM16 both ways."""

    async def serialize(self, frame: Frame) -> bytes | None:
        return frame.audio if isinstance(frame, OutputAudioRawFrame) else None

    async def deserialize(self, data: str | bytes) -> Frame | None:
        if isinstance(data, str):
            return None
        return InputAudioRawFrame(audio=data, sample_rate=IN_RATE, num_channels=1)


class Recogniser(SegmentedSTTService):
    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        await asyncio.sleep(HEAR_S)
        yield TranscriptionFrame(ANSWER, "", time_now_iso8601())


class Writer(FrameProcessor):
    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if not isinstance(frame, LLMContextFrame):
            await self.push_frame(frame, direction)
            return
        await self.push_frame(LLMFullResponseStartFrame())
        await asyncio.sleep(FIRST_TOKEN_S)
        for word in QUESTION.split():
            await self.push_frame(LLMTextFrame(f"{word} "))
            await asyncio.sleep(TOKEN_S)
        await self.push_frame(LLMFullResponseEndFrame())


class Speaker(TTSService):
    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        hum = tone(OUT_RATE)
        await asyncio.sleep(HEAR_S)
        for start in range(0, int(VOICE_S * OUT_RATE) * 2, CHUNK):
            pcm = hum[start : start + CHUNK]
            yield TTSAudioRawFrame(pcm, OUT_RATE, 1, context_id=context_id)


class Bell(FrameProcessor):
    """Tells the client when the question has been played."""

    def __init__(self, socket: WebSocket) -> None:
        super().__init__()
        self._socket = socket

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, BotStoppedSpeakingFrame) and direction is FrameDirection.UPSTREAM:
            await self._socket.send_text("asked")
        await self.push_frame(frame, direction)


live: set[WebSocket] = set()
app = FastAPI()


@app.websocket("/")
async def call(socket: WebSocket) -> None:
    await socket.accept()
    live.add(socket)
    try:
        await run(socket)
    finally:
        live.discard(socket)


async def run(socket: WebSocket) -> None:
    transport = FastAPIWebsocketTransport(
        socket,
        FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=Bare()),
    )
    context = LLMContext([{"role": "user", "content": "Interview me."}])
    user_params = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    if not app.state.turn_model:  # else Pipecat's own strategy: Smart Turn at each stop of the VAD
        silence = SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=SILENCE_S)
        user_params.user_turn_strategies = UserTurnStrategies(stop=[silence])
    aggregators = LLMContextAggregatorPair(context, user_params=user_params)
    user = aggregators.user()

    @user.event_handler("on_user_turn_stopped")
    async def decided(*_: Any) -> None:
        if socket in live:
            await socket.send_text("decided")

    stages = [
        transport.input(),
        Recogniser(settings=STTSettings(model=None, language=None)),
        user,
        Writer(),
        Speaker(
            push_start_frame=True,
            push_stop_frames=True,
            stop_frame_timeout_s=0.3,
            settings=TTSSettings(model=None, voice=None, language=None),
        ),
        Bell(socket),
        transport.output(),
        aggregators.assistant(),
    ]
    params = PipelineParams(audio_in_sample_rate=IN_RATE, audio_out_sample_rate=OUT_RATE)
    worker = PipelineWorker(
        Pipeline(stages),
        params=params,
        enable_rtvi=False,
        enable_turn_tracking=False,
        idle_timeout_secs=None,
    )

    @transport.event_handler("on_client_connected")
    async def connected(*_: Any) -> None:
        await worker.queue_frames([LLMRunFrame()])

    @transport.event_handler("on_client_disconnected")
    async def disconnected(*_: Any) -> None:
        live.discard(socket)
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


async def serve(port: int) -> None:
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    answer({"ready": os.getpid()})
    await Probe(lambda: {"sessions": len(live)}).obey()
    server.should_exit = True
    await serving


def main(argv: Sequence[str]) -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, required=True)
    said.add_argument("--core", type=int)
    said.add_argument("--turn-model", choices=("on", "off"), default="on")
    given = said.parse_args(argv)
    pin(given.core)
    logger.remove()
    logger.add(sys.stderr, level="ERROR")
    app.state.turn_model = given.turn_model == "on"
    tone(OUT_RATE)
    uvloop.run(serve(given.port))


if __name__ == "__main__":
    main(sys.argv[1:])
