"""The wait after a long answer and after a short one, both heard segment by segment as they go."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from wave import open as open_wave

import numpy as np
import soxr
from numpy.typing import NDArray

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed
from server.engines import gate
from server.engines.lanes import SharedRecognizer
from server.engines.silero import SileroDetector
from server.engines.whisper import WhisperRecognizer
from server.engines.whisper_base import NAME, weights
from server.ports import CANDIDATE_RATE
from server.realtime.segment import FRAME_MS, Segmenter, Sensitivity

PER_MS = CANDIDATE_RATE // 1000
FRAME = FRAME_MS * PER_MS
GAP_S = 0.7
EVERY, PERIODS, WHOLES = 3, 2, 3
Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Pair:
    """The same last segment, after a short answer and after a long one."""

    short_ms: float
    long_ms: float


def recordings() -> Samples:
    """The speech inside the moonshine-voice wheel, one after the other, at 16 kHz."""
    spec = find_spec("moonshine_voice")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "assets"
    parts: list[Samples] = []
    for name in ("two_cities.wav", "beckett.wav"):
        with open_wave(str(folder / name), "rb") as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            samples = samples.reshape(-1, file.getnchannels())[:, 0]
            parts.append(soxr.resample(samples, file.getframerate(), CANDIDATE_RATE))
        parts.append(np.zeros(int(GAP_S * CANDIDATE_RATE), np.int16))
    return np.concatenate(parts).astype(np.int16)


def segments_of(samples: Samples) -> Iterator[tuple[int, Closed]]:
    """The sample at which each segment is closed, and the segment, as an interview cuts them."""
    detector, segmenter = SileroDetector(), Segmenter(Sensitivity())
    row = detector.open()
    for at in range(0, len(samples) - FRAME + 1, FRAME):
        window = gate.samples_of(samples[at : at + FRAME].tobytes())[None]
        probability = float(detector.probabilities(window, [row])[0])
        for event in segmenter.feed(VoiceFrame((at + FRAME) // PER_MS, probability)):
            if isinstance(event, Closed):
                yield at + FRAME, event


class Listener:
    """Plays an answer; each segment is heard in the background when it closes, while the rest goes
    on. ``paused`` stops the clock while another answer is played beside it."""

    def __init__(self, recognizer: SharedRecognizer, samples: Samples, speed: float) -> None:
        self._recognizer = recognizer
        self._samples = samples
        self._speed = speed
        self._hearing: list[asyncio.Task[object]] = []
        self._closings = segments_of(samples)
        self._began = perf_counter()

    async def next(self) -> tuple[int, Closed] | None:
        """Returns at the instant when the next segment closes, with the sample it closes at."""
        upcoming = next(self._closings, None)
        if upcoming is None:
            return None
        at, closed = upcoming
        due = self._began + at / CANDIDATE_RATE / self._speed
        await asyncio.sleep(max(0.0, due - perf_counter()))
        pcm = self._samples[closed.start_ms * PER_MS : closed.end_ms * PER_MS].tobytes()
        heard = self._recognizer.transcribe(pcm, "en", session="answer")
        self._hearing.append(asyncio.create_task(heard))
        return at, closed

    async def rest(self) -> float:
        """Waits for every segment that has closed; the ms that it took."""
        asked = perf_counter()
        await asyncio.gather(*self._hearing)
        return (perf_counter() - asked) * 1000

    def paused(self, since: float) -> None:
        self._began += perf_counter() - since


async def short_wait(recognizer: SharedRecognizer, samples: Samples, speed: float) -> float:
    listener = Listener(recognizer, samples, speed)
    while await listener.next() is not None:
        pass
    return await listener.rest()


async def whole(recognizer: SharedRecognizer, samples: Samples) -> float:
    """The ms that the answer takes when it is only heard once it is over."""
    asked = perf_counter()
    await recognizer.transcribe(samples.tobytes(), "en")
    return (perf_counter() - asked) * 1000


async def report(short_s: int, long_s: int, speed: float) -> str:
    """Pairs of a short and a long answer that end with the same words, one right after the other.

    One answer goes on and on. After ``long_s`` every third of its segments ends it for once: the
    clock stands still while the same words are said as the end of an answer of ``short_s``.
    """
    once = recordings()
    most = long_s * CANDIDATE_RATE + PERIODS * len(once)
    talk = np.tile(once, most // len(once) + 1)[:most]
    folder = weights()
    assert folder is not None
    recognizer = WhisperRecognizer(folder, "cpu", NAME)
    await recognizer.load()
    listener = Listener(recognizer, talk, speed)
    pairs: list[Pair] = []
    wholes: list[Pair] = []
    count = 0
    while (closing := await listener.next()) is not None:
        at, _ = closing
        count += 1
        if at < long_s * CANDIDATE_RATE or count % EVERY:
            continue
        long_ms = await listener.rest()
        since = perf_counter()
        short = talk[at - short_s * CANDIDATE_RATE : at]
        pairs.append(Pair(await short_wait(recognizer, short, speed), long_ms))
        if len(wholes) < WHOLES:
            long = talk[at - long_s * CANDIDATE_RATE : at]
            wholes.append(Pair(await whole(recognizer, short), await whole(recognizer, long)))
        listener.paused(since)
    await listener.rest()
    await recognizer.close()
    return (
        f"answers heard by {recognizer.name}, played at {speed:g} times real time; "
        f"{len(pairs)} pairs that end with the same words; ms from the closing of the last "
        f"segment to the last word\n\n{table(short_s, long_s, pairs, wholes)}"
    )


def table(short_s: int, long_s: int, pairs: list[Pair], wholes: list[Pair]) -> str:
    rows = [
        (f"{short_s} s", [pair.short_ms for pair in pairs], [pair.short_ms for pair in wholes]),
        (f"{long_s} s and more", [pair.long_ms for pair in pairs], [one.long_ms for one in wholes]),
    ]
    lines = [
        "| answer | segment by segment, p50 | p95 | only at its end, p50 |",
        "| --- | --- | --- | --- |",
    ]
    for name, waits, at_end in rows:
        p50, p95 = np.percentile(waits, (50, 95))
        lines.append(f"| {name} | {p50:.0f} | {p95:.0f} | {np.median(at_end):.0f} |")
    short, long = rows[0][1], rows[1][1]
    each = np.median([pair.long_ms / pair.short_ms for pair in pairs])
    lines.append(
        f"| long over short | {np.median(long) / np.median(short):.2f} "
        f"| {np.percentile(long, 95) / np.percentile(short, 95):.2f} "
        f"| {np.median(rows[1][2]) / np.median(rows[0][2]):.1f} |"
    )
    return "\n".join([*lines, "", f"pair by pair, the median of long over short is {each:.2f}"])
