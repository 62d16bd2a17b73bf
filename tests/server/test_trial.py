"""An engine is tried now and then, beside whoever asks, and what it does for others counts."""

from __future__ import annotations

import asyncio

import pytest

from server import trial
from server.engines.silero import SileroDetector
from server.ports import EngineError, Transcript
from server.realtime.hearing import Hearing
from server.trial import Trial
from tests.clock import ClockLoop


class Work:
    """What an engine is made to do; ``fails``: with what."""

    def __init__(self) -> None:
        self.done = 0
        self.fails: Exception | None = None
        self.hangs = False

    async def __call__(self) -> None:
        self.done += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails is not None:
            raise self.fails


async def test_it_is_tried_once_a_minute_and_sooner_where_it_failed(clock: ClockLoop) -> None:
    work = Work()
    tried = Trial(work)
    for _ in range(3):
        assert await tried.found() == (True, "")
    assert work.done == 1
    await asyncio.sleep(trial.EVERY_S)
    work.fails = EngineError("its file is gone")
    assert await tried.found() == (False, "its file is gone")
    await asyncio.sleep(trial.AGAIN_S)
    work.fails = RuntimeError("what it says is nobody's business")
    assert await tried.found() == (False, "failed (RuntimeError)")
    await asyncio.sleep(trial.AGAIN_S)
    work.fails = None
    assert await tried.found() == (True, "")
    assert work.done == 4


async def test_one_that_hangs_keeps_nobody_waiting(clock: ClockLoop) -> None:
    work = Work()
    work.hangs = True
    tried = Trial(work)
    began = clock.time()
    assert await tried.found() == (False, "is being tried")
    assert clock.time() - began == pytest.approx(trial.PATIENCE_S)
    await asyncio.sleep(trial.LATE_S)
    assert await tried.found() == (False, "did nothing within 20 s")
    assert work.done == 1


async def test_what_works_for_others_is_not_tried(clock: ClockLoop) -> None:
    work = Work()
    work.fails = EngineError("not asked")
    tried = Trial(work)
    for _ in range(5):
        tried.worked()
        assert await tried.found() == (True, "")
        await asyncio.sleep(trial.EVERY_S - 1)
    assert work.done == 0


async def test_it_is_closed_while_it_is_at_work() -> None:
    work = Work()
    work.hangs = True
    tried = Trial(work)
    await tried.found()
    await tried.close()
    assert await tried.found() == (False, "is being tried")
    await tried.close()


async def test_the_detector_judges_a_window_through_the_row_of_all() -> None:
    hearing = Hearing(SileroDetector())
    running = asyncio.create_task(hearing.run())
    tried = Trial(lambda: trial.hears(hearing.open, hearing.window_bytes))
    async with asyncio.timeout(20):
        while not (await tried.found())[0]:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_detector_that_nobody_runs_is_found_out(clock: ClockLoop) -> None:
    hearing = Hearing(SileroDetector())
    tried = Trial(lambda: trial.hears(hearing.open, hearing.window_bytes))
    await tried.found()
    await asyncio.sleep(trial.LATE_S)
    assert await tried.found() == (False, "did nothing within 20 s")


async def test_a_recogniser_is_given_a_moment_of_sound_in_a_language_it_knows() -> None:
    given: list[tuple[int, str]] = []

    async def transcribe(pcm: bytes, language: str) -> Transcript:
        given.append((len(pcm), language))
        return Transcript("", (), "parrot")

    await trial.transcribes(transcribe, ("ko", "en"))
    await trial.transcribes(transcribe, ())
    assert given == [(6_400, "ko")]


async def test_a_voice_without_sound_is_none() -> None:
    async def speak(text: str):  # type: ignore[no-untyped-def]
        if text == "":
            yield b"sound"

    with pytest.raises(EngineError, match="no sound"):
        await trial.speaks(speak)


async def test_the_first_one_is_waited_for_whatever_it_finds() -> None:
    async def slowly() -> None:
        await asyncio.sleep(2 * trial.PATIENCE_S)
        raise EngineError("deaf")

    tried = Trial(slowly)
    await tried.begun()
    assert await tried.found() == (False, "deaf")
