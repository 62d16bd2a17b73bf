"""Real speech for the engine tests: recordings that come inside the moonshine-voice wheel."""

from __future__ import annotations

import importlib.util
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray


def _recording(name: str) -> NDArray[np.int16]:
    spec = importlib.util.find_spec("moonshine_voice")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "assets" / name
    with wave.open(str(path), "rb") as file:
        assert file.getsampwidth() == 2
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        samples = samples.reshape(-1, file.getnchannels())[:, 0]
        rate = file.getframerate()
    return np.ascontiguousarray(soxr.resample(samples, rate, 16_000), np.int16)


@pytest.fixture(scope="session")
def beckett() -> NDArray[np.int16]:
    """'Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.' at 16 kHz."""
    return _recording("beckett.wav")


@pytest.fixture(scope="session")
def two_cities() -> NDArray[np.int16]:
    """The first sentences of A Tale of Two Cities at 16 kHz."""
    return _recording("two_cities.wav")
