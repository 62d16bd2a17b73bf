"""A transcription server of our own on 127.0.0.1: OpenAI's interface over Whisper's real base
weights, through faster-whisper itself, as servers of others run them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any

import uvicorn
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Stream

from server.engines.whisper_base import weights


@cache
def _whisper() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(weights()), device="cpu", compute_type="int8", cpu_threads=1)


@dataclass
class Form:
    """What clients send; names as in the interface."""

    fields: dict[str, list[str]]
    sound: bytes


@dataclass
class Transcriber:
    """``mood``: "well", or the status that it answers with. ``verbose``: whether it knows
    ``verbose_json``. ``style``: of its streams."""

    url: str = ""
    mood: str = "well"
    verbose: bool = True
    style: str = "openai"
    delay_s: float = 0.0
    asked: list[Form] = field(default_factory=list)
    callers: set[tuple[str, int]] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    def _hear(self, form: Form) -> dict[str, Any]:
        segments, _ = _whisper().transcribe(
            io.BytesIO(form.sound),
            language=form.fields["language"][0],
            beam_size=1,
            temperature=0.0,
            chunk_length=10,
            word_timestamps=True,
            initial_prompt=form.fields.get("prompt", [None])[0],
        )
        found = list(segments)
        words = [word for one in found for word in one.words]
        return {
            "text": " ".join(one.text.strip() for one in found),
            "language": form.fields["language"][0],
            "segments": [
                {
                    "id": one.id,
                    "start": one.start,
                    "end": one.end,
                    "text": one.text,
                    "avg_logprob": one.avg_logprob,
                    "no_speech_prob": one.no_speech_prob,
                }
                for one in found
            ],
            "words": [{"word": one.word, "start": one.start, "end": one.end} for one in words],
        }

    async def answer(self, form: Form) -> Response[Any] | Stream:
        self.asked.append(form)
        wanted = form.fields["response_format"][0]
        if self.mood != "well":
            return self._fail()
        if wanted == "verbose_json" and not self.verbose:
            return Response({"error": {"message": "no verbose_json"}}, status_code=400)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            await asyncio.sleep(self.delay_s)
            found = await asyncio.to_thread(self._hear, form)
        finally:
            self.at_once -= 1
        if self.mood != "well":  # it fails what it was at too
            return self._fail()
        if form.fields.get("stream") == ["true"]:
            return Stream(self._pieces(found["text"]), media_type="text/event-stream")
        if wanted == "json":
            return Response({"text": found["text"]})
        if "word" not in form.fields.get("timestamp_granularities[]", []):
            del found["words"]
        return Response(found)

    def _fail(self) -> Response[Any]:
        error = {"error": {"message": "boom", "type": "x"}}
        return Response(error, status_code=int(self.mood))

    async def _pieces(self, text: str) -> AsyncIterator[bytes]:
        first, *others = text.split(" ")
        for piece in (first, *(f" {one}" for one in others)):
            event: dict[str, Any] = {"type": "transcript.text.delta", "delta": piece}
            if self.style == "vllm":
                choice = {"delta": {"content": piece}, "finish_reason": None}
                event = {"object": "transcription.chunk", "choices": [choice]}
            yield f"data: {json.dumps(event)}\n\n".encode()
        if self.style == "openai":
            done = {"type": "transcript.text.done", "text": text}
            yield f"data: {json.dumps(done)}\n\n".encode()
        yield b"data: [DONE]\n\n"


@asynccontextmanager
async def transcriber(port: int) -> AsyncIterator[Transcriber]:
    made = Transcriber()

    @get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": "whisper", "object": "model"}]}

    @post("/v1/audio/transcriptions", status_code=200)
    async def transcriptions(
        request: Request[Any, Any, Any],
        data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Response[Any] | Stream:
        assert request.client is not None
        made.callers.add((request.client.host, request.client.port))
        sound = data.pop("file")
        assert isinstance(sound, UploadFile)
        fields = {
            name: [str(one) for one in (value if isinstance(value, list) else [value])]
            for name, value in data.items()
        }
        return await made.answer(Form(fields, await sound.read()))

    config = uvicorn.Config(
        Litestar([models, transcriptions], logging_config=None),
        host="127.0.0.1",
        port=port,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    made.url = f"http://127.0.0.1:{port}"
    try:
        while not server.started:
            await asyncio.sleep(0.02)
        yield made
    finally:
        server.should_exit = True
        await serving
