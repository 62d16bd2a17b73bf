"""Smart Turn: does a speaker sound finished? The ONNX model of the pipecat-ai wheel, on the CPU.

The build step took the file out of that wheel, which is not installed. Both are BSD-2-Clause.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import structlog
from numpy.typing import NDArray

from server.assets import share
from server.ports import CANDIDATE_RATE, EngineError

log = structlog.get_logger()

WINDOW = CANDIDATE_RATE * 8
"""Samples that the model hears: the last 8 s, silence in front of what is shorter."""

VARIANCE_FLOOR = 1e-7


def model_file() -> Path | None:
    """Where the model is; None where viva was installed without it."""
    return max(share("models").glob("smart-turn-v3*.onnx"), default=None)


class SmartTurn:
    """A ``TurnDetector``. About 50 ms of one core for each question asked of it."""

    def __init__(self, path: Path) -> None:
        self.name = f"{path.stem} cpu"
        self._path = path
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="turn")
        self._session: Any = None
        self._extractor: Any = None
        self._closed = False

    async def load(self) -> None:
        """Read the model, a second. Raises EngineError."""
        await self._run(bytes(2 * CANDIDATE_RATE))

    async def finished(self, pcm: bytes) -> float:
        return await self._run(pcm)

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)

    async def _run(self, pcm: bytes) -> float:
        if self._closed:
            raise EngineError(f"{self.name} is closed")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._worker, self.probability, pcm)
        except Exception as error:
            raise EngineError(f"{self.name} failed: {type(error).__name__}") from error

    def probability(self, pcm: bytes) -> float:
        """Blocks; one caller at a time. ``pcm`` as in ``finished``."""
        if self._session is None:
            self._open()
        features = self.features(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32_768))
        (scores,) = self._session.run(None, {"input_features": features[None]})
        return float(scores.reshape(-1)[0])

    def features(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """(80, 800) log-mel of Whisper over the normalised window, as the model was trained."""
        if self._extractor is None:
            # Late: importing it takes a second.
            from faster_whisper.feature_extractor import FeatureExtractor  # noqa: PLC0415

            self._extractor = FeatureExtractor(feature_size=80, chunk_length=8)
        window = np.zeros(WINDOW, np.float32)
        last = samples[-WINDOW:]
        if last.size:
            window[-last.size :] = last
        window = (window - window.mean()) / np.sqrt(window.var() + VARIANCE_FLOOR)
        mel: NDArray[np.float32] = self._extractor(window, padding=0)
        return mel.astype(np.float32)

    def _open(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(self._path), options, providers=["CPUExecutionProvider"]
        )
        log.info("turn model loaded", engine=self.name)
