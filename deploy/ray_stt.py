"""viva's recogniser on many machines, by Ray Serve, behind OpenAI's transcription interface.

On each machine viva and Ray beside it (``pip install '.[ray]'``); then, where Ray's head is:

    serve run deploy.ray_stt:app model=large-v3-turbo device=cuda most_replicas=8

and ``VIVA_STT_URL=http://HEAD:8000/v1`` for every ``viva serve``. A replica takes one GPU, or two
cores without one; segments of all sessions that come to it within a few milliseconds are heard in
one batch.
"""

from __future__ import annotations

import asyncio
import io
import json
import wave
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, Field
from ray import serve
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from server.engines import gate
from server.engines.utterance import Utterance
from server.engines.whisper import MOST, Device, WhisperSpeech
from server.engines.whisper_base import weights
from server.engines.whisper_batch import Decoded
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE

BATCH_WAIT_S = 0.01
WINDOWS_MS = 1_000 / CANDIDATE_RATE


class Order(BaseModel):
    """``model``: a name or folder that is on disk on every machine; none: the base weights that
    come with viva. ``ongoing``: requests of a replica, waiting or being heard, above which there
    shall be more replicas."""

    model: str | None = None
    device: Device = "auto"
    gpus: float | None = None
    cores: float = Field(default=2, gt=0)
    least_replicas: int = Field(default=1, ge=1)
    most_replicas: int = Field(default=4, ge=1)
    ongoing: float = Field(default=MOST["cuda"], gt=0)


class Recogniser:
    """One model on one device."""

    def __init__(self, model: str | None, device: Device) -> None:
        found = model or weights()
        if found is None:
            raise RuntimeError("viva was installed without Whisper's base weights: name a model")
        label = model or "base"
        self._speech = WhisperSpeech(found, device, label, interviews=tuple(shipped().by_language))
        self._speech.load()
        self.heard.set_max_batch_size(self._speech.most)

    @serve.batch(max_batch_size=1, batch_wait_timeout_s=BATCH_WAIT_S, max_concurrent_batches=2)
    async def heard(self, batch: list[Utterance]) -> list[list[tuple[int, Decoded]]]:
        """Of each its windows with the sample that each starts at."""
        audio = [gate.samples_of(utterance.pcm) for utterance in batch]
        return await asyncio.to_thread(self._speech.made_of, batch, audio)

    async def __call__(self, request: Request) -> Response:
        match request.method, request.url.path.removesuffix("/"):
            case "GET", "/v1/models":
                model = {"id": self._speech.name, "object": "model"}
                return JSONResponse({"object": "list", "data": [model]})
            case "POST", "/v1/audio/transcriptions":
                return await self._transcribed(request)
        return refused(404, "this server has /v1/models and /v1/audio/transcriptions")

    async def _transcribed(self, request: Request) -> Response:
        async with request.form() as form:
            file, language = form.get("file"), form.get("language")
            if file is None or isinstance(file, str):
                return refused(400, "the field file holds no sound")
            if not isinstance(language, str) or not self._speech.covers(language):
                return refused(400, "the field language names none that is heard here")
            kind, stream = form.get("response_format"), form.get("stream") == "true"
            prompt, content = form.get("prompt"), await file.read()
        try:
            pcm = pcm_of(content)
        except ValueError as error:
            return refused(400, str(error))
        context = prompt if isinstance(prompt, str) else ""
        utterance = Utterance(pcm, language, context, partial=stream or kind != "verbose_json")
        told = reply(await self.heard(utterance), language)
        if stream:
            return StreamingResponse(events(told["text"]), media_type="text/event-stream")
        return JSONResponse(told if kind == "verbose_json" else {"text": told["text"]})


def refused(status: int, why: str) -> Response:
    return JSONResponse({"error": {"message": why, "type": "invalid_request_error"}}, status)


def pcm_of(content: bytes) -> bytes:
    """Of a WAV file as viva sends it. Raises ValueError."""
    try:
        with wave.open(io.BytesIO(content), "rb") as file:
            form = file.getnchannels(), file.getsampwidth(), file.getframerate()
            if form != (1, 2, CANDIDATE_RATE):
                raise ValueError("the sound is not PCM16 mono of 16 kHz")
            return file.readframes(file.getnframes())
    except (EOFError, wave.Error) as error:
        raise ValueError(f"the sound is no WAV file: {error}") from error


def reply(parts: Sequence[tuple[int, Decoded]], language: str) -> dict[str, Any]:
    """``verbose_json``; a probability beside each word says more than the interface asks for."""
    segments, words = [], []
    for number, (start, part) in enumerate(parts):
        begins_ms = start * WINDOWS_MS
        ends_ms = max([begins_ms, *(begins_ms + word.end_ms for word in part.words)])
        segments.append(
            {
                "id": number,
                "start": begins_ms / 1_000,
                "end": ends_ms / 1_000,
                "text": part.text,
                "avg_logprob": part.log_probability,
                "no_speech_prob": part.no_speech,
            }
        )
        words += [
            {
                "word": word.text,
                "start": (begins_ms + word.start_ms) / 1_000,
                "end": (begins_ms + word.end_ms) / 1_000,
                "probability": word.sure,
            }
            for word in part.words
        ]
    text = " ".join(part.text for _, part in parts).strip()
    return {"text": text, "language": language, "segments": segments, "words": words}


def events(text: str) -> Iterator[str]:
    """All at once: Whisper hears a window as a whole."""
    for kind, name in (("delta", "delta"), ("done", "text")):
        event = {"type": f"transcript.text.{kind}", name: text}
        yield f"data: {json.dumps(event)}\n\n"
    yield "data: [DONE]\n\n"


def app(order: Order) -> serve.Application:
    gpus = order.gpus if order.gpus is not None else float(order.device == "cuda")
    deployment = serve.deployment(
        name="viva-recogniser",
        ray_actor_options={"num_cpus": order.cores, "num_gpus": gpus},
        autoscaling_config={
            "min_replicas": order.least_replicas,
            "max_replicas": order.most_replicas,
            "target_ongoing_requests": order.ongoing,
            "upscale_delay_s": 5,
            "downscale_delay_s": 300,
        },
        max_ongoing_requests=int(4 * order.ongoing),
        health_check_period_s=5,
        health_check_timeout_s=30,
    )(Recogniser)
    return deployment.bind(order.model, order.device)
