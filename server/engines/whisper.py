"""Whisper through faster-whisper: Korean and English speech to text, on a GPU or the CPU."""

from __future__ import annotations

import asyncio
import ctypes
import importlib.util
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import structlog

from server.core.events import Language, Word
from server.engines import gate
from server.ports import CANDIDATE_RATE, EngineError, Transcript

log = structlog.get_logger()

Device = Literal["auto", "cuda", "cpu"]
T = TypeVar("T")

COMPUTE = {"cuda": "float16", "cpu": "int8"}
BEAM = {"cuda": 5, "cpu": 1}
SHORTEST = CANDIDATE_RATE // 10
ONE_WINDOW = CANDIDATE_RATE * 29
TOKENS_PER_SECOND = 16
MOST_TOKENS = 220
CONTEXT = 200
"""Characters of what was said just before; more would crowd out the answer's own tokens."""

NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
COMPRESSION = 2.4
CUBLAS, CUBLAS_LT = "libcublas.so.12", "libcublasLt.so.12"


def cuda_usable() -> tuple[bool, str]:
    """Whether a GPU can be computed on, and why not in words; a missing library is found here."""
    import ctranslate2  # noqa: PLC0415 - half a second, for those who want Whisper

    try:
        count = ctranslate2.get_cuda_device_count()
    except Exception as error:  # noqa: BLE001 - a driver's failures have no common type
        return False, f"the GPU driver does not answer ({error})"
    if count < 1:
        return False, "there is no NVIDIA GPU"
    try:
        if os.name == "posix":
            _load_cublas()
        on_device = ctranslate2.StorageView.from_array(np.ones(8, np.float32)).to_device(
            ctranslate2.Device.cuda
        )
        back = np.array(on_device.to_device(ctranslate2.Device.cpu))
    except OSError:
        return False, f"the GPU is there but {CUBLAS} is not: install CUDA 12's cuBLAS"
    except Exception as error:  # noqa: BLE001
        return False, f"the GPU is there but does not compute ({error})"
    if not np.array_equal(back, np.ones(8)):
        return False, "the GPU is there but computes wrongly"
    return True, f"{count} NVIDIA GPU{'s' if count > 1 else ''}"


def _load_cublas() -> None:
    """From the system, or from the nvidia-cublas-cu12 wheel, which the loader does not search.

    Once loaded, ctranslate2 finds it by its name. Raises OSError.
    """
    try:
        ctypes.CDLL(CUBLAS)
    except OSError:
        spec = importlib.util.find_spec("nvidia")
        for root in (spec and spec.submodule_search_locations) or ():
            folder = Path(root) / "cublas" / "lib"
            if (folder / CUBLAS).is_file():
                ctypes.CDLL(str(folder / CUBLAS_LT), ctypes.RTLD_GLOBAL)
                ctypes.CDLL(str(folder / CUBLAS), ctypes.RTLD_GLOBAL)
                return
        raise


