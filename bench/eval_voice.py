"""How well is each voice understood? make eval-voice

``python -m bench.eval_voice [--most N] [--rates 1,0.8]``

Every voice of the registry that this machine and its environment offer says the same sentences of
the packs, questions of every role family, and the recogniser that comes with viva writes down what
it hears. Errors are words in English and letters in Korean (`bench.readings`). A recogniser is no
person: a voice that it does not understand is hard to bear, one that it does may still be ugly.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import soxr
import structlog

from bench.bench_stt import machine
from bench.eval_stt import errors_in, interval
from bench.readings import Reading, Samples
from server.core.events import Language
from server.engines import registry
from server.engines.utterance import Utterance
from server.engines.whisper import WhisperSpeech
from server.engines.whisper_base import NAME, weights
from server.language.pack import shipped
from server.language.speech import Pack
from server.ports import CANDIDATE_RATE, VOICE_RATE, Voice
from server.settings import Settings

STAGE = "experience"
EDGE = np.zeros(CANDIDATE_RATE // 3, np.int16)
HEAD = (
    "| voice | rate | language | sentences | errors | of | share | 95 % "
    "| s of voice | s to make a s |"
)


@dataclass
class Told:
    """Of one voice in one language. Times in seconds."""

    apart: list[tuple[int, int]] = field(default_factory=list)
    voice_s: float = 0.0
    made_s: float = 0.0

    def row(self, name: str, rate: float, language: Language) -> str:
        errors, units = map(sum, zip(*self.apart, strict=True))
        low, high = interval(self.apart)
        return (
            f"| {name} | {rate:g} | {language} | {len(self.apart)} | {errors} | {units} "
            f"| {errors / units:.3f} | {low:.3f} to {high:.3f} | {self.voice_s:.0f} "
            f"| {self.made_s / self.voice_s:.3f} |"
        )


def sentences(pack: Pack, most: int) -> list[str]:
    """The first core question of each role family, without a slot to fill, always the same."""
    found: dict[str, None] = {}
    for name in sorted(pack.families):
        for question in pack.asked(name, STAGE):
            if "{" not in question and question not in found:
                found[question] = None
                break
    return list(found)[:most]


def voices(settings: Settings) -> Iterator[tuple[str, Voice | None, str]]:
    """Of every row: the voice where it can be had, and what there is to tell of it."""
    for row in registry.rows("tts"):
        offer = row.offer(settings)
        engine: Any = row.build(settings) if offer.ok else None
        yield row.name, engine, offer.detail


async def said(voice: Voice, text: str, language: Language, rate: float) -> Samples:
    """As a microphone would bring it: PCM16 mono 16 kHz."""
    pcm = b"".join([piece async for piece in voice.speak(text, language, rate)])
    samples = np.frombuffer(pcm, "<i2")
    heard = soxr.resample(samples, VOICE_RATE, CANDIDATE_RATE).astype(np.int16)
    return np.concatenate([EDGE, heard, EDGE])


async def measure(
    speech: WhisperSpeech, voice: Voice, pack: Pack, rate: float, given: argparse.Namespace
) -> Told:
    told, language = Told(), pack.language
    for text in sentences(pack, given.most):
        began = time.perf_counter()
        samples = await said(voice, text, language, rate)
        told.made_s += time.perf_counter() - began
        told.voice_s += (len(samples) - 2 * len(EDGE)) / CANDIDATE_RATE
        (heard,) = speech.hear([Utterance(samples.tobytes(), language)])
        errors = errors_in(heard.text, Reading("", language, text, samples))
        told.apart.append(errors)
        if given.transcripts:
            print(f"{errors[0]:3} of {errors[1]:3}  {text}\n            {heard.text}")
    return told


async def evaluate(speech: WhisperSpeech, given: argparse.Namespace) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; heard by {speech.name}\n")
    rows = []
    for name, voice, detail in voices(Settings.from_env(os.environ)):
        if voice is None:
            print(f"not heard: {name}: {detail}", file=sys.stderr)
            continue
        try:
            for pack in shipped().by_language.values():
                for rate in given.rates:
                    told = await measure(speech, voice, pack, rate, given)
                    rows.append(told.row(name, rate, pack.language))
        finally:
            await voice.close()
    print(HEAD, "|" + " --- |" * (HEAD.count("|") - 1), *rows, sep="\n")


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=40, help="sentences of each language")
    parser.add_argument(
        "--rates",
        type=lambda given: [float(one) for one in given.split(",")],
        default=[1.0, 0.8],
        help="of the voice; 0.8 is that of who asked for a slower one",
    )
    parser.add_argument("--transcripts", action="store_true", help="print what was heard")
    given = parser.parse_args(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = weights()
    if folder is None:
        print("eval-voice: the recogniser's weights cannot be found", file=sys.stderr)
        return 2
    speech = WhisperSpeech(folder, "cpu", NAME)
    speech.load()
    asyncio.run(evaluate(speech, given))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
