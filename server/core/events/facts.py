"""What is stored and shown to watchers, past tense, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.core.events.words import (
    Control,
    ControlledBy,
    EndReason,
    Floor,
    Kind,
    Language,
    Move,
    Outcome,
    Revision,
    SoundsLike,
    Source,
    Step,
    Unclear,
    Word,
)
from server.core.understanding import Act, Asks, Sensitive, Star


@dataclass(frozen=True, slots=True)
class InterviewStarted:
    target_role: str
    language: Language


@dataclass(frozen=True, slots=True)
class CandidateConnected:
    at_ms: int


@dataclass(frozen=True, slots=True)
class CandidateDisconnected:
    at_ms: int


@dataclass(frozen=True, slots=True)
class FloorPassed:
    """Who has the floor now: the interviewer speaks, the candidate is listened to, or nobody."""

    turn: int
    floor: Floor
    at_ms: int


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """``reason`` is a code for why this source wrote it: ``no_model``, ``model_late``,
    ``model_failed``, ``model_unreadable``, ``model_refused:`` and a code of the guard or the judge,
    ``language_followed``, ``no_words``, ``disclosure``, ``self_harm``, or what the candidate did
    (an `Act`). ``prompt``: of which version the model wrote it. ``elapsed_ms``: how long the
    interview had gone on. ``lead``: what is said before the question. ``line``: the line of the
    rubric that a follow-up asks for. ``evidence``: the words of the answer it rests on."""

    turn: int
    question_id: str
    text: str
    source: Source
    kind: Kind
    stage: str
    parent_id: str | None
    model: str | None
    reason: str | None
    prompt: str | None = None
    language: Language | None = None
    elapsed_ms: int = 0
    lead: str = ""
    line: str | None = None
    evidence: str | None = None

    @property
    def spoken(self) -> str:
        """All that is said."""
        return f"{self.lead} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class ItemSettled:
    """Nothing more is asked about this question of the plan. ``reason``: ``time``, ``covered``,
    ``candidate`` (skipped it), ``no_answer``, ``unclear`` (nobody could make out what was said), or
    ``ended:`` and how the interview ended; None for what was simply answered."""

    turn: int
    question_id: str
    ordinal: int
    stage: str
    outcome: Outcome
    reason: str | None


@dataclass(frozen=True, slots=True)
class QuestionHeard:
    """How much of the question's voice was played before the floor passed."""

    turn: int
    played_ms: int
    complete: bool


@dataclass(frozen=True, slots=True)
class QuestionTakenBack:
    """The candidate went on with the answer before it: the question of this turn counts as never
    asked, and what had ended before it goes on. ``reopened``: the turn that does. ``unsettled``:
    questions of the plan that are open again. ``played_ms``: so much was heard of it."""

    turn: int
    question_id: str
    reopened: int
    unsettled: tuple[str, ...]
    played_ms: int


@dataclass(frozen=True, slots=True)
class OwnVoiceHeard:
    """What the microphone brought was the question's own words: nobody said them."""

    turn: int
    segment: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class AudioMissed:
    """The candidate is listened to, and for three seconds no sound has come from a client that
    sends some: what is said is not heard."""

    turn: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class AudioReturned:
    """Sound comes again."""

    turn: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    turn: int
    segment: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    turn: int
    segment: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class SegmentHeard:
    """The words between two pauses; ``error`` says why there are none. ``sure``: how likely they
    are what was said, in [0, 1], and ``sounds_like`` in which language; None where the engine does
    not tell. ``unclear``: why nothing of it may be quoted or rated; None where it may.
    ``background``: far quieter than the candidate, who was heard as well: another's voice, and no
    part of the answer, unless nothing else was said or the candidate says that it was theirs."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]
    engine: str
    error: str | None = None
    sure: float | None = None
    sounds_like: SoundsLike | None = None
    unclear: Unclear | None = None
    background: bool = False


@dataclass(frozen=True, slots=True)
class SegmentPending:
    """Sound between two pauses that is not words yet, and why; a ``SegmentHeard`` of the same turn
    and segment takes its place when they come. ``language``: what was spoken then.
    ``background`` as in ``SegmentHeard``."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int
    language: Language
    reason: str
    background: bool = False


