"""Does the interviewer hear itself, and is who talks over it heard? make eval-echo

Real voices (espeak's, both languages), a made-up room (a ring of 100 ms, a small loudspeaker's
distortion, a microphone's hiss), WebRTC's canceller, Silero, and the session as it decides. The
client plays the first question and obeys; what it plays comes back softer and later. Whatever the
session hears becomes the question's own words, as a recogniser would write them.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import soxr
from numpy.typing import NDArray

from bench.eval_turns import wilson
from server.core.events import (
    AnswerGiven,
    CandidateJoined,
    Effect,
    Hold,
    Hush,
    Input,
    Language,
    OwnVoiceHeard,
    PlanArrived,
    PlannedQuestion,
    Played,
    QuestionVoiced,
    Release,
    SegmentHeard,
    SegmentTranscribed,
    Tell,
    Ticked,
    Transcribe,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.session import Session
from server.engines.espeak import EspeakVoice
from server.engines.silero import SileroDetector
from server.engines.webrtc import WebrtcCanceller
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.echo import Echo

Sound = NDArray[np.float32]

LEVELS_DB = (-6, -12, -20, -26, -32, -42, -50)
DELAYS_MS = (50, 120, 200, 300, 400, 550, 700, 900, 1_200)
WINDOW = 512
INTERVIEW = "00000000-0000-7000-8000-00000000000a"
WINDOW_MS = WINDOW * 1_000 // CANDIDATE_RATE
MARK_MS = 250
TAIL_S = 4
QUESTIONS: dict[Language, str] = {
    "en": "To begin with, could you tell me which of your projects of the last years you would "
    "like to talk about, what it was for, and which part of it was yours?",
    "ko": "먼저 지난 몇 해 동안 하신 프로젝트 가운데 하나를 골라, 무엇을 위한 것이었고 그 가운데 "
    "어느 부분을 맡으셨는지 말씀해 주시겠습니까?",
}
WITHIN_MS = 400
"""In which who talks over the voice should have silenced it."""


def floats(pcm: bytes) -> Sound:
    samples: Sound = np.frombuffer(pcm, "<i2").astype(np.float32)
    return samples / np.float32(32_768)


def ring() -> Sound:
    random = np.random.default_rng(3)
    taps = random.standard_normal(1_600) * np.exp(-np.arange(1_600) / 350)
    taps[0] = 3
    normed: Sound = (taps / np.sqrt(np.square(taps).sum())).astype(np.float32)
    return normed


@dataclass
class Room:
    """A client with a loudspeaker and a microphone, a window at a time."""

    voice: Sound
    level_db: float | None
    delay_ms: int
    at: int = 0
    playing: bool = True
    held: bool = False
    played: list[Sound] = field(default_factory=list)
    _ring: Sound = field(default_factory=ring)
    _hiss: np.random.Generator = field(default_factory=lambda: np.random.default_rng(5))

    def hear(self) -> Sound:
        """What the microphone brings of the next window."""
        out = np.zeros(WINDOW, np.float32)
        if self.playing and not self.held:
            piece = self.voice[self.at : self.at + WINDOW]
            out[: len(piece)] = np.tanh(1.5 * piece) / 1.5
            self.at += WINDOW
        self.played.append(out)
        heard = self._hiss.standard_normal(WINDOW).astype(np.float32) * np.float32(10 ** (-65 / 20))
        late = self.delay_ms * CANDIDATE_RATE // 1_000
        need = WINDOW + len(self._ring) + late
        before = np.concatenate(self.played[-(need // WINDOW + 2) :])
        before = np.concatenate([np.zeros(max(0, need - len(before)), np.float32), before])
        source = before[len(before) - need : len(before) - late if late else None]
        if self.level_db is not None:
            echo = np.convolve(source, self._ring)[len(self._ring) : len(self._ring) + WINDOW]
            heard += echo * np.float32(10 ** (self.level_db / 20))
        return heard


@dataclass
class Case:
    """One question, played to its end or until it is silenced."""

    voice: Sound
    language: Language
    marks: bool
    room: Room
    over: Sound | None = None
    over_ms: int = 0
    effects: list[Effect] = field(default_factory=list)
    silenced_ms: int | None = None
    _due: list[tuple[int, Input]] = field(default_factory=list)

    def run(self, detector: SileroDetector) -> None:
        packs = shipped()
        interview = Interview(INTERVIEW, "Engineer", self.language, {"header": {}}, packs=packs)
        self.session = Session(interview, tuple, writer=False)
        text = QUESTIONS[self.language]
        plan = tuple(
            PlannedQuestion(f"00000000-0000-0000-0000-00000000000{n}", n, text, stage, "bank")
            for n, stage in enumerate(("introduction", "experience"), start=1)
        )
        self.echo, self.now_ms = Echo(WebrtcCanceller), 0
        self.give(PlanArrived(plan))
        self.give(CandidateJoined(marks=self.marks))
        self._voice()
        row, kept = detector.open(), b""
        for _ in range((len(self.voice) + TAIL_S * CANDIDATE_RATE) // WINDOW):
            self.now_ms += WINDOW_MS
            heard = self._heard()
            kept += self.echo.clean((np.clip(heard, -1, 1) * 32_767).astype("<i2").tobytes())
            while len(kept) >= 2 * WINDOW:
                window = floats(kept[: 2 * WINDOW])
                kept = kept[2 * WINDOW :]
                judged = float(detector.probabilities(window[None], [row])[0])
                self.give(VoiceFrame(self.session.audio_ms + WINDOW_MS, judged))
            self._pass_time()
        detector.close(row)

    def _voice(self) -> None:
        turn = self.session.turn
        up = soxr.resample(self.voice, CANDIDATE_RATE, VOICE_RATE)
        pcm = (np.clip(up, -1, 1) * 32_767).astype("<i2").tobytes()
        for start in range(0, len(pcm), VOICE_RATE):
            self.echo.loudspeaker.say(turn, start // 2, pcm[start : start + VOICE_RATE])
        self.echo.loudspeaker.said(turn)
        self.give(VoiceStarted(turn))
        self.give(QuestionVoiced(turn, len(self.voice) * 1_000 // CANDIDATE_RATE))

    def _heard(self) -> Sound:
        heard = self.room.hear()
        if self.over is not None:
            at = (self.now_ms - WINDOW_MS - self.over_ms) * CANDIDATE_RATE // 1_000
            if at >= 0:
                piece = self.over[at : at + WINDOW]
                heard[: len(piece)] += piece
        return heard

    def _pass_time(self) -> None:
        for due in [one for one in self._due if one[0] <= self.now_ms]:
            self._due.remove(due)
            self.give(due[1])
        deadline = self.session.deadline()
        if deadline is not None and self.now_ms >= deadline:
            self.give(Ticked())
        if self.marks and self.room.playing and self.now_ms % MARK_MS < WINDOW_MS:
            played_ms = min(self.room.at, len(self.voice)) * 1_000 // CANDIDATE_RATE
            over = self.room.at >= len(self.voice)
            self.echo.reported(1, played_ms, complete=over)
            self.give(Played(1, played_ms, complete=over))

    def give(self, event: Input) -> None:
        effects = self.session.step(event, self.now_ms)
        self.effects += effects
        for effect in effects:
            match effect:
                case Hold():
                    self.room.held = True
                    self.echo.loudspeaker.hold()
                    self._silenced()
                case Release():
                    self.room.held = False
                    self.echo.loudspeaker.release()
                case Hush():
                    self.room.playing = False
                    self.echo.loudspeaker.hush()
                    self._silenced()
                case Transcribe():
                    words = " ".join(QUESTIONS[self.language].split()[3:9])
                    heard = SegmentTranscribed(effect.turn, effect.segment, words, (), "echo", 200)
                    self._due.append((self.now_ms + 200, heard))

    def _silenced(self) -> None:
        if self.silenced_ms is None and self.now_ms >= self.over_ms:
            self.silenced_ms = self.now_ms

    @property
    def facts(self) -> list[object]:
        return [effect.fact for effect in self.effects if isinstance(effect, Tell)]


async def voices() -> dict[Language, Sound]:
    found: dict[Language, Sound] = {}
    voice = EspeakVoice()
    for language, text in QUESTIONS.items():
        pcm = b"".join([piece async for piece in voice.speak(text, language)])
        samples = soxr.resample(np.frombuffer(pcm, "<i2"), VOICE_RATE, CANDIDATE_RATE)
        found[language] = samples.astype(np.float32) / np.float32(32_768)
    await voice.close()
    return found


def talk(spoken: dict[Language, Sound], language: Language) -> Sound:
    """Another voice: the other language's, an octave away, as loud as one before a microphone."""
    other: Language = "ko" if language == "en" else "en"
    voice = soxr.resample(spoken[other], 4, 5).astype(np.float32)
    first = int(np.argmax(np.abs(voice) > 0.05))
    voice = voice[first:]
    loud: Sound = voice / np.abs(voice).max() * np.float32(0.5)
    return loud


