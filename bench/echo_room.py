"""A candidate with a loudspeaker and a microphone, and the session as it decides: no microphone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import soxr
from numpy.typing import NDArray

from server.core.events import (
    CandidateJoined,
    Effect,
    Hold,
    Hush,
    Input,
    Language,
    PlanArrived,
    PlannedQuestion,
    Played,
    QuestionVoiced,
    Release,
    SegmentTranscribed,
    Tell,
    Ticked,
    Transcribe,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.session import Session
from server.engines.silero import SileroDetector
from server.engines.webrtc import WebrtcCanceller
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.ears import Ears
from server.realtime.echo import Echo

Sound = NDArray[np.float32]

WINDOW = 512
INTERVIEW = "00000000-0000-7000-8000-00000000000a"
WINDOW_MS = WINDOW * 1_000 // CANDIDATE_RATE
MARK_MS = 250
SPEECH = 0.5
TAIL_S = 4
QUESTIONS: dict[Language, str] = {
    "en": "To begin with, could you tell me which of your projects of the last years you would "
    "like to talk about, what it was for, and which part of it was yours?",
    "ko": "먼저 지난 몇 해 동안 하신 프로젝트 가운데 하나를 골라, 무엇을 위한 것이었고 그 가운데 "
    "어느 부분을 맡으셨는지 말씀해 주시겠습니까?",
}


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
    """Of the echo against the voice; None: earphones."""
    delay_ms: int
    louder: tuple[int, float] | None = None
    """From this instant on, in ms, the loudspeaker is turned up by so many dB."""
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
            heard += echo * np.float32(10 ** (self._level(self.level_db) / 20))
        return heard

    def _level(self, level_db: float) -> float:
        at_ms = len(self.played) * WINDOW_MS
        return level_db + (self.louder[1] if self.louder and at_ms >= self.louder[0] else 0.0)


@dataclass
class Case:
    """One question, played to its end or until it is silenced."""

    voice: Sound
    language: Language
    marks: bool
    room: Room
    over: Sound | None = None
    over_ms: int = 0
    talker: str = ""
    effects: list[Effect] = field(default_factory=list)
    silenced_ms: int | None = None
    detected_ms: int | None = None
    """When the detector first heard speech after somebody began to talk over the voice."""
    _due: list[tuple[int, Input]] = field(default_factory=list)

    def __str__(self) -> str:
        dialect = "viva.v1" if self.marks else "stock"
        room, louder = self.room, " turned up" if self.room.louder else ""
        over = f", {self.talker} from {self.over_ms} ms" if self.talker else ""
        return f"{self.language} {dialect} {room.level_db} dB {room.delay_ms} ms{louder}{over}"

    def run(self, detector: SileroDetector) -> None:
        packs = shipped()
        interview = Interview(INTERVIEW, "Engineer", self.language, {"header": {}}, packs=packs)
        self.session = Session(interview, Ears(), writer=False)
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
                if self.detected_ms is None and self.now_ms > self.over_ms and judged >= SPEECH:
                    self.detected_ms = self.now_ms
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
