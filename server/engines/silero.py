"""Silero VAD: voice activity of many streams in one call of one ONNX session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray

from server.assets import share
from server.ports import CANDIDATE_RATE, EngineError

WINDOW = 512
CONTEXT = 64
STATE = 128
FIRST_ROWS = 16


def model_path() -> Path:
    """The ONNX file that the build step took out of the silero-vad wheel, which is not installed:
    it would bring torch."""
    path = share("models") / "silero_vad.onnx"
    if not path.is_file():
        raise EngineError(f"{path} is missing: install viva again (pip install .)")
    return path


class SileroDetector:
    """A ``VoiceDetector``; the recurrent state of each stream is one row of shared arrays."""

    name = "silero"
    window = WINDOW

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model_path()), options, providers=["CPUExecutionProvider"]
        )
        self._rate = np.array(CANDIDATE_RATE, np.int64)
        self._state = np.zeros((2, FIRST_ROWS, STATE), np.float32)
        self._context = np.zeros((FIRST_ROWS, CONTEXT), np.float32)
        self._free = list(range(FIRST_ROWS - 1, -1, -1))
        self._open: set[int] = set()

    def open(self) -> int:
        if not self._free:
            self._grow()
        row = self._free.pop()
        self._open.add(row)
        self._state[:, row] = 0
        self._context[row] = 0
        return row

    def close(self, row: int) -> None:
        if row in self._open:
            self._open.remove(row)
            self._free.append(row)

    def probabilities(
        self, windows: NDArray[np.float32], rows: Sequence[int]
    ) -> NDArray[np.float32]:
        if windows.shape != (len(rows), WINDOW):
            raise ValueError(f"{len(rows)} rows need windows of shape ({len(rows)}, {WINDOW})")
        if len(set(rows)) != len(rows) or not self._open.issuperset(rows):
            raise ValueError("each row must be open and appear once")
        if not rows:
            return np.empty(0, np.float32)
        index = np.asarray(rows, np.intp)
        samples = np.empty((len(rows), CONTEXT + WINDOW), np.float32)
        samples[:, :CONTEXT] = self._context[index]
        samples[:, CONTEXT:] = windows
        fed = {"input": samples, "state": self._state[:, index], "sr": self._rate}
        found, state = self._session.run(None, fed)
        self._state[:, index] = state
        self._context[index] = samples[:, -CONTEXT:]
        result: NDArray[np.float32] = found[:, 0]
        return result

    def _grow(self) -> None:
        rows = self._context.shape[0]
        self._state = np.concatenate((self._state, np.zeros_like(self._state)), axis=1)
        self._context = np.concatenate((self._context, np.zeros_like(self._context)))
        self._free.extend(range(2 * rows - 1, rows - 1, -1))
