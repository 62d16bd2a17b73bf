"""Measures speech recognition: sessions batched against one by one, and the wait after an answer.

``python -m bench.bench_stt``, from the repository's root. Part ``batching`` builds a Whisper of a
published shape, random but for a script of a fixed length: it costs what the real one costs, and
nothing is downloaded. Part ``answers`` lets Whisper base hear recordings of speech segment by
segment, as in an interview.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import structlog

from bench import heard_answers
from bench.recogniser_load import Load, Outcome, burst, steady
from server.engines.whisper import MOST, WhisperRecognizer, cuda_usable
from tests.engines.whisper_fixture import PUBLISHED, make

SHAPES = {"cpu": "tiny,base,small", "cuda": "large-v3-turbo"}
SESSIONS = {"cpu": "1,4,8", "cuda": "1,8,32,128"}
ROUNDS = {"cpu": 2, "cuda": 5}
STEADY_S = {"cpu": 0.0, "cuda": 20.0}
BATCH = {"cpu": 8, "cuda": MOST["cuda"]}


def machine() -> str:
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else model
    return (
        f"{model}, {os.cpu_count()} cores; {cuda_usable()[1]}; Python {platform.python_version()}"
    )


async def batching(given: argparse.Namespace) -> None:
    for shape in given.shape.split(","):
        with tempfile.TemporaryDirectory() as folder:
            script = " ".join(f"w{number}" for number in range(given.tokens))
            model = make(Path(folder) / shape, script, shape=PUBLISHED[shape])
            print(
                f"\nwhisper {shape}, random weights, segments of {given.seconds:g} s with "
                f"{given.tokens} tokens; final latency in ms\n"
            )
            await compare(model, shape, given)


async def compare(model: Path, shape: str, given: argparse.Namespace) -> None:
    """One by one beside batched, for each number of sessions, in turns on the same machine."""
    ways = {"one by one": 1, f"batches of {given.batch}": given.batch}
    print("| load | sessions | way | times real time | p50 | p95 | against one by one |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    recognizers = {}
    for way, most in ways.items():
        recognizers[way] = WhisperRecognizer(model, given.device, shape, most, limit=10_000)
        await recognizers[way].load()
        await burst(recognizers[way], most, Load(given.seconds), 1)
    load = Load(given.seconds, given.captions)
    for sessions in (int(one) for one in given.sessions.split(",")):
        base = 0.0
        for way, recognizer in recognizers.items():
            found = await burst(recognizer, sessions, Load(given.seconds), given.rounds)
            base = base or found.times_real
            print("| burst " + row(sessions, way, found, base), flush=True)
        base = 0.0
        for way, recognizer in recognizers.items():
            if given.steady:
                found = await steady(recognizer, sessions, load, given.steady)
                base = base or found.times_real
                print("| steady " + row(sessions, way, found, base), flush=True)
    for recognizer in recognizers.values():
        await recognizer.close()


def row(sessions: int, way: str, found: Outcome, base: float) -> str:
    p50, p95 = np.percentile(found.finals_ms, (50, 95))
    line = (
        f"| {sessions} | {way} | {found.times_real:.1f} | {p50:.0f} | {p95:.0f} "
        f"| {found.times_real / base:.2f} |"
    )
    if found.captions_ms or found.dropped:
        asked = len(found.captions_ms) + found.dropped
        p50, p95 = np.percentile(found.captions_ms or [float("nan")], (50, 95))
        line += f" captions p50 {p50:.0f}, p95 {p95:.0f}, {found.dropped / asked:.0%} dropped |"
    return line


async def answers(given: argparse.Namespace) -> None:
    print("\n" + await heard_answers.report(10, 120, given.speed))


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--part", choices=("batching", "answers", "all"), default="all")
    said.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    said.add_argument("--shape", help=f"of {', '.join(PUBLISHED)}; several with commas")
    said.add_argument("--sessions", help="several with commas")
    said.add_argument("--seconds", type=float, default=6.0, help="length of a segment")
    said.add_argument("--tokens", type=int, default=30, help="what is said in a segment")
    said.add_argument("--rounds", type=int, help="bursts per number of sessions")
    said.add_argument("--steady", type=float, help="seconds of continuous talk of all, 0 for none")
    said.add_argument("--captions", type=float, default=0.0, help="a caption every so many seconds")
    said.add_argument("--batch", type=int, help="largest batch")
    said.add_argument("--speed", type=float, default=2.0, help="of playing the answers; 1 is real")
    given = said.parse_args(argv)
    for name, default in _defaults(given.device):
        if getattr(given, name) is None:
            setattr(given, name, default)
    return given


def _defaults(device: str) -> Iterator[tuple[str, object]]:
    yield "shape", SHAPES[device]
    yield "sessions", SESSIONS[device]
    yield "rounds", ROUNDS[device]
    yield "steady", STEADY_S[device]
    yield "batch", BATCH[device]


def main(argv: Sequence[str]) -> int:
    given = _arguments(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if given.device == "cuda" and not cuda_usable()[0]:
        print(f"bench-stt: {cuda_usable()[1]}", file=sys.stderr)
        return 1
    print(f"{datetime.now(UTC):%Y-%m-%d}; {machine()}")
    if given.part in ("batching", "all"):
        asyncio.run(batching(given))
    if given.part in ("answers", "all"):
        asyncio.run(answers(given))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
