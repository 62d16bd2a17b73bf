"""The built-in voice: whole audio for everybody, stops when told, survives its child."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
import soxr

from server.core.events import Language
from server.engines.espeak import CHUNK, EspeakVoice
from server.engines.whisper import WhisperRecognizer
from server.engines.whisper_base import weights
from server.ports import EngineError

ENGLISH = "Could you tell me about the database that you designed for the payment service?"
KOREAN = "결제 서비스의 설계를 바꿔야 했던 경험에 대해서 말씀해 주시겠어요?"


async def spoken(voice: EspeakVoice, text: str, language: Language) -> bytes:
    return b"".join([chunk async for chunk in voice.speak(text, language)])


def same(one: bytes, other: bytes) -> bool:
    """The engine keeps a phase from text to text, so the same text differs by some samples."""
    return abs(len(one) - len(other)) < 48 * 20


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
        return state.rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def child_of(voice: EspeakVoice) -> int:
    assert voice._child is not None
    return voice._child.pid


@pytest_asyncio.fixture
async def voice() -> AsyncIterator[EspeakVoice]:
    made = EspeakVoice()
    yield made
    await made.close()


@pytest.mark.asyncio
@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (KOREAN, "ko")])
async def test_a_question_is_spoken_in_small_pieces(
    voice: EspeakVoice, text: str, language: Language
) -> None:
    chunks = [chunk async for chunk in voice.speak(text, language)]
    assert {len(chunk) for chunk in chunks[:-1]} == {CHUNK}
    assert 0 < len(chunks[-1]) <= CHUNK
    samples = np.frombuffer(b"".join(chunks), "<i2").astype(np.float64)
    assert 3 < len(samples) / 24_000 < 9
    assert 500 < np.sqrt(np.mean(samples**2)) < 12_000


@pytest.mark.asyncio
async def test_the_languages_do_not_mix(voice: EspeakVoice) -> None:
    text = "PostgreSQL 17"
    english = await spoken(voice, text, "en")
    korean = await spoken(voice, text, "ko")
    assert not same(english, korean)
    assert same(await spoken(voice, text, "en"), english)


@pytest.mark.asyncio
async def test_the_first_sound_comes_at_once(voice: EspeakVoice) -> None:
    await voice.start()
    await spoken(voice, "Hello.", "en")
    started = time.perf_counter()
    async with aclosing(voice.speak(ENGLISH, "en")) as chunks:
        assert len(await anext(chunks)) == CHUNK
    assert time.perf_counter() - started < 2.0


@pytest.mark.asyncio
async def test_two_interviews_get_their_whole_audio(voice: EspeakVoice) -> None:
    alone = [await spoken(voice, ENGLISH, "en"), await spoken(voice, KOREAN, "ko")]
    together = await asyncio.gather(
        *(spoken(voice, *one) for one in ((ENGLISH, "en"), (KOREAN, "ko")) * 4)
    )
    assert all(same(*pair) for pair in zip(together, alone * 4, strict=True))


@pytest.mark.asyncio
async def test_a_closed_iterator_stops_the_synthesis(voice: EspeakVoice) -> None:
    short = await spoken(voice, "Stop.", "en")
    endless = "This sentence is said again and again and again. " * 6000
    async with aclosing(voice.speak(endless, "en")) as chunks:
        await anext(chunks)
    started = time.perf_counter()
    assert same(await spoken(voice, "Stop.", "en"), short)
    assert time.perf_counter() - started < 5.0


@pytest.mark.asyncio
async def test_a_cancelled_task_leaves_the_voice_usable(voice: EspeakVoice) -> None:
    short = await spoken(voice, KOREAN, "ko")
    task = asyncio.create_task(spoken(voice, ENGLISH * 500, "en"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert same(await spoken(voice, KOREAN, "ko"), short)


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["", "   ", "\0", "?!"])
async def test_nothing_to_say_is_no_failure(voice: EspeakVoice, text: str) -> None:
    assert len(await spoken(voice, text, "en")) < 48_000


@pytest.mark.asyncio
async def test_a_dead_child_is_replaced_within_the_question(voice: EspeakVoice) -> None:
    text = ENGLISH * 30
    whole = await spoken(voice, text, "en")
    first = child_of(voice)
    heard = b""
    async with aclosing(voice.speak(text, "en")) as chunks:
        async for chunk in chunks:
            if not heard:
                os.kill(first, signal.SIGKILL)
            heard += chunk
    assert same(heard, whole)
    assert child_of(voice) != first


@pytest.mark.asyncio
async def test_a_child_that_died_between_questions_is_not_noticed(voice: EspeakVoice) -> None:
    whole = await spoken(voice, KOREAN, "ko")
    os.kill(child_of(voice), signal.SIGKILL)
    assert same(await spoken(voice, KOREAN, "ko"), whole)


@pytest.mark.asyncio
async def test_a_child_that_hangs_is_given_up(
    voice: EspeakVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.engines.espeak.STALL_SECONDS", 0.3)
    whole = await spoken(voice, KOREAN, "ko")
    os.kill(child_of(voice), signal.SIGSTOP)
    assert same(await spoken(voice, KOREAN, "ko"), whole)


@pytest.mark.asyncio
async def test_closing_ends_the_child_and_later_questions_fail() -> None:
    voice = EspeakVoice()
    await voice.start()
    pid = child_of(voice)
    assert alive(pid)
    await voice.close()
    assert not alive(pid)
    with pytest.raises(EngineError, match="closed"):
        await spoken(voice, ENGLISH, "en")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_child_dies_with_a_killed_server() -> None:
    code = """
import asyncio, os, signal
from server.engines.espeak import EspeakVoice
async def main():
    voice = EspeakVoice()
    await voice.start()
    print(voice._child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    pid = int(run.stdout.split()[-1])
    deadline = time.monotonic() + 3
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)


@pytest.mark.asyncio
async def test_a_spoken_question_is_understood_again(voice: EspeakVoice) -> None:
    folder = weights()
    assert folder is not None
    recognizer = WhisperRecognizer(folder, "cpu")
    await recognizer.load()
    try:
        at_24k = np.frombuffer(await spoken(voice, ENGLISH, "en"), "<i2")
        at_16k = soxr.resample(at_24k, 24_000, 16_000).astype("<i2")
        found = await recognizer.transcribe(at_16k.tobytes(), "en")
    finally:
        await recognizer.close()
    heard = found.text.lower()
    understood = [word for word in ("tell me", "database", "designed", "payment") if word in heard]
    assert len(understood) >= 3


@pytest.mark.asyncio
async def test_it_speaks_slower_where_it_is_asked_to(voice: EspeakVoice) -> None:
    usual = await spoken(voice, ENGLISH, "en")
    slower = b"".join([chunk async for chunk in voice.speak(ENGLISH, "en", 0.8)])
    assert 1.15 < len(slower) / len(usual) < 1.35
    assert same(await spoken(voice, ENGLISH, "en"), usual), "and the next one as ever"
