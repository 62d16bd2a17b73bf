"""A candidate for the pure session: speaks and is silent in virtual time, one frame at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from server.core.events import (
    CandidateJoined,
    Compose,
    Fact,
    MeaningRead,
    PlanArrived,
    PlannedQuestion,
    Played,
    QuestionVoiced,
    Reply,
    Say,
    SegmentTranscribed,
    SoundsLike,
    Tell,
    Ticked,
    Transcribe,
    Understand,
    VoiceFrame,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.session import Session
from server.core.turn.patience import Patience
from server.doubt import unclear
from server.plan import draft_plan
from server.realtime.ears import Ears
from server.realtime.mending import Doing, Happening
from server.realtime.own_level import OwnLevel
from server.realtime.segment import FRAME_MS
from server.realtime.sitting import Sitting
from tests.core.acts import nearest, read

PLAN = (
    PlannedQuestion("00000000-0000-0000-0000-000000000001", 1, "Opening?", "introduction", "bank"),
    PlannedQuestion("00000000-0000-0000-0000-000000000002", 2, "Second?", "experience", "bank"),
    PlannedQuestion("00000000-0000-0000-0000-000000000003", 3, "Third?", "collaboration", "bank"),
)
ANSWER = "We moved the payment service from a nightly batch to Kafka because it was too slow."


def fresh(
    interview: Interview,
    *,
    writer: bool = False,
    patience: Patience | None = None,
    rules: Rules | None = None,
) -> Session:
    """Until a plan comes, one is drafted as in real life."""
    interview = replace(interview, rules=rules or Rules())
    return Session(interview, Ears(), writer=writer, patience=patience)


@dataclass
class Candidate:
    """Drives a session. What is said is transcribed as ``script``, one entry a segment."""

    session: Session
    script: list[str] = field(default_factory=list)
    sure: float | None = None
    sounds_like: SoundsLike | None = None
    decode_frames: int = 3
    understand_frames: int = 0
    loud_db: float | None = None
    own_level: OwnLevel = field(default_factory=OwnLevel)
    now_ms: int = 0
    effects: list[Doing] = field(default_factory=list)
    _due: list[tuple[int, Happening]] = field(default_factory=list)

    _sitting: Sitting | None = None

    @property
    def sitting(self) -> Sitting:
        """Of the session that there is now."""
        if self._sitting is None or self._sitting.session is not self.session:
            self._sitting = Sitting(self.session, partial(draft_plan, self.session.interview))
        return self._sitting

    def join(self, plan: Sequence[PlannedQuestion] = PLAN, *, marks: bool = True) -> None:
        if plan:
            self.give(PlanArrived(tuple(plan)))
        self.give(CandidateJoined(marks=marks))

    def give(self, event: Happening) -> list[Doing]:
        if isinstance(event, SegmentTranscribed):
            languages = self.session.interview.packs.by_language
            why = unclear(event.sure, event.sounds_like, languages)
            event = replace(event, unclear=why)
        effects = self.sitting.step(event, self.now_ms)
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Transcribe) and self.script:
                took_ms = self.decode_frames * FRAME_MS
                due = self.now_ms + took_ms
                text = self.script.pop(0)
                doubt = self.sure, self.sounds_like
                heard = SegmentTranscribed(
                    effect.turn, effect.segment, text, (), "test", took_ms, *doubt
                )
                self._due.append((due, heard))
            if isinstance(effect, Understand):
                due = self.now_ms + self.understand_frames * FRAME_MS
                self._due.append((due, understood(effect)))
        for at_ms, come in [one for one in self._due if one[0] <= self.now_ms]:
            self._due.remove((at_ms, come))
            effects = [*effects, *self.give(come)]
        return effects

    def hear_question(self) -> None:
        """The voice of the question is played to its end."""
        turn = self.session.turn
        self.give(VoiceStarted(turn))
        self.give(QuestionVoiced(turn, 1_000))
        self.frames(0.0, 1_000)
        self.give(Played(turn, 1_000, complete=True))

    def speak(self, ms: int) -> None:
        self.frames(0.9, ms)

    def wait(self, ms: int) -> None:
        self.frames(0.0, ms)

    def frames(self, probability: float, ms: int) -> None:
        for _ in range(ms // FRAME_MS):
            self.now_ms += FRAME_MS
            for due, event in [one for one in self._due if one[0] <= self.now_ms]:
                self._due.remove((due, event))
                self.give(event)
            self._tick()
            far = self.own_level.is_far(self.session.state, probability, self.loud_db)
            self.give(VoiceFrame(self.session.audio_ms + FRAME_MS, probability, far))

    def pass_time(self, ms: int) -> None:
        """The clock goes on without any audio."""
        self.now_ms += ms
        self._tick()

    def _tick(self) -> None:
        deadline = self.sitting.deadline()
        if deadline is not None and self.now_ms >= deadline:
            self.give(Ticked())

    def facts(self) -> list[Fact]:
        return [effect.fact for effect in self.effects if isinstance(effect, Tell)]

    def said(self) -> list[Say]:
        return [effect for effect in self.effects if isinstance(effect, Say)]

    def briefs(self) -> list[Compose]:
        return [effect for effect in self.effects if isinstance(effect, Compose)]


def asks(say: str, evidence: str = ANSWER) -> Reply:
    """What a model replies that has something to ask."""
    return Reply("answer", "probe", say, evidence)


def understood(effect: Understand) -> MeaningRead:
    near = nearest(effect.text, effect.samples)
    return MeaningRead(effect.turn, effect.segment, read(effect.text), near)
