"""Does the interviewer hear itself, and is who talks over it heard? make eval-echo

``python -m bench.eval_echo [--echoes N] [--talks N] [--seed N]``

Real voices (espeak's, both languages), a made-up room (a ring of 100 ms, a small loudspeaker's
distortion, a microphone's hiss), WebRTC's canceller, Silero, and the session as it decides. The
client plays the first question and obeys; what it plays comes back softer and later. Whatever the
session hears becomes the question's own words, as a recogniser would write them. Who talks over it
are readers of both languages and espeak an octave away, counted from their first sound.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import median, quantiles

import numpy as np
import soxr

from bench.echo_room import QUESTIONS, WINDOW, WINDOW_MS, Case, Room, Sound
from bench.eval_turns import wilson
from bench.pause_set import KOREAN, READ, read, wheel
from server.core.events import AnswerGiven, Hold, Hush, Language, OwnVoiceHeard, SegmentHeard
from server.engines.espeak import EspeakVoice
from server.engines.silero import SileroDetector
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.segment import Sensitivity

LEVELS_DB = (-6, -12, -20, -26, -32, -42, -50)
DELAYS_MS = (50, 120, 200, 300, 400, 550, 700, 900, 1_200)
SEED = 20_261_129
TALKS = 200
FROM_MS, TO_MS = 2_600, 5_300
"""When somebody begins to talk over the first question: after what a room is looked at."""

LOUDER_MS, LOUDER_DB = 5_000, 12
"""When the loudspeaker is turned up in some cases, and by how much."""

WITHIN_MS, MOST_BROKEN = 400, 0.01
"""In which who talks over the voice should have silenced it; how many questions an echo may."""

SENTENCES = 5
"""Of each reader, from whose beginnings on they talk."""

TALK_S = 5
LOUD, STILL, GOING_ON = 0.05, 30, 40
"""A sentence begins where this share of the loudest is passed after so many still frames of 10 ms,
and mostly in so many that follow."""


async def voices() -> dict[Language, Sound]:
    found: dict[Language, Sound] = {}
    voice = EspeakVoice()
    for language, text in QUESTIONS.items():
        pcm = b"".join([piece async for piece in voice.speak(text, language)])
        samples = soxr.resample(np.frombuffer(pcm, "<i2"), VOICE_RATE, CANDIDATE_RATE)
        found[language] = samples.astype(np.float32) / np.float32(32_768)
    await voice.close()
    return found


def talkers(spoken: Mapping[Language, Sound]) -> dict[str, Sound]:
    """Each from their first sound on, as loud as who sits before a microphone."""
    voices = {
        f"espeak, {language}": soxr.resample(sound, 4, 5) for language, sound in spoken.items()
    }
    readers = [wheel() / name for name in READ] + sorted(KOREAN.glob("*.wav"))
    voices |= {path.stem: read(path) for path in readers}
    return {
        f"{name} {start / CANDIDATE_RATE:.1f} s": _loud(sound[start:][: TALK_S * CANDIDATE_RATE])
        for name, sound in voices.items()
        for start in _beginnings(sound)
    }


def _loud(sound: Sound) -> Sound:
    loud: Sound = (sound / np.abs(sound).max() * 0.5).astype(np.float32)
    return loud


def _beginnings(sound: Sound) -> list[int]:
    size = CANDIDATE_RATE // 100
    loudness = np.sqrt(np.square(sound[: len(sound) // size * size].reshape(-1, size)).mean(axis=1))
    loud = loudness > LOUD * loudness.max()
    found = [
        frame * size
        for frame in range(len(loud) - TALK_S * 50)
        if loud[frame]
        and not loud[max(0, frame - STILL) : frame].any()
        and loud[frame : frame + GOING_ON].mean() > 0.5
    ]
    return found[:SENTENCES]


def echoes(spoken: Mapping[Language, Sound], count: int | None, seed: int) -> list[Case]:
    """All, and some in which the loudspeaker is turned up, or so many of them."""
    louder = [None, None, None, (LOUDER_MS, LOUDER_DB)]
    grid = list(product(spoken, (True, False), LEVELS_DB, DELAYS_MS))
    chance = random.Random(seed)
    found: list[Case] = []
    for number, (language, marks, level_db, delay_ms) in enumerate(grid):
        turned = louder[number % len(louder)] if level_db <= LEVELS_DB[2] else None
        room = Room(spoken[language], level_db, delay_ms, turned)
        found.append(Case(spoken[language], language, marks, room))
    return found if count is None else chance.sample(found, count)


def talks(spoken: Mapping[Language, Sound], count: int, seed: int) -> Iterator[Case]:
    chance, over = random.Random(seed), talkers(spoken)
    for _ in range(count):
        language = chance.choice(list(spoken))
        level_db = chance.choice([None, *LEVELS_DB[:-1]])
        room = Room(spoken[language], level_db, chance.choice(DELAYS_MS))
        name, at_ms = chance.choice(list(over)), chance.randrange(FROM_MS, TO_MS)
        marks = chance.random() < 0.5
        yield Case(spoken[language], language, marks, room, over[name], at_ms, talker=name)


@dataclass(frozen=True)
class Talk:
    """What became of one who talked over the voice, in ms from their first sound. ``alone``: when
    the detector hears them where nothing else is to be heard."""

    case: Case
    alone: int
    heard: int
    silent: int

    @property
    def echo(self) -> str:
        level_db = self.case.room.level_db
        return "earphones" if level_db is None else f"{level_db:g} dB"


def talked(case: Case, detector: SileroDetector) -> Talk:
    case.run(detector)
    assert case.over is not None
    silent = 9_999 if case.silenced_ms is None else case.silenced_ms - case.over_ms
    heard = 9_999 if case.detected_ms is None else case.detected_ms - case.over_ms
    return Talk(case, _alone(case.over, case.over_ms, detector), heard, silent)


def _alone(voice: Sound, over_ms: int, detector: SileroDetector) -> int:
    """On the same windows."""
    before = WINDOW + (over_ms % WINDOW_MS) * CANDIDATE_RATE // 1_000
    hiss = np.random.default_rng(5).standard_normal(before + len(voice)) * 10 ** (-65 / 20)
    sound = (np.concatenate([np.zeros(before), voice]) + hiss).astype(np.float32)
    row, at = detector.open(), 0
    while at + WINDOW <= len(sound):
        judged = float(detector.probabilities(sound[None, at : at + WINDOW], [row])[0])
        at += WINDOW
        if at > before and judged >= Sensitivity().speech:
            break
    detector.close(row)
    return (at - before) * 1_000 // CANDIDATE_RATE


def share(part: int, whole: int) -> str:
    """With Wilson's interval of 95 %."""
    low, high = wilson(part, whole)
    percent = 100 * part / max(1, whole)
    return f"{part} of {whole} ({percent:.1f} %, {100 * low:.1f} to {100 * high:.1f})"


