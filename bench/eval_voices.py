"""Whose words are stored as the answer where a second, quieter voice is heard? make eval-voices

``python -m bench.eval_voices [--most N]``

Readers of both languages are candidates: a first answer alone, and a second one behind or after
which another reader speaks as a television would; or nobody does, and they themselves speak up and
down, or lean back. Silero, the session as it decides, Whisper as it comes with viva. Words are
counted as they are spoken (`bench.readings`): in Korean, letters.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.echo_room import INTERVIEW
from bench.pause_set import READ, wheel
from bench.readings import Reading, readings, recording, units
from server.core.events import Effect, Input, Language, PlannedQuestion, Say, Tell, Transcribe
from server.core.events import facts as told
from server.core.events import inputs as given
from server.core.events.effects import Understand
from server.core.interview import Interview
from server.core.session import Session
from server.core.understanding import ANSWER
from server.engines.silero import SileroDetector
from server.engines.utterance import Utterance
from server.engines.whisper import WhisperSpeech
from server.engines.whisper_base import NAME, weights
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE
from server.realtime.ears import Ears
from server.realtime.own_level import OwnLevel
from server.realtime.segment import FRAME_MS

FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "fixtures"
LEVELS_DB = (-10, -15, -20, -30)
UP_AND_DOWN_DB = (0.0, 6.0, -6.0, 3.0, -3.0)
"""Of the candidate's own voice, every three seconds."""

LEANT_BACK_DB = (-10, -15, -20)
FIRST_S, SECOND_S, AFTER_S = 9, 14, 6
"""The first answer, the second, and how long the other voice goes on behind it."""

TAIL_S, DECODE_MS, SPEECH_DB = 5, 200, -24.0
PER_MS = CANDIDATE_RATE // 1_000
FRAME = FRAME_MS * PER_MS
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """``heard`` while the second answer is given; ``own`` and ``others``: what was read in it."""

    name: str
    language: Language
    first: Sound = field(repr=False)
    heard: Sound = field(repr=False)
    own: str = field(repr=False)
    others: str = field(default="", repr=False)


