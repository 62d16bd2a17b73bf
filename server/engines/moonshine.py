"""Moonshine tiny-en: English speech to text on the CPU, with the model that its wheel carries."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from server.core.events import Language
from server.engines import gate
from server.engines.lanes import MOST_FINALS, Heard, SharedRecognizer, Utterance
from server.engines.windows import windows
from server.ports import CANDIDATE_RATE, EngineError

log = structlog.get_logger()

SHORTEST = CANDIDATE_RATE // 8
LONGEST = CANDIDATE_RATE * 15
"""Longer audio costs more than in pieces, and numbers are invented in it."""

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


MODEL = "tiny-en"
LANGUAGE = MODEL.rpartition("-")[2]


class MoonshineSpeech:
    """English, without word times. One utterance at a time: the library has no batches."""

    name = f"moonshine {MODEL} cpu"
    most = 1

    def __init__(self) -> None:
        self._transcriber: Any = None

    def covers(self, language: Language) -> bool:
        return language == LANGUAGE

    def load(self) -> None:
        if self._transcriber is None:
            self._transcriber = _load()

    def hear(self, batch: Sequence[Utterance]) -> list[Heard]:
        return [Heard(self._text_of(utterance.pcm)) for utterance in batch]

    def free(self) -> None:
        if self._transcriber is not None:
            self._transcriber.close()
            self._transcriber = None

    def _text_of(self, pcm: bytes) -> str:
        samples = gate.samples_of(pcm)
        if len(samples) < SHORTEST or not gate.may_hold_speech(samples):
            return ""
        texts = [
            _believed(_decode(self._transcriber, piece), piece)
            for _, piece in windows(samples, LONGEST, EARLIEST_CUT)
            if len(piece) >= SHORTEST
        ]
        text = " ".join(text for text in texts if text)
        return "" if text.lower().strip(" .!?") == GHOST else text


class MoonshineRecognizer(SharedRecognizer):
    """A ``SpeechRecognizer`` for English. Loads on first use or ``load()``, half a second."""

    def __init__(self, limit: int = MOST_FINALS) -> None:
        super().__init__(MoonshineSpeech(), limit)


def _load() -> Any:
    try:
        # Inside, so that a platform without the library still has the other recognisers.
        from moonshine_voice.moonshine_api import ModelArch  # noqa: PLC0415
        from moonshine_voice.transcriber import Transcriber  # noqa: PLC0415
        from moonshine_voice.utils import get_assets_path  # noqa: PLC0415

        folder = Path(get_assets_path()) / MODEL
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


def _believed(text: str, samples: gate.Samples) -> str:
    if not gate.may_hold_speech(samples):
        return ""
    found = gate.levels(samples)
    faint = float(found.max()) < 0.01 or gate.movement(found) < 3
    if faint and text.strip(" .?!").casefold() in {"you", "you know"}:
        return ""
    text = gate.without_loops(gate.without_notes(text))
    return "" if gate.too_fast(text, samples) else text
