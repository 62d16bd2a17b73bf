"""What happened outside, past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from server.core.events.facts import SteppedIn
from server.core.events.words import (
    Control,
    ControlledBy,
    EngineRole,
    PlannedQuestion,
    Reply,
    SoundsLike,
    Unclear,
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
class PlanArrived:
    """``drafted``: for want of one, and gives way to it when it comes."""

    questions: tuple[PlannedQuestion, ...]
    drafted: bool = False


class VoiceFrame(NamedTuple):
    """One 32 ms window of the candidate's audio, judged by the VAD. ``far``: it is far quieter than
    the candidate's own voice."""

    end_ms: int
    probability: float
    far: bool = False


@dataclass(frozen=True, slots=True)
class SegmentTranscribed:
    """``sure``, ``sounds_like`` and ``unclear`` as in ``SegmentHeard``."""

    turn: int
    segment: int
    text: str
    words: tuple[Word, ...]
    engine: str
    took_ms: int
    sure: float | None = None
    sounds_like: SoundsLike | None = None
    unclear: Unclear | None = None


@dataclass(frozen=True, slots=True)
class AnswerMended:
    """What was said in this turn reads differently from now on, as its facts tell."""

    turn: int


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
    """The client's report of how much of the question has been heard. ``complete``: all of it;
    ``stopped``: it plays no more of it, heard or not."""

    turn: int
    played_ms: int
    complete: bool
    stopped: bool = False


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
    """The deadline that the session asked for has come."""


Input = (
    CandidateJoined | CandidateLeft | PlanArrived | VoiceFrame | SegmentTranscribed
    | AnswerMended | TurnScored | MeaningRead | ControlUsed | PersonActed | PaceSet
    | AnswerTyped | AnswerCommitted | QuestionComposed | VoiceStarted | QuestionVoiced | Played
    | EngineFailed | EndRequested | Ticked
)  # fmt: skip