@dataclass
class Told:
    """Units: of another's words that were stored as the answer, now and without telling voices
    apart; of the candidate's own that were set apart, and how many they had."""

    stored: int = 0
    before: int = 0
    others: int = 0
    lost: int = 0
    own: int = 0
    asked: int = 0
    cases: int = 0

    def add(self, other: Told) -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def loud(sound: Sound) -> Sound:
    """As loud as who sits before a microphone, by what is spoken of it."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    level = np.sqrt(np.square(frames).mean(axis=1))
    spoken = level[level > 0.1 * level.max()]
    scaled: Sound = (sound * (10 ** (SPEECH_DB / 20) / spoken.mean())).astype(np.float32)
    return np.clip(scaled, -1, 1)


def turned(sound: Sound, decibels: float | Sequence[float], from_s: float = 0.0) -> Sound:
    """Louder or softer from an instant on, by one step or by one after the other."""
    steps = [decibels] if isinstance(decibels, int | float) else list(decibels)
    gains = np.ones(len(sound), np.float32)
    at = int(from_s * CANDIDATE_RATE)
    for number, start in enumerate(range(at, len(sound), 3 * CANDIDATE_RATE)):
        gains[start : start + 3 * CANDIDATE_RATE] = 10 ** (steps[number % len(steps)] / 20)
    ramp = np.hanning(1_600).astype(np.float32)
    smooth: Sound = np.convolve(gains, ramp / ramp.sum(), "same").astype(np.float32)
    return sound * smooth


def together(own: Sound, other: Sound, decibels: float, *, behind: bool) -> Sound:
    """``behind``: from the beginning; else half a second after the last word."""
    start = 0 if behind else len(own) + CANDIDATE_RATE // 2
    length = len(own) + AFTER_S * CANDIDATE_RATE
    both = np.zeros(length, np.float32)
    both[: len(own)] = own
    piece = other[: length - start] * np.float32(10 ** (decibels / 20))
    both[start : start + len(piece)] += piece
    return both


def floats(samples: NDArray[np.int16]) -> Sound:
    return loud(samples.astype(np.float32) / np.float32(32_768))


def television(language: Language, everybody: Sequence[Reading], at: int) -> tuple[Sound, str]:
    """Another reader, of another text in the same language."""
    if language == "en":
        name, transcript = next(iter(READ.items()))
        return floats(recording(wheel() / name)), transcript
    other = everybody[(at + 1) % len(everybody)]
    return floats(other.samples), other.transcript


def cases(everybody: Sequence[Reading], most: int | None) -> Iterator[tuple[str, Case]]:
    """Each by the row of the table it belongs to."""
    for at, one in enumerate(everybody[:most]):
        sound = floats(one.samples)
        first = sound[: FIRST_S * CANDIDATE_RATE]
        own = sound[FIRST_S * CANDIDATE_RATE :][: SECOND_S * CANDIDATE_RATE]

        alone = Case(one.name, one.language, first, own, one.transcript)
        yield "alone", alone
        yield "up and down by 6 dB", replace(alone, heard=turned(own, UP_AND_DOWN_DB))
        for decibels in LEANT_BACK_DB:
            leant = turned(own, decibels, SECOND_S / 2)
            yield f"leans back, {decibels} dB", replace(alone, heard=leant)
        yield "all of it −20 dB", replace(alone, heard=turned(own, -20))
        voice, others = television(one.language, everybody, at)
        for decibels in LEVELS_DB:
            for behind in (True, False):
                row = f"{'behind' if behind else 'after'} it, {decibels} dB"
                both = together(own, voice, decibels, behind=behind)
                yield row, replace(alone, heard=both, others=others)


class Room:
    """One interview of a case, frame by frame; every question is heard in no time."""

    def __init__(self, case: Case, detector: SileroDetector, speech: WhisperSpeech) -> None:
        plan = tuple(
            PlannedQuestion(f"00000000-0000-0000-0000-00000000000{n}", n, "?", stage, "bank")
            for n, stage in enumerate(("introduction", "experience", "experience"), start=1)
        )
        header: dict[str, object] = {"header": {}}
        interview = Interview(INTERVIEW, "Engineer", case.language, header, packs=shipped())
        self._case, self._speech, self._detector = case, speech, detector
        self._session = Session(interview, Ears(), writer=False)
        self._level, self._now_ms = OwnLevel(), 0
        self._sound = np.zeros(0, np.float32)
        self._due: list[tuple[int, Input]] = []
        self.facts: list[object] = []
        self._give(given.PlanArrived(plan))
        self._give(given.CandidateJoined(marks=True))

    def run(self) -> None:
        noise = np.random.default_rng(5).standard_normal(TAIL_S * CANDIDATE_RATE) * 1e-4
        still = noise.astype(np.float32)
        self._sound = np.concatenate([self._case.first, still, self._case.heard, still])
        row = self._detector.open()
        for at in range(0, len(self._sound) - FRAME + 1, FRAME):
            window = self._sound[None, at : at + FRAME]
            judged = float(self._detector.probabilities(window, [row])[0])
            loud_db = 10 * float(np.log10(max(float(np.square(window).mean()), 1e-12)))
            far = self._level.is_far(self._session.state, judged, loud_db)
            self._now_ms += FRAME_MS
            for due in [one for one in self._due if one[0] <= self._now_ms]:
                self._due.remove(due)
                self._give(due[1])
            deadline = self._session.deadline()
            if deadline is not None and self._now_ms >= deadline:
                self._give(given.Ticked())
            self._give(given.VoiceFrame(self._session.audio_ms + FRAME_MS, judged, far))
        self._detector.close(row)
        for _, event in self._due:
            self._give(event)
        self._give(given.EndRequested("candidate"))

    def _give(self, event: Input) -> None:
        for effect in self._session.step(event, self._now_ms):
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Tell():
                self.facts.append(effect.fact)
            case Say():
                self._give(given.VoiceStarted(effect.turn))
                self._give(given.QuestionVoiced(effect.turn, 0))
                self._give(given.Played(effect.turn, 0, complete=True))
            case Understand():
                self._give(given.MeaningRead(effect.turn, effect.segment, ANSWER))
            case Transcribe():
                self._due.append((self._now_ms + DECODE_MS, self._heard(effect)))

    def _heard(self, effect: Transcribe) -> given.SegmentTranscribed:
        cut = self._sound[effect.start_ms * PER_MS : effect.end_ms * PER_MS]
        pcm = (np.clip(cut, -1, 1) * 32_767).astype("<i2").tobytes()
        (heard,) = self._speech.hear([Utterance(pcm, self._case.language, effect.context)])
        words = heard.text, (), NAME, DECODE_MS
        return given.SegmentTranscribed(effect.turn, effect.segment, *words)


def judged(case: Case, detector: SileroDetector, speech: WhisperSpeech) -> Told:
    room = Room(case, detector, speech)
    room.run()
    first_ms = len(case.first) // PER_MS + 1_000
    heard = [
        one
        for one in room.facts
        if isinstance(one, told.SegmentHeard) and one.start_ms > first_ms and one.text
    ]
    since = min((one.turn for one in heard), default=2)
    texts = [o.text for o in room.facts if isinstance(o, told.AnswerGiven) and o.turn >= since]
    answer, apart = " ".join(texts), [one for one in heard if one.text not in " ".join(texts)]
    language = case.language
    all_of_it = units(" ".join(one.text for one in heard), language)
    found = Told(cases=1, own=_of(units(case.own, language), all_of_it))
    found.lost = _of(units(case.own, language), units(" ".join(o.text for o in apart), language))
    found.others = len(units(case.others, language))
    found.stored = _beside(units(answer, language), units(case.own, language))
    found.before = _beside(all_of_it, units(case.own, language))
    found.asked = any(
        isinstance(one, told.QuestionAsked) and one.reason == "long_answer" for one in room.facts
    )
    return found


RUN = {"en": 2, "ko": 4}
"""So many units in a row are no chance."""


def _of(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many of these were said, in runs."""
    blocks = SequenceMatcher(None, said, heard, autojunk=False).get_matching_blocks()
    least = RUN["ko" if said and len(said[0]) == 1 else "en"]
    return sum(block.size for block in blocks if block.size >= least)


def _beside(heard: Sequence[str], said: Sequence[str]) -> int:
    return len(heard) - _of(said, heard)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, help="only so many readers of each language")
    asked = parser.parse_args()
    weighed = weights()
    assert weighed is not None
    detector, speech = SileroDetector(), WhisperSpeech(weighed, "cpu", NAME)
    speech.load()
    rows: dict[str, dict[Language, Told]] = {}
    for folder in (FIXTURES / "en-readings", FIXTURES / "ko-readings"):
        long = [one for one in readings(folder) if one.seconds >= FIRST_S + SECOND_S]
        for row, case in cases(long, asked.most):
            of = rows.setdefault(row, {}).setdefault(case.language, Told())
            of.add(judged(case, detector, speech))
            print(".", end="", flush=True, file=sys.stderr)
    print(
        "\n| heard | language | another's stored as the answer | before | own set apart | asked |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for row, by_language in rows.items():
        for language, one in by_language.items():
            print(
                f"| {row} | {language} | {one.stored} | {one.before} "
                f"| {one.lost} of {one.own} | {one.asked} of {one.cases} |"
            )
    kept = all(
        one.lost == 0
        for row in ("alone", "up and down by 6 dB")
        for one in rows.get(row, {}).values()
    )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
