"""What happened outside, past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.core.events.facts import SteppedIn
from server.core.events.words import (
    Control,
    ControlledBy,
    EngineRole,
    PlannedQuestion,
    Reply,
    SoundsLike,
    Word,
)
from server.core.understanding import Understood


@dataclass(frozen=True, slots=True)
class CandidateJoined:
    """The candidate's connection is up; ``marks``: it will send ``Played`` marks. ``kept_ms``: so
    much was said while it was down, and will come now."""

    marks: bool
    kept_ms: int = 0


@dataclass(frozen=True, slots=True)
class CandidateLeft:
    """The candidate's connection went away; the interview waits."""


@dataclass(frozen=True, slots=True)
class VoiceIsMine:
    """The candidate says that the quieter voice of this turn is theirs."""

    turn: int


@dataclass(frozen=True, slots=True)
class PlanArrived:
    questions: tuple[PlannedQuestion, ...]


@dataclass(frozen=True, slots=True)
class VoiceFrame:
    """One 32 ms window of the candidate's audio, judged by the VAD. ``far``: it is far quieter than
    the candidate's own voice."""

    end_ms: int
    probability: float
    far: bool = False


@dataclass(frozen=True, slots=True)
class SegmentTranscribed:
    """``sure`` and ``sounds_like`` as in ``SegmentHeard``."""

    turn: int
    segment: int
    text: str
    words: tuple[Word, ...]
    engine: str
    took_ms: int
    sure: float | None = None
    sounds_like: SoundsLike | None = None


@dataclass(frozen=True, slots=True)
class AnswerReheard:
    """An answer that was given, heard once more as a whole; ``sure`` as in ``SegmentHeard``.
    ``bounds``: where in the audio it was, in ms, when that was asked for."""

    turn: int
    text: str
    words: tuple[Word, ...]
    engine: str
    sure: float | None
    bounds: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SoundGone:
    """Sound that was to become words is not there any more."""

    turn: int
    segment: int
    reason: str


@dataclass(frozen=True, slots=True)
class TurnScored:
    """The turn model's probability that the speaker was finished at the end of the segment."""

    turn: int
    segment: int
    probability: float


@dataclass(frozen=True, slots=True)
class MeaningRead:
    """What the answer up to this segment means; ``nearest`` as in `Understand`."""

    turn: int
    segment: int
    read: Understood
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class ControlUsed:
    control: Control
    by: ControlledBy


@dataclass(frozen=True, slots=True)
class PersonActed:
    """A person steps in; when that was in the interview is not known yet."""

    step: SteppedIn


@dataclass(frozen=True, slots=True)
class PaceSet:
    """How patient the interviewer is from now on, relative to the interview's own pace."""

    pace: float


@dataclass(frozen=True, slots=True)
class AnswerTyped:
    """``item``: the client's own id of it, which is taken once. ``turn``: the question that it
    answers; None: the running one."""

    text: str
    item: str | None = None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerCommitted:
    """The candidate said, by button or event, that the answer is complete."""


@dataclass(frozen=True, slots=True)
class QuestionComposed:
    """``first_token_ms`` and ``took_ms`` count from when the reply was asked for. ``fault``: why it
    must not be said, by its meaning."""

    turn: int
    revision: int
    reply: Reply
    model: str
    took_ms: int
    first_token_ms: int | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The first audio of the question has been sent."""

    turn: int


@dataclass(frozen=True, slots=True)
class QuestionVoiced:
    """The whole voice of the question has been produced and sent."""

    turn: int
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Played:
    """The client's report of how much of the question has been heard."""

    turn: int
    played_ms: int
    complete: bool


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """``segment`` for stt and understanding, ``revision`` for llm: which piece of work it was."""

    role: EngineRole
    turn: int
    reason: str
    segment: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class EndRequested:
    by: Literal["candidate", "interviewer"]


@dataclass(frozen=True, slots=True)
class Ticked:
    """The deadline that the session asked for has come. ``sound_ms``: when, on the caller's clock,
    the candidate's sound last came; None: none has on this connection."""

    sound_ms: int | None = None


Input = (
    CandidateJoined
    | CandidateLeft
    | PlanArrived
    | VoiceFrame
    | SegmentTranscribed
    | AnswerReheard
    | SoundGone
    | TurnScored
    | MeaningRead
    | ControlUsed
    | PersonActed
    | PaceSet
    | AnswerTyped
    | AnswerCommitted
    | VoiceIsMine
    | QuestionComposed
    | VoiceStarted
    | QuestionVoiced
    | Played
    | EngineFailed
    | EndRequested
    | Ticked
)
