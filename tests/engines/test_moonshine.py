"""English speech to text with the model inside the wheel, and what it must not hear."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from server.engines.moonshine import MoonshineRecognizer
from server.ports import EngineError

Samples = NDArray[np.int16]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def moonshine() -> AsyncIterator[MoonshineRecognizer]:
    recognizer = MoonshineRecognizer()
    await recognizer.load()
    yield recognizer
    await recognizer.close()


@pytest.mark.asyncio(loop_scope="module")
async def test_speech_becomes_its_words(moonshine: MoonshineRecognizer, beckett: Samples) -> None:
    found = await moonshine.transcribe(beckett.tobytes(), "en")
    spoken = [
        "ever",
        "tried",
        "ever",
        "failed",
        "no",
        "matter",
        "try",
        "again",
        "fail",
        "again",
        "fail",
        "better",
    ]
    heard = words_of(found.text)
    assert sum(word in heard for word in spoken) >= 11
    assert found.words == ()
    assert found.engine == moonshine.name


@pytest.mark.asyncio(loop_scope="module")
async def test_a_long_answer_is_heard_to_its_end(
    moonshine: MoonshineRecognizer, two_cities: Samples
) -> None:
    found = await moonshine.transcribe(two_cities.tobytes(), "en")
    heard = words_of(found.text)
    assert 110 <= len(heard) <= 128
    for word in ("wisdom", "incredulity", "darkness", "heaven", "authorities", "superlative"):
        assert word in heard


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("seconds", [0, 0.03, 0.3, 1, 4])
@pytest.mark.parametrize("loudness", [0, 30, 600])
async def test_nothing_is_heard_where_nobody_speaks(
    moonshine: MoonshineRecognizer, seconds: float, loudness: int
) -> None:
    noise = np.random.default_rng(5).normal(0, loudness, int(seconds * 16_000))
    found = await moonshine.transcribe(noise.astype(np.int16).tobytes(), "en")
    assert not found.text


@pytest.mark.asyncio(loop_scope="module")
async def test_music_and_typing_are_no_words(moonshine: MoonshineRecognizer) -> None:
    rng = np.random.default_rng(0)
    note = np.arange(4_000) / 16_000
    beats = [
        sum(np.sin(2 * np.pi * pitch * note) for pitch in rng.choice([220, 262, 330, 392, 523], 3))
        for _ in range(24)
    ]
    music = np.concatenate(beats) * np.tile(np.exp(-6 * note), 24) * 3_000
    typing = rng.normal(0, 30, 96_000)
    for start in rng.integers(0, 95_000, 30):
        typing[start : start + 400] += rng.normal(0, 9_000, 400) * np.exp(-np.arange(400) / 60)
    for sound in (music, typing):
        pcm = sound.clip(-32_768, 32_767).astype("<i2").tobytes()
        assert not (await moonshine.transcribe(pcm, "en")).text


@pytest.mark.asyncio(loop_scope="module")
async def test_the_loop_runs_on_meanwhile_and_a_given_up_call_is_gone(
    moonshine: MoonshineRecognizer, two_cities: Samples, beckett: Samples
) -> None:
    long_one = asyncio.create_task(moonshine.transcribe(two_cities.tobytes(), "en"))
    ticks = 0
    for _ in range(10):
        await asyncio.sleep(0.01)
        ticks += 1
    queued = asyncio.create_task(moonshine.transcribe(two_cities.tobytes(), "en"))
    await asyncio.sleep(0)
    assert not long_one.done()
    long_one.cancel()
    queued.cancel()
    started = time.perf_counter()
    await asyncio.gather(long_one, queued, return_exceptions=True)
    assert time.perf_counter() - started < 0.1
    assert long_one.cancelled()
    assert queued.cancelled()
    found = await moonshine.transcribe(beckett[:48_000].tobytes(), "en")
    assert "ever" in words_of(found.text)
    assert ticks == 10


@pytest.mark.asyncio(loop_scope="module")
async def test_korean_is_refused_not_guessed(moonshine: MoonshineRecognizer) -> None:
    assert not moonshine.covers("ko")
    with pytest.raises(EngineError, match="English only"):
        await moonshine.transcribe(bytes(64_000), "ko")


@pytest.mark.asyncio
async def test_a_closed_recogniser_says_so() -> None:
    recognizer = MoonshineRecognizer()
    await recognizer.close()
    await recognizer.close()
    with pytest.raises(EngineError, match="closed"):
        await recognizer.transcribe(bytes(64_000), "en")


def test_no_sound_device_and_no_connection_is_opened() -> None:
    code = """
import asyncio, socket, sys
def refuse(*_args, **_kwargs): raise SystemExit("a connection was tried")
socket.socket.connect = socket.getaddrinfo = refuse
from server.engines.moonshine import MoonshineRecognizer
async def main():
    recognizer = MoonshineRecognizer()
    await recognizer.load()
    await recognizer.close()
asyncio.run(main())
sys.exit("sounddevice" in sys.modules or "_sounddevice" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