def own_voice(cases: Sequence[Case], detector: SileroDetector) -> bool:
    stored = broken = known = 0
    for case in cases:
        case.run(detector)
        kinds = [type(fact) for fact in case.facts]
        own = AnswerGiven in kinds or SegmentHeard in kinds
        silenced = any(isinstance(effect, (Hold, Hush)) for effect in case.effects)
        stored, broken = stored + own, broken + silenced
        known += OwnVoiceHeard in kinds
        if own or silenced:
            print(f"{'STORED' if own else 'silenced'}: {case}")
    print(f"own voice stored as something said: {share(stored, len(cases))}")
    print(f"own voice silenced the question: {share(broken, len(cases))}")
    print(f"own words told from the candidate's: {known}")
    return stored == 0 and broken <= MOST_BROKEN * len(cases)


def talk_over(cases: Iterator[Case], detector: SileroDetector) -> None:
    done = [talked(case, detector) for case in cases]
    print(
        "median ms from their first sound: heard by the detector alone, heard in the room, silence"
    )
    for dialect, marks in (("viva.v1", True), ("stock", False)):
        ours = [one for one in done if one.case.marks is marks]
        for echo in ["earphones", *(f"{level_db} dB" for level_db in LEVELS_DB[:-1])]:
            row(f"{dialect}, {echo}", [one for one in ours if one.echo == echo])
        row(f"{dialect}, all", ours)
    for one in done:
        if one.silent > WITHIN_MS:
            print(f"late: {one.silent} ms, {one.case}")
    within = sum(one.silent <= WITHIN_MS for one in done)
    print(f"talk over it silences it within {WITHIN_MS} ms: {share(within, len(done))}")


def row(name: str, some: Sequence[Talk]) -> None:
    if len(some) < 2:
        return
    alone, heard, silent = (
        median(getattr(one, what) for one in some) for what in ("alone", "heard", "silent")
    )
    late = quantiles([one.silent for one in some], n=20, method="inclusive")[-1]
    within = sum(one.silent <= WITHIN_MS for one in some)
    print(
        f"{name:20} {alone:5.0f} {heard:5.0f} {silent:5.0f}, 95 % {late:5.0f}, "
        f"within {WITHIN_MS}: {within} of {len(some)}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--echoes", type=int, help="so many of the grid only, by chance")
    parser.add_argument("--talks", type=int, default=TALKS)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    spoken = asyncio.run(voices())
    detector = SileroDetector()
    good = own_voice(echoes(spoken, asked.echoes, asked.seed), detector)
    talk_over(talks(spoken, asked.talks, asked.seed), detector)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
