"""Whisper through faster-whisper: Korean and English speech to text, on a GPU or the CPU."""

from __future__ import annotations

import ctypes
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import structlog

from server.core.events import Language
from server.engines import gate
from server.engines.belief import believed, windows_of
from server.engines.lanes import MOST_AT_ONCE, MOST_FINALS, SharedRecognizer
from server.engines.utterance import Heard, Utterance
from server.engines.whisper_batch import BatchDecoder, Decoded, Window
from server.ports import CANDIDATE_RATE, EngineError

log = structlog.get_logger()

Device = Literal["auto", "cuda", "cpu"]
COMPUTE = {"cuda": "float16", "cpu": "int8"}
BEAM = {"cuda": 5, "cpu": 1}
MOST = {"cuda": 16, "cpu": 1}
"""Windows in one call. A CPU gains nothing from more, and the first would wait for the last; a GPU
hears 16 at 0.85 of the rate of 64, and in a third of the time."""

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
        return False, f"the GPU is there but {CUBLAS} is not: pip install nvidia-cublas-cu12"
    except Exception as error:  # noqa: BLE001
        return False, f"the GPU is there but does not compute ({error})"
    if not np.array_equal(back, np.ones(8)):
        return False, "the GPU is there but computes wrongly"
    return True, f"{count} NVIDIA GPU{'s' if count > 1 else ''}"


def beside_each_other(cores: int) -> tuple[int, int]:
    """How many calls a CPU takes at once, and threads for each: two threads of one call wait for
    each other more than two calls of one thread do."""
    at_once = min(MOST_AT_ONCE, cores)
    return at_once, max(1, min(8, cores) // at_once)


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


class WhisperSpeech:
    """``model`` is a folder, or a name or hub id that is on disk: nothing is downloaded here.

    ``most`` windows go through the device together, by default as many as it gains from.
    ``interviews``: the languages that may be spoken whatever is expected. ``why`` says what became
    of the wish for a device, once loaded.
    """

    def __init__(
        self,
        model: str | Path,
        device: Device = "auto",
        label: str = "",
        most: int | None = None,
        interviews: Sequence[Language] = (),
    ) -> None:
        self._interviews = tuple(interviews)
        self._path = str(model)
        self._label = label or Path(self._path).name
        self._wanted = device
        self._most = most
        self._decoder: BatchDecoder | None = None
        self.languages: tuple[str, ...] = ()
        self.most = most or 1
        self.at_once = 1
        self.name = f"whisper {self._label}"
        self.why = ""

    def place(self, folder: Path, label: str) -> None:
        """Where the model is, when that is found before it is loaded."""
        self._path, self._label, self.name = str(folder), label, f"whisper {label}"

    def covers(self, language: Language) -> bool:
        if self.languages:
            return language in self.languages
        _, named, only = self._label.rpartition(".")
        return language == only if named and only.isalpha() and len(only) == 2 else True

    def load(self) -> None:
        """Read the model and let it hear half a second. Raises EngineError."""
        if self._decoder is not None:
            return
        usable, reason = (False, "the CPU was asked for")
        if self._wanted != "cpu":
            usable, reason = cuda_usable()
        if usable:
            try:
                self._open("cuda", f"on the GPU: {reason}")
            except Exception as error:  # noqa: BLE001 - whatever it is, the CPU is left
                reason = f"the GPU failed with this model ({type(error).__name__}: {error})"
                log.warning("whisper failed on the gpu", reason=reason)
            else:
                return
        try:
            self._open("cpu", f"on the CPU: {reason}")
        except Exception as error:
            raise EngineError(f"{self.name} cannot be loaded: {error}") from error

    def hear(self, batch: Sequence[Utterance]) -> list[Heard]:
        audio = [gate.samples_of(utterance.pcm) for utterance in batch]
        return [believed(*each) for each in zip(self.made_of(batch, audio), audio, strict=True)]

    def made_of(
        self, batch: Sequence[Utterance], audio: Sequence[gate.Samples]
    ) -> list[list[tuple[int, Decoded]]]:
        """Of each utterance, by its samples, its windows as they were decoded, believed or not,
        with the sample that each starts at."""
        assert self._decoder is not None
        places: list[tuple[int, int]] = []  # whose window it is, and the sample it starts at
        windows: list[Window] = []
        for at, (utterance, samples) in enumerate(zip(batch, audio, strict=True)):
            for start, window in windows_of(utterance, samples):
                places.append((at, start))
                windows.append(window)
        decoded = self._decoded(self._decoder, windows)
        parts: list[list[tuple[int, Decoded]]] = [[] for _ in batch]
        for (at, start), part in zip(places, decoded, strict=True):
            parts[at].append((start, part))
        return parts

    def free(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _decoded(self, decoder: BatchDecoder, windows: Sequence[Window]) -> list[Decoded]:
        found: list[Decoded] = []
        short = False
        while len(found) < len(windows):
            batch = windows[len(found) : len(found) + self.most]
            try:
                found += decoder.decode(batch)
                short = False
            except RuntimeError as error:
                after, short = short, "out of memory" in str(error).casefold()
                if short and len(batch) > 1:
                    self.most = len(batch) // 2
                    log.warning("whisper takes smaller batches", most=self.most, why=str(error))
                elif not after or short:
                    raise
                # else: what was left of the shortage fails the next call as well, by another name
        return found

    def _open(self, device: str, why: str) -> None:
        from faster_whisper import WhisperModel  # noqa: PLC0415

        compute = COMPUTE[device]
        at_once, threads = beside_each_other(os.cpu_count() or 1) if device == "cpu" else (1, 1)
        model = WhisperModel(
            self._path,
            device=device,
            compute_type=compute,
            cpu_threads=threads,
            num_workers=at_once,
            local_files_only=True,
        )
        decoder = BatchDecoder(model, BEAM[device], self._interviews)
        # A library that is missing or too old fails at the first computation, not at loading.
        silence = np.zeros(CANDIDATE_RATE // 2, np.float32)
        decoder.decode([Window(silence, model.supported_languages[0], timed=False)])
        self._decoder, self.why = decoder, why
        self.most, self.at_once = self._most or MOST[device], at_once
        self.languages = tuple(model.supported_languages)
        self.name = f"whisper {self._label} {compute} {device}"
        log.info("whisper loaded", engine=self.name, why=why, most=self.most)


class WhisperRecognizer(SharedRecognizer):
    """A ``SpeechRecognizer`` over a ``WhisperSpeech``; ``limit`` counts waiting finals."""

    def __init__(
        self,
        model: str | Path,
        device: Device = "auto",
        label: str = "",
        most: int | None = None,
        *,
        limit: int = MOST_FINALS,
        interviews: Sequence[Language] = (),
    ) -> None:
        self._whisper = WhisperSpeech(model, device, label, most, interviews)
        super().__init__(self._whisper, limit)

    @property
    def why(self) -> str:
        return self._whisper.why

    @property
    def languages(self) -> tuple[str, ...]:
        return self._whisper.languages
