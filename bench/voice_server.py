"""The real server, on one core, with engines that only take their time: see bench_voice.

Everything else is what ``viva serve`` runs: application, WebSockets, Silero, conductor, store.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog
import uvicorn
import uvloop

from bench.probe import Probe, answer, pin
from bench.stub_times import ANSWERS, FIRST_TOKEN_S, HEAR_S, QUESTION, TOKEN_S, VOICE_S, tone
from server.app import create_app
from server.core.events import Language
from server.engines.smart_turn import SmartTurn, model_file
from server.ports import (
    VOICE_RATE,
    EngineError,
    Message,
    QuestionWriter,
    Transcript,
    TurnDetector,
    Voice,
)
from server.settings import Settings
from server.web.sockets import Sockets
from tests.replies import on_its_answer

VOICE_CHUNK = VOICE_RATE // 10


class Recogniser:
    """A ``SpeechRecognizer`` to which every segment is the next of the same sentences."""

    name = "none"

    def __init__(self) -> None:
        self._heard: Counter[str] = Counter()

    @property
    def current(self) -> Recogniser:
        return self

    def covers(self, language: Language) -> bool:
        return True

    async def transcribe(
        self,
        pcm: bytes,
        language: Language,
        context: str = "",
        *,
        session: str = "",
        partial: bool = False,
        begun: str = "",
    ) -> Transcript:
        await asyncio.sleep(HEAR_S)
        if not partial:
            self._heard[session] += 1
        return Transcript(ANSWERS[self._heard[session] % len(ANSWERS)], (), self.name)

    async def close(self) -> None:
        pass


class Writer:
    """A ``QuestionWriter`` that always asks the same, of whatever was answered."""

    model = "none"
    context = None

    async def write(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        session: str = "",
    ) -> AsyncGenerator[str]:
        await asyncio.sleep(FIRST_TOKEN_S)
        for word in on_its_answer(QUESTION, messages[-1].content).split(" "):
            yield f"{word} "
            await asyncio.sleep(TOKEN_S)

    async def write_json(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, object],
        *,
        session: str = "",
        max_tokens: int | None = None,
    ) -> dict[str, Any]:
        raise EngineError("it is no judge")

    async def close(self) -> None:
        pass


class Speaker:
    """A ``Voice`` that hums."""

    name = "none"

    async def speak(self, text: str, language: Language, rate: float = 1.0) -> AsyncIterator[bytes]:
        hum = tone(VOICE_RATE)
        await asyncio.sleep(HEAR_S)
        for start in range(0, int(VOICE_S * VOICE_RATE), VOICE_CHUNK):
            yield hum[2 * start : 2 * (start + VOICE_CHUNK)]

    async def close(self) -> None:
        pass


async def serve(given: argparse.Namespace) -> None:
    settings = Settings(
        port=given.port,
        data=Path(".bench"),
        database_url=given.database,
        redis_url=given.redis,
        stt="whisper-base",
        log_level="error",
        admission="off",
    )
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=given.port,
        ws=Sockets,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    registry = app.state.services.registry
    live = registry._engines  # noqa: SLF001 - the one place where engines are exchanged
    turn_model = await _turn_model(given.turn_model)
    await app.state.services.understanding.warm()
    writer: QuestionWriter = Writer()
    voice: Voice = Speaker()
    registry._engines = replace(  # noqa: SLF001
        live,
        recognition=Recogniser(),
        writer=writer,
        voice=voice,
        turn_detector=turn_model,
        canceller=live.canceller if given.canceller == "on" else None,
    )
    answer({"ready": os.getpid(), "turn_model": turn_model.name if turn_model else None})
    await Probe(lambda: {"sessions": registry.count}).obey()
    server.should_exit = True
    await serving


async def _turn_model(wanted: str) -> TurnDetector | None:
    path = model_file() if wanted == "on" else None
    if path is None:
        return None
    model = SmartTurn(path)
    await model.load()
    return model


def main(argv: Sequence[str]) -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--port", type=int, required=True)
    said.add_argument("--database", required=True)
    said.add_argument("--redis", required=True)
    said.add_argument("--core", type=int)
    said.add_argument("--turn-model", choices=("on", "off"), default="on")
    said.add_argument("--canceller", choices=("on", "off"), default="on")
    given = said.parse_args(argv)
    pin(given.core)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    uvloop.run(serve(given))


if __name__ == "__main__":
    main(sys.argv[1:])
