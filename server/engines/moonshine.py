"""Moonshine tiny-en: English speech to text on the CPU, with the model that its wheel carries."""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from server.core.events import Language
from server.engines import gate
from server.ports import CANDIDATE_RATE, EngineError, Transcript

log = structlog.get_logger()

SHORTEST = CANDIDATE_RATE // 8
LONGEST = CANDIDATE_RATE * 15
EARLIEST_CUT = CANDIDATE_RATE * 8
MARGIN = np.zeros(CANDIDATE_RATE // 4, np.float32)
"""Silence on both sides of tightly cut speech: without it the last words are often misheard."""

OPTIONS = {
    "identify_speakers": "false",
    "return_audio_data": "false",
    # Its own detector cuts answers into lines and hears "You" in their edges; ours has gated the
    # audio already, and with the whole of it the model makes half the errors.
    "vad_threshold": "0.0",
}


GHOST = "you"
"""What the model hears in room tone; as a whole segment nobody says it."""


class MoonshineRecognizer:
    """A ``SpeechRecognizer`` for English, without word times. Loads on first use or ``load()``."""

    name = "moonshine tiny-en cpu"

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="moonshine")
        self._transcriber: Any = None
        self._closed = False

    def covers(self, language: Language) -> bool:
        return language == "en"

    async def load(self) -> None:
        """Read the model, about half a second. Raises EngineError."""
        await self._run(self._loaded)

    async def transcribe(
        self,
        pcm: bytes,
        language: Language,
        context: str = "",
        *,
        session: str = "",
        partial: bool = False,
    ) -> Transcript:
        if not self.covers(language):
            raise EngineError("moonshine tiny-en understands English only")
        text = await self._run(self._text_of, pcm)
        return Transcript(text=text, words=(), engine=self.name)

    async def close(self) -> None:
        if self._closed:
            return
        await self._run(self._free)
        self._closed = True
        await asyncio.to_thread(self._worker.shutdown)

    async def _run(self, work: Any, *arguments: Any) -> Any:
        if self._closed:
            raise EngineError("moonshine is closed")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._worker, work, *arguments)
        except EngineError:
            raise
        except Exception as error:
            raise EngineError(f"moonshine failed: {type(error).__name__}") from error

    def _loaded(self) -> Any:
        if self._transcriber is None:
            self._transcriber = _load()
        return self._transcriber

    def _free(self) -> None:
        if self._transcriber is not None:
            self._transcriber.close()
            self._transcriber = None

    def _text_of(self, pcm: bytes) -> str:
        samples = gate.samples_of(pcm)
        if len(samples) < SHORTEST or not gate.may_hold_speech(samples):
            return ""
        transcriber = self._loaded()
        pieces = [_believed(_decode(transcriber, piece), piece) for piece in _pieces(samples)]
        text = " ".join(piece for piece in pieces if piece)
        return "" if text.lower().strip(" .!?") == GHOST else text


def _load() -> Any:
    try:
        # Inside, so that a platform without the library still has the other recognisers.
        from moonshine_voice.moonshine_api import ModelArch  # noqa: PLC0415
        from moonshine_voice.transcriber import Transcriber  # noqa: PLC0415
        from moonshine_voice.utils import get_assets_path  # noqa: PLC0415

        folder = Path(get_assets_path()) / "tiny-en"
        transcriber = Transcriber(str(folder), ModelArch.TINY, options=OPTIONS)
    except Exception as error:
        raise EngineError(f"moonshine cannot be loaded on this machine: {error}") from error
    log.info("moonshine loaded")
    return transcriber


def _decode(transcriber: Any, samples: gate.Samples) -> str:
    """One call into the library. The package's own wrapper copies the audio into Python lists."""
    from moonshine_voice.errors import check_error  # noqa: PLC0415
    from moonshine_voice.moonshine_api import TranscriptC  # noqa: PLC0415

    found = ctypes.POINTER(TranscriptC)()
    audio = np.concatenate((MARGIN, samples, MARGIN), dtype=np.float32)
    check_error(
        transcriber._lib.moonshine_transcribe_without_streaming(  # noqa: SLF001
            transcriber._handle,  # noqa: SLF001
            audio.ctypes.data_as(ctypes.POINTER(ctypes.c_float)),
            audio.size,
            CANDIDATE_RATE,
            0,
            ctypes.byref(found),
        )
    )
    if not found:
        return ""
    lines = [found.contents.lines[at].text for at in range(found.contents.line_count)]
    texts = [ctypes.string_at(line).decode("utf-8", "ignore").strip() for line in lines if line]
    return " ".join(text for text in texts if text)


def _pieces(samples: gate.Samples) -> Iterator[gate.Samples]:
    """At most 15 s each, cut where it is quietest: longer ones cost more and invent numbers."""
    while len(samples) > LONGEST:
        loudness = gate.levels(samples[EARLIEST_CUT:LONGEST])
        # A pause is several quiet frames, one alone may be inside a word.
        smooth = np.convolve(loudness, np.ones(5) / 5, mode="same")
        cut = EARLIEST_CUT + int(np.argmin(smooth[2:-2]) + 2) * gate.FRAME
        yield samples[:cut]
        samples = samples[cut:]
    if len(samples) >= SHORTEST:
        yield samples


def _believed(text: str, samples: gate.Samples) -> str:
    if not gate.may_hold_speech(samples):
        return ""
    found = gate.levels(samples)
    faint = float(found.max()) < 0.01 or gate.movement(found) < 3
    if faint and text.strip(" .?!").casefold() in {"you", "you know"}:
        return ""
    text = gate.without_loops(text)
    return "" if gate.too_fast(text, samples) else text