def cases(spoken: dict[Language, Sound], every: int) -> Iterator[Case]:
    grid = product(spoken, (True, False), LEVELS_DB, DELAYS_MS)
    for number, (language, marks, level_db, delay_ms) in enumerate(grid):
        if number % every == 0:
            voice = spoken[language]
            yield Case(voice, language, marks, Room(voice, level_db, delay_ms))


def over(spoken: dict[Language, Sound], every: int) -> Iterator[Case]:
    echoes = ((None, 0), (-6, 120), (-20, 250), (-32, 700))
    grid = product(spoken, (True, False), echoes, (2_000, 3_000, 4_000, 5_000))
    for number, (language, marks, (level_db, delay_ms), at_ms) in enumerate(grid):
        if number % every == 0:
            voice = spoken[language]
            room = Room(voice, level_db, delay_ms)
            yield Case(voice, language, marks, room, talk(spoken, language), at_ms)


def share(part: int, whole: int) -> str:
    """With Wilson's interval of 95 %."""
    low, high = wilson(part, whole)
    return f"{part} of {whole} ({100 * part / whole:.1f} %, {100 * low:.1f} to {100 * high:.1f})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every n-th case only")
    asked = parser.parse_args()
    spoken = asyncio.run(voices())
    detector = SileroDetector()
    echoes = list(cases(spoken, asked.every))
    stored = broken = known = 0
    for case in echoes:
        case.run(detector)
        kinds = [type(fact) for fact in case.facts]
        own = AnswerGiven in kinds or SegmentHeard in kinds
        stored, known = stored + own, known + (OwnVoiceHeard in kinds)
        silenced = any(isinstance(effect, (Hold, Hush)) for effect in case.effects)
        broken += silenced
        if own or silenced:
            dialect = "viva.v1" if case.marks else "stock"
            room, what = case.room, "STORED" if own else "silenced"
            print(f"{what}: {case.language} {dialect} {room.level_db} dB {room.delay_ms} ms")
    print(f"own voice stored as something said: {share(stored, len(echoes))}")
    print(f"own voice silenced the question: {share(broken, len(echoes))}")
    print(f"own words told from the candidate's: {known}")
    talked = list(over(spoken, asked.every))
    late: list[int] = []
    for case in talked:
        case.run(detector)
        late.append(9_999 if case.silenced_ms is None else case.silenced_ms - case.over_ms)
    print(f"talk over it silences it within {WITHIN_MS} ms: "
          f"{share(sum(one <= WITHIN_MS for one in late), len(late))}; "
          f"median {sorted(late)[len(late) // 2]} ms")  # fmt: skip
    return 1 if stored else 0


if __name__ == "__main__":
    sys.exit(main())
