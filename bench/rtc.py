"""Calls over WebRTC: which words are lost with their packets, and what a call costs.

``python -m bench.rtc [DIR] [--seeds 4] [--calls 4] [--seconds 60]``, from the repository's root.
The recordings of DIR (with a table, as of ``bench.eval_stt``) are encoded as browsers do it,
packets are left out at random, each time others, and what a call makes of the rest is heard by the
recogniser that interviews use: with what was lost made up for, and, beside it, left out, as aiortc
does it. Then calls are held with a whole viva, people talking all the time, and what ``viva rtc``
takes of a core is told.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import soxr
import structlog

from bench.bench_stt import machine
from bench.eval_stt import Score, score
from bench.probe import cpu_seconds
from bench.readings import Reading, Samples, readings
from server.assets import share
from server.embedded import Embedded
from server.engines.whisper import WhisperSpeech
from server.engines.whisper_base import NAME, weights
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.rtc.opus import CLOCK, FRAME_BYTES, Decoder, Encoder
from server.store.migrations import migrate
from tests.live import running
from tests.resumes import ENGLISH_RESUME
from tests.rtc.conftest import holder
from tests.rtc.peer import peer
from tests.speech import recording

FIXTURES: Final = Path(__file__).resolve().parents[1] / "tests" / "fixtures"
LOSSES: Final = (0.0, 0.02, 0.05)
FRAME_CLOCK: Final = CLOCK // 50
MADE_UP, LEFT_OUT = "made up for", "left out"


def packets(samples: Samples) -> list[bytes]:
    pcm = soxr.resample(samples, CANDIDATE_RATE, VOICE_RATE).astype("<i2").tobytes()
    encoder = Encoder()
    whole = len(pcm) + -len(pcm) % FRAME_BYTES
    pcm = pcm.ljust(whole, b"\0")
    return [encoder.encode(pcm[at : at + FRAME_BYTES]) for at in range(0, whole, FRAME_BYTES)]


def arrived(samples: Samples, loss: float, seed: int, way: str) -> Samples:
    """What is heard at the other end."""
    chance, decoder, pcm = random.Random(seed), Decoder(), b""
    for number, packet in enumerate(packets(samples)):
        if chance.random() < loss:
            continue
        heard = decoder.decode(packet, number * FRAME_CLOCK)
        pcm += heard if way == MADE_UP else heard[-FRAME_BYTES:]
    at_rate = soxr.resample(np.frombuffer(pcm, "<i2"), VOICE_RATE, CANDIDATE_RATE)
    return np.ascontiguousarray(at_rate, np.int16)


def ways(reading: Reading, seeds: int) -> Iterator[tuple[str, Reading]]:
    """Over a WebSocket nothing is lost: what was recorded arrives, late."""
    yield "as recorded", reading
    for loss in LOSSES:
        for way in (MADE_UP, LEFT_OUT) if loss else (MADE_UP,):
            for seed in range(1, seeds + 1 if loss else 2):
                samples = arrived(reading.samples, loss, seed, way)
                told = f"{loss:.0%} lost, {way}" if loss else "0% lost"
                yield told, replace(reading, samples=samples)


def words(folders: Sequence[Path], seeds: int) -> None:
    folder = weights()
    assert folder is not None, "the weights cannot be found"
    speech = WhisperSpeech(folder, "cpu", NAME)
    speech.load()
    recordings = [one for place in folders for one in readings(place)]
    scores: defaultdict[tuple[str, str], Score] = defaultdict(Score)
    for number, whole in enumerate(recordings, 1):
        for told, reading in ways(whole, seeds):
            score(speech, reading, scores[told, reading.language])
        print(f"{number} of {len(recordings)} recordings, each lost {seeds} times", flush=True)
        print("errors in words (Korean: letters)\n")
        print("| | language | errors | of | share |\n| --- | --- | --- | --- | --- |")
        for (told, language), one in scores.items():
            print(f"| {told} | {language} | {one.errors} | {one.units} | {one.share:.3f} |")


async def cost(calls: int, seconds: float) -> None:
    """People who talk all the time; the interviewer is silent then."""
    speech = recording("two_cities.wav")
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with AsyncExitStack() as stack:
            embedded = await stack.enter_async_context(Embedded(Path(folder), durable=False))
            await migrate(embedded.database_url, share("migrations"))
            viva = await stack.enter_async_context(
                running(embedded.database_url, embedded.redis_url)
            )
            there = await stack.enter_async_context(
                holder(viva, embedded.redis_url, VIVA_RTC_SESSIONS=str(calls))
            )
            callers = []
            for _ in range(calls):
                ticket = await viva.interview(ENGLISH_RESUME)
                caller = await stack.enter_async_context(peer())
                answer = await caller.call(viva.http, ticket["token"])
                assert answer.status_code == 201, answer.text
                callers.append(caller)
            for caller in callers:
                await caller.event("output_audio_buffer.started", 120)
                caller.microphone.say(speech * 20)
            pid = there.process.pid
            before = cpu_seconds(pid)
            await asyncio.sleep(seconds)
            used = cpu_seconds(pid) - before
    print(f"\n{calls} calls for {seconds:g} s: `viva rtc` takes {used / seconds:.3f} of a core,")
    print(f"{used / seconds / calls:.4f} for each call")


def main() -> int:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("folders", nargs="*", type=Path, metavar="DIR")
    said.add_argument("--calls", type=int, default=4)
    said.add_argument("--seconds", type=float, default=60.0)
    said.add_argument("--seeds", type=int, default=4)
    said.add_argument("--only", choices=("words", "cost"))
    given = said.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(machine())
    if given.only != "cost":
        words(given.folders or [FIXTURES / "en-readings", FIXTURES / "ko-readings"], given.seeds)
    if given.only != "words":
        asyncio.run(cost(given.calls, given.seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
