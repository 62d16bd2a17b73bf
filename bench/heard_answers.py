"""The wait after a long answer and after a short one, both heard segment by segment as they go."""

from __future__ import annotations

import asyncio
import statistics
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
from server.core.segment import FRAME_MS, Closed, Segmenter, Sensitivity
from server.engines import gate
from server.engines.lanes import SharedRecognizer
from server.engines.moonshine import MoonshineRecognizer
from server.engines.silero import SileroDetector
from server.ports import CANDIDATE_RATE

PER_MS = CANDIDATE_RATE // 1000
FRAME = FRAME_MS * PER_MS
GAP_S = 0.7
Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Wait:
    """Milliseconds from the end of the last segment to the last word of the answer."""

    seconds: float
    segments: int
    segmented_ms: float
    whole_ms: float


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


async def wait_after(
    recognizer: SharedRecognizer, samples: Samples, speed: float
) -> tuple[int, float]:
    """Plays the answer; each segment is heard when it closes. Returns how many there were, and the
    ms from the last one's closing until all of them were there."""
    closings = list(segments_of(samples))
    hearing: list[asyncio.Task[object]] = []
    began = perf_counter()
    for at, closed in closings:
        due = at / CANDIDATE_RATE / speed
        await asyncio.sleep(max(0.0, due - (perf_counter() - began)))
        pcm = samples[closed.start_ms * PER_MS : closed.end_ms * PER_MS].tobytes()
        hearing.append(asyncio.create_task(recognizer.transcribe(pcm, "en", session="answer")))
    ended = perf_counter()
    await asyncio.gather(*hearing)
    return len(closings), (perf_counter() - ended) * 1000


async def measure(
    short_s: float, long_s: float, endings: int, speed: float
) -> tuple[str, list[tuple[Wait, Wait]]]:
    """Pairs of a short and a long answer that end with the same words, at several places."""
    once = recordings()
    talk = np.tile(once, int((long_s + 60) * CANDIDATE_RATE / len(once)) + 2)
    closings = [at for at, _ in segments_of(talk) if at > long_s * CANDIDATE_RATE]
    recognizer = MoonshineRecognizer()
    await recognizer.load()
    pairs = []
    for ending in closings[:: max(1, len(closings) // endings)][:endings]:
        waits = []
        for seconds in (short_s, long_s):
            samples = talk[ending - int(seconds * CANDIDATE_RATE) : ending]
            count, segmented_ms = await wait_after(recognizer, samples, speed)
            asked = perf_counter()
            await recognizer.transcribe(samples.tobytes(), "en")
            whole_ms = (perf_counter() - asked) * 1000
            waits.append(Wait(seconds, count, segmented_ms, whole_ms))
        pairs.append((waits[0], waits[1]))
    name = recognizer.name
    await recognizer.close()
    return name, pairs


def report(name: str, pairs: list[tuple[Wait, Wait]], speed: float) -> str:
    lines = [
        f"answers heard by {name}, played at {speed:g} times real time, {len(pairs)} endings;",
        "ms from the last segment's closing to the last word",
        "",
        "| answer | segments | segment by segment, median | worst | whole at its end, median |",
        "| --- | --- | --- | --- | --- |",
    ]
    medians = []
    for waits in zip(*pairs, strict=True):
        segmented = [wait.segmented_ms for wait in waits]
        medians.append(statistics.median(segmented))
        whole = statistics.median(wait.whole_ms for wait in waits)
        count = statistics.median(wait.segments for wait in waits)
        lines.append(
            f"| {waits[0].seconds:g} s | {count:g} | {medians[-1]:.0f} | {max(segmented):.0f} "
            f"| {whole:.0f} |"
        )
    each = [long.segmented_ms / short.segmented_ms for short, long in pairs]
    ratio = (
        f"long over short: {medians[1] / medians[0]:.2f} of the medians; "
        f"pair by pair median {statistics.median(each):.2f}, worst {max(each):.2f}"
    )
    return "\n".join([*lines, "", ratio])
