"""Many sessions on one recogniser: all in the same instant, or each talking on, out of step."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from server.core.events import Language
from server.engines.lanes import SharedRecognizer
from server.ports import CANDIDATE_RATE, Busy, Superseded

LANGUAGES: tuple[Language, ...] = ("ko", "en")


@dataclass(frozen=True)
class Load:
    """Segments of ``seconds``; ``captions_s``: how often one is asked for on the way, or 0."""

    seconds: float
    captions_s: float = 0.0


@dataclass
class Outcome:
    spoken_s: float = 0.0
    took_s: float = 0.0
    finals_ms: list[float] = field(default_factory=list)
    captions_ms: list[float] = field(default_factory=list)
    dropped: int = 0
    refused: int = 0

    @property
    def times_real(self) -> float:
        """Seconds of final speech heard per second."""
        return self.spoken_s / self.took_s


def speech_like(seconds: float, seed: int) -> bytes:
    """Noise that swells as syllables do: it passes the gate, and the model says its script."""
    rng = np.random.default_rng(seed)
    count = int(seconds * CANDIDATE_RATE)
    swell = np.sin(np.arange(count) * 2 * np.pi * 2.5 / CANDIDATE_RATE) ** 2
    sound = (rng.normal(0, 4_000, count) * swell).clip(-32_768, 32_767).astype("<i2")
    return bytes(sound.tobytes())


async def burst(recognizer: SharedRecognizer, sessions: int, load: Load, rounds: int) -> Outcome:
    """Everybody's segment closes in the same instant, again and again: the worst there is."""
    found = Outcome()
    pcm = [speech_like(load.seconds, seed) for seed in range(sessions)]
    began = perf_counter()
    for _ in range(rounds):
        asked = (_ask(recognizer, pcm[one], one, found, partial=False) for one in range(sessions))
        await asyncio.gather(*asked)
    found.took_s = perf_counter() - began
    return found


async def steady(
    recognizer: SharedRecognizer, sessions: int, load: Load, seconds: float
) -> Outcome:
    """Everybody talks all the time. What is still unheard at the end counts into the time."""
    found = Outcome()
    pcm = [speech_like(load.seconds, seed) for seed in range(sessions)]
    began = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for due, session, said in sorted(_schedule(sessions, load, seconds)):
            await asyncio.sleep(max(0.0, due - (perf_counter() - began)))
            part = pcm[session][: int(said * CANDIDATE_RATE) * 2]
            partial = said < load.seconds
            tasks.create_task(_ask(recognizer, part, session, found, partial=partial))
    found.took_s = perf_counter() - began
    return found


def _schedule(sessions: int, load: Load, seconds: float) -> Iterator[tuple[float, int, float]]:
    """When something is asked for, by whom, and how much of the segment has been said by then."""
    for session in range(sessions):
        start = -random.Random(session).uniform(0, load.seconds)
        while start + load.seconds < seconds:
            said = load.captions_s
            while 0 < said < load.seconds:
                if start + said > 0:
                    yield start + said, session, said
                said += load.captions_s
            yield start + load.seconds, session, load.seconds
            start += load.seconds


async def _ask(
    recognizer: SharedRecognizer, pcm: bytes, session: int, found: Outcome, *, partial: bool
) -> None:
    asked = perf_counter()
    language = LANGUAGES[session % len(LANGUAGES)]
    try:
        heard = await recognizer.transcribe(pcm, language, session=f"s{session}", partial=partial)
    except Superseded:
        found.dropped += 1
        return
    except Busy:
        found.refused += 1
        return
    assert heard.text or partial  # the whole script in a moment is not believed
    waited_ms = (perf_counter() - asked) * 1000
    if partial:
        found.captions_ms.append(waited_ms)
    else:
        found.finals_ms.append(waited_ms)
        found.spoken_s += len(pcm) / 2 / CANDIDATE_RATE