class WhisperRecognizer:
    """A ``SpeechRecognizer``. ``model`` is a folder, or a name or hub id that is on disk: nothing
    is downloaded here. ``why`` says what became of the wish for a device, once loaded."""

    def __init__(self, model: str | Path, device: Device = "auto", label: str = "") -> None:
        self._path = str(model)
        self._label = label or Path(self._path).name
        self._wanted = device
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="whisper")
        self._model: Any = None
        self._device = "cpu"
        self._closed = False
        self._languages: tuple[str, ...] = ()
        self.name = f"whisper {self._label}"
        self.why = ""

    def covers(self, language: Language) -> bool:
        if self._languages:
            return language in self._languages
        return language == "en" or not self._label.endswith(".en")

    async def load(self) -> None:
        """Read the model and let it hear half a second. Raises EngineError."""
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
            raise EngineError(f"{self.name} understands English only")
        text, words = await self._run(lambda: self._heard(pcm, language, context))
        return Transcript(text=text, words=words, engine=self.name)

    async def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)
        self._model = None

    async def _run(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise EngineError(f"{self.name} is closed")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._worker, work)
        except EngineError:
            raise
        except Exception as error:
            raise EngineError(f"{self.name} failed: {type(error).__name__}") from error

    def _loaded(self) -> Any:
        if self._model is not None:
            return self._model
        usable, reason = (False, "the CPU was asked for")
        if self._wanted != "cpu":
            usable, reason = cuda_usable()
        if usable:
            try:
                return self._open("cuda", f"on the GPU: {reason}")
            except Exception as error:  # noqa: BLE001 - whatever it is, the CPU is left
                reason = f"the GPU failed with this model ({type(error).__name__}: {error})"
                log.warning("whisper failed on the gpu", reason=reason)
        try:
            return self._open("cpu", f"on the CPU: {reason}")
        except Exception as error:
            raise EngineError(f"{self.name} cannot be loaded: {error}") from error

    def _open(self, device: str, why: str) -> Any:
        from faster_whisper import WhisperModel  # noqa: PLC0415

        compute = COMPUTE[device]
        model = WhisperModel(
            self._path,
            device=device,
            compute_type=compute,
            cpu_threads=min(8, os.cpu_count() or 1),
            local_files_only=True,
        )
        # A library that is missing or too old fails at the first computation, not at loading.
        silence = np.zeros(CANDIDATE_RATE // 2, np.float32)
        heard, _ = model.transcribe(silence, language="en", temperature=0.0, max_new_tokens=4)
        list(heard)
        self._model, self._device, self.why = model, device, why
        self._languages = tuple(model.supported_languages)
        self.name = f"whisper {self._label} {compute} {device}"
        log.info("whisper loaded", engine=self.name, why=why)
        return model

    def _heard(self, pcm: bytes, language: Language, context: str) -> tuple[str, tuple[Word, ...]]:
        samples = gate.samples_of(pcm)
        if len(samples) < SHORTEST or not gate.may_hold_speech(samples):
            return "", ()
        one_window = len(samples) <= ONE_WINDOW
        segments, _ = self._loaded().transcribe(
            samples,
            language=language,
            beam_size=BEAM[self._device],
            temperature=(0.0, 0.4),
            compression_ratio_threshold=COMPRESSION,
            log_prob_threshold=LOG_PROBABILITY,
            no_speech_threshold=NO_SPEECH,
            condition_on_previous_text=False,
            initial_prompt=_tail(context) or None,
            # In one window timestamps cost tokens and can end the text early; beyond it they
            # carry the decoder from window to window.
            without_timestamps=one_window,
            word_timestamps=True,
            max_new_tokens=_most_tokens(samples),
        )
        # With word times the library decodes the silence after the last word once more, which
        # takes as long again and invents words: one window is one segment, and that is all.
        heard = islice(segments, 1) if one_window else segments
        return _believed([segment for segment in heard if _plausible(segment)], samples)


def _most_tokens(samples: gate.Samples) -> int:
    """Enough for the fastest speaker, so that a decoder in a loop is stopped early."""
    seconds = min(len(samples), ONE_WINDOW) / CANDIDATE_RATE
    return min(MOST_TOKENS, 24 + round(seconds * TOKENS_PER_SECOND))


def _tail(context: str) -> str:
    """The last words of the context, from a word's beginning."""
    tail = context.strip()[-CONTEXT:]
    return tail if len(context.strip()) <= CONTEXT else tail.partition(" ")[2]


def _plausible(segment: Any) -> bool:
    """No one sign is enough: a soft voice has a high no-speech probability and good words."""
    silent = segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < LOG_PROBABILITY
    looping = segment.compression_ratio > COMPRESSION and segment.avg_logprob < LOG_PROBABILITY / 2
    return not silent and not looping


def _believed(segments: list[Any], samples: gate.Samples) -> tuple[str, tuple[Word, ...]]:
    text = " ".join("".join(segment.text for segment in segments).split())
    if gate.is_credit(text) or gate.too_fast(text, samples):
        return "", ()
    kept = gate.without_loops(text)
    if kept != text:
        return kept, ()  # the times would belong to words that are gone
    words = [
        Word(word.word.strip(), round(word.start * 1000), round(word.end * 1000))
        for segment in segments
        for word in segment.words or ()
        if word.word.strip()
    ]
    return text, tuple(words)
