"""WAV files of 16-bit samples."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import soxr


class NoWav(Exception):
    """The file cannot be read; the message names it and says why."""


def read_wav(path: Path, rate: int) -> bytes:
    """PCM16 mono at ``rate``, all channels together. Raises NoWav."""
    try:
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise NoWav(f"{path}: only 16-bit samples are read")
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            mono = samples.reshape(-1, file.getnchannels()).mean(axis=1).astype("<i2")
            own_rate = file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise NoWav(f"{path}: {error}") from error
    sound: bytes = soxr.resample(mono, own_rate, rate).astype("<i2").tobytes()
    return sound
