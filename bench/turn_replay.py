"""An event log played to the real session: what it asks when, and takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from bench.turn_log import Pause, TurnLog
from server.core.events import (
    AnswerGiven,
    CandidateJoined,
    Effect,
    Fact,
    Hold,
    Hush,
    Input,
    MeaningRead,
    PlanArrived,
    PlannedQuestion,
    Played,
    QuestionAsked,
    QuestionTakenBack,
    QuestionVoiced,
    Release,
    Say,
    Score,
    SegmentTranscribed,
    Tell,
    Ticked,
    Transcribe,
    TurnScored,
    Understand,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.session import Session
from server.core.turn.patience import Patience
from server.core.understanding import ANSWER
from server.language.pack import shipped
from server.realtime.ears import Ears
from server.realtime.segment import FRAME_MS, Sensitivity

DECODE_MS, SCORE_MS, READ_MS, VOICE_MS = 200, 60, 60, 100
"""When words, the turn model's answer, their meaning and the first sound of a question are there
after they were asked for; measured elsewhere."""
CHARACTER_MS = {"en": 70, "ko": 140}
INTERVIEW = "00000000-0000-7000-8000-00000000000a"
ASKED = {
    "en": "What was the most difficult part of that work, and how did you go about it?",
    "ko": "그 일에서 가장 어려웠던 점은 무엇이었고, 어떻게 풀어 나가셨나요?",
}


@dataclass
class Asked:
    """A question that the session asked, in ms of the log's own audio clock."""

    turn: int
    at_ms: int
    taken_back_ms: int | None = None


@dataclass
class Voice:
    turn: int
    duration_ms: int
    played_ms: int = 0
    held: bool = False


@dataclass
class Replay:
    """``since_ms``: how long the opening took, before the log begins."""

    log: TurnLog
    session: Session
    since_ms: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)
    """What stands as the answer of each turn in the end."""
    _voice: Voice | None = None
    _now_ms: int = 0
    _due: list[tuple[int, Input]] = field(default_factory=list)

    def run(self) -> None:
        self._give(PlanArrived(tuple(_plan(self.log.language))))
        self._give(CandidateJoined(marks=True))
        while self.session.state.floor != "listening":
            self._frame(0.0)
        self.since_ms, self.asked = self.session.audio_ms, []
        for probability in self.log.frames:
            self._frame(probability)

    def _frame(self, probability: float) -> None:
        self._now_ms += FRAME_MS
        for due, event in [one for one in self._due if one[0] <= self._now_ms]:
            self._due.remove((due, event))
            self._give(event)
        deadline = self.session.deadline()
        if deadline is not None and self._now_ms >= deadline:
            self._give(Ticked())
        self._play()
        self._give(VoiceFrame(self.session.audio_ms + FRAME_MS, probability))

    def _play(self) -> None:
        voice = self._voice
        if voice is None or voice.held:
            return
        voice.played_ms += FRAME_MS
        over = voice.played_ms >= voice.duration_ms
        self._voice = None if over else voice
        self._give(Played(voice.turn, min(voice.played_ms, voice.duration_ms), over))

    def _give(self, event: Input) -> None:
        for effect in self.session.step(event, self._now_ms):
            self._follow(effect)

    def _follow(self, effect: Effect) -> None:
        match effect:
            case Tell():
                self._learn(effect.fact)
            case Say():
                length_ms = len(effect.text) * CHARACTER_MS[self.log.language]
                self._voice = Voice(effect.turn, length_ms, -VOICE_MS)
                self._later(VOICE_MS, VoiceStarted(effect.turn))
                self._later(VOICE_MS, QuestionVoiced(effect.turn, length_ms))
            case Hush():
                self._voice = None
            case Hold() | Release() if self._voice is not None:
                self._voice.held = isinstance(effect, Hold)
            case Transcribe():
                words = SegmentTranscribed(
                    effect.turn, effect.segment, self._words(effect), (), "log", DECODE_MS
                )
                self._later(DECODE_MS, words)
            case Understand():
                self._later(READ_MS, MeaningRead(effect.turn, effect.segment, ANSWER))
            case Score():
                self._score(effect)
            case _:
                pass

    def _later(self, ms: int, event: Input) -> None:
        self._due.append((self._now_ms + ms, event))

    def _learn(self, fact: Fact) -> None:
        at_ms = self.session.audio_ms - self.since_ms
        match fact:
            case QuestionAsked():
                self.asked.append(Asked(fact.turn, at_ms))
            case QuestionTakenBack():
                self.asked[-1].taken_back_ms = at_ms
                self.answers.pop(fact.reopened, None)
            case AnswerGiven():
                self.answers[fact.turn] = fact.text
            case _:
                pass

    def _words(self, effect: Transcribe) -> str:
        """Of the segments that lie within the sound."""
        before, said = "", list[str]()
        for pause in self.log.pauses:
            own, before = pause.text[len(before) :].strip(), pause.text
            if effect.start_ms < pause.speech_end_ms + self.since_ms <= effect.end_ms:
                said.append(own)
        return " ".join(filter(None, said)) if said else "and so on"

    def _score(self, effect: Score) -> None:
        at_ms = effect.end_ms - self.since_ms
        pause = next((one for one in reversed(self.log.pauses) if one.speech_end_ms < at_ms), None)
        if pause is None:
            return
        if pause.score is not None:
            self._later(SCORE_MS, TurnScored(effect.turn, effect.segment, pause.score))


def replayed(log: TurnLog, patience: Patience) -> Replay:
    """``patience`` but for what cuts long speech, which the log does not."""
    whole = Ears(Sensitivity(longest_ms=10**9))
    interview = Interview(INTERVIEW, "Engineer", log.language, {}, packs=shipped())
    session = Session(interview, whole, writer=False, patience=patience)
    replay = Replay(log, session)
    replay.run()
    return replay


def _plan(language: str) -> Iterator[PlannedQuestion]:
    stages = ("introduction", "motivation", "experience", "experience", "collaboration", "growth")
    for ordinal, stage in zip(count(1), stages, strict=False):
        number = f"00000000-0000-7000-8000-{ordinal:012}"
        text = f"{ASKED[language]} ({ordinal})"
        yield PlannedQuestion(number, ordinal, text, stage, "bank", language=language)


Waits = Callable[[TurnLog, Pause], float]
"""The silence, in ms, after which a policy would end the turn in this pause."""
Logs = Sequence[TurnLog]
