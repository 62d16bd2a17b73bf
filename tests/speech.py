"""Speech for tests: a recording from the moonshine wheel, and what espeak says."""

from __future__ import annotations

import importlib.util
import wave
from pathlib import Path

import numpy as np
import soxr

from server.core.events import Language
from server.engines.espeak import EspeakVoice
from server.ports import CANDIDATE_RATE, VOICE_RATE

READINGS = Path(__file__).parent / "fixtures" / "ko-readings"
ENGLISH_READINGS = Path(__file__).parent / "fixtures" / "en-readings"


def recording(name: str, seconds: float | None = None) -> bytes:
    """``beckett.wav`` or ``two_cities.wav`` as PCM16 mono 16 kHz."""
    spec = importlib.util.find_spec("moonshine_voice")
    assert spec is not None
    assert spec.submodule_search_locations
    return clip(Path(spec.submodule_search_locations[0]) / "assets" / name, seconds)


def reading(name: str, seconds: float | None = None) -> bytes:
    """One of the Korean readings (Azure-Samples, MIT) as PCM16 mono 16 kHz."""
    return clip(READINGS / name, seconds)


def clip(path: Path, seconds: float | None) -> bytes:
    """A WAV file as PCM16 mono 16 kHz."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        samples = samples.reshape(-1, file.getnchannels())[:, 0]
        rate = file.getframerate()
    at_rate = soxr.resample(samples, rate, CANDIDATE_RATE).astype("<i2")
    wanted: bytes = at_rate[: None if seconds is None else int(seconds * CANDIDATE_RATE)].tobytes()
    return wanted


async def spoken(text: str, language: Language = "en") -> bytes:
    """What espeak says, as PCM16 mono 16 kHz."""
    voice = EspeakVoice()
    try:
        pcm = b"".join([chunk async for chunk in voice.speak(text, language)])
    finally:
        await voice.close()
    samples = np.frombuffer(pcm, "<i2")
    at_rate: bytes = soxr.resample(samples, VOICE_RATE, CANDIDATE_RATE).astype("<i2").tobytes()
    return at_rate


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * CANDIDATE_RATE) * 2)