@dataclass(frozen=True, slots=True)
class VoiceClaimed:
    """The candidate says that the quieter voice of this turn is theirs."""

    turn: int


@dataclass(frozen=True, slots=True)
class UtteranceUnderstood:
    """How the words of this turn were read, and what was done about it. ``acts``: of its parts, in
    order. ``about``: what viva may tell that was asked for. ``answers``: it counts as the answer.
    ``noted``: it is left for a person, who alone can answer. ``star``: what it has of a story,
    ``asks``: what the question asked for; None: not read."""

    turn: int
    act: Act
    confidence: float
    sensitive: Sensitive
    work: bool
    self_harm: bool
    acts: tuple[Act, ...]
    move: Move
    answers: bool
    about: str | None = None
    noted: bool = False
    star: tuple[Star, ...] | None = None
    asks: Asks | None = None


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """The whole answer to the question of this turn. ``language``: what was spoken up to here.
    ``goes_on_in``: what is spoken after it, as it was understood. ``timings`` are milliseconds by
    name. ``clear``: what of it may be quoted and rated, with a mark where something is missing or
    unclear; None where that is all of it."""

    turn: int
    question_id: str
    answer_id: str
    text: str
    words: tuple[Word, ...]
    engine: str
    language: Language
    goes_on_in: Language
    timings: Mapping[str, int] = field(default_factory=dict)
    clear: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRevised:
    """An answer that was given reads so from now on; ``clear`` as in ``AnswerGiven``."""

    turn: int
    answer_id: str
    text: str
    words: tuple[Word, ...]
    engine: str
    reason: Revision
    clear: str | None = None


@dataclass(frozen=True, slots=True)
class LineAmended:
    """Afterwards the words ``span`` (first, last) of an answer, ``heard`` so, are ``said`` to be
    others: by the person ``by``, then it reads so from here on; by the candidate (None) beside."""

    turn: int
    answer_id: str
    span: tuple[int, int]
    heard: str
    said: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class TypingTaken:
    """What the client typed under this id of its own is part of this turn's answer."""

    turn: int
    item: str


@dataclass(frozen=True, slots=True)
class TurnTimed:
    """How the server spent the turn, ms by name, known once the next question is heard."""

    turn: int
    timings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ControlTaken:
    turn: int
    control: Control
    by: ControlledBy
    at_ms: int


@dataclass(frozen=True, slots=True)
class SteppedIn:
    """A person has stepped in, under an id that counts once. ``by``: whose right it was, ``who``:
    what they are called. ``text``: what is to be asked or shown. ``about``: the turn in which the
    candidate asked what is answered. ``minutes`` more, or fewer. ``now``: not after the answer, but
    at once. ``warned``: what the guard has against ``text``, which was said nevertheless; ``held``:
    somebody else leads, and nothing was done. ``model``: which put a topic into words."""

    step_id: str
    step: Step
    by: str
    who: str
    text: str = ""
    about: int | None = None
    minutes: float = 0
    now: bool = False
    warned: str | None = None
    turn: int = 0
    at_ms: int = 0
    model: str | None = None


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A fault of ours: what was done about this input is void, and the interview went on from the
    facts before it. ``event`` and ``error`` are names of types, never text of the candidate's."""

    turn: int
    event: str
    error: str


@dataclass(frozen=True, slots=True)
class InterviewEnded:
    reason: EndReason


Fact = (
    InterviewStarted | CandidateConnected | CandidateDisconnected | FloorPassed | QuestionAsked
    | QuestionHeard | QuestionTakenBack | ItemSettled | AudioMissed | AudioReturned
    | SpeechStarted | SpeechStopped | OwnVoiceHeard | SegmentHeard | SegmentPending
    | VoiceClaimed | UtteranceUnderstood | AnswerGiven | AnswerRevised | LineAmended
    | TypingTaken | TurnTimed | ControlTaken | SteppedIn | StepFailed | InterviewEnded
)  # fmt: skip
