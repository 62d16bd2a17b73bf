"""The vocabulary of a live interview: Inputs come in, Effects go out, Facts are kept.

Times called ``*_ms`` are integer milliseconds. ``at_ms``, ``start_ms`` and ``end_ms`` count on the
session's audio clock (samples received / 16), which stands still while no audio arrives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from server.core.understanding import ANSWER, Act, Sensitive, Understood

Language = Literal["ko", "en"]
Source = Literal["bank", "llm", "interviewer"]
Kind = Literal[
    "opening", "planned", "follow_up", "repeat", "rephrase", "confirm", "aside", "closing"
]  # fmt: skip
"""``confirm`` asks whether a spoken wish is meant; ``aside`` is said without asking anything."""
Outcome = Literal["asked", "answered", "skipped"]
Floor = Literal["speaking", "listening", "thinking"]
EngineRole = Literal["stt", "turn", "understanding", "llm", "tts"]
EndReason = Literal["complete", "candidate", "interviewer", "no_answer", "fault"]
Control = Literal["repeat", "rephrase", "skip", "moment", "pause", "resume"]
"""What a candidate may ask of the interviewer, by voice or by button, without any effect on a
rating. Ending the interview is ``EndRequested``."""
Move = Literal[
    "probe", "clarify", "repeat", "answer", "acknowledge", "correct", "wait", "confirm", "next",
    "human", "close",
]  # fmt: skip
"""What the interviewer does next."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; times on the session's audio clock. ``sure``: how likely it is what was
    said, in [0, 1]; None where the engine does not tell."""

    text: str
    start_ms: int
    end_ms: int
    sure: float | None = None

    def after(self, start_ms: int) -> Word:
        """Of a word whose times count from the start of a segment: on the session's clock."""
        return replace(self, start_ms=self.start_ms + start_ms, end_ms=self.end_ms + start_ms)


@dataclass(frozen=True, slots=True)
class SoundsLike:
    """The language that speech sounds like (ISO 639-1, not only those of interviews), and how
    likely it is, in [0, 1]."""

    language: str
    probability: float


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What in the résumé a question rests on: a path into its structured data, as
    ``work[0].name``, and what stands there."""

    path: str
    quote: str


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question written before the interview by ``generate_questions``.

    ``rubric``: what a good answer would show. ``simpler``: the same in other words. ``elsewhere``:
    the same in the other language. ``prompt``: the version of the prompt a model wrote it under.
    """

    question_id: str
    ordinal: int
    text: str
    stage: str
    source: Source
    model: str | None = None
    competency: str = ""
    rests_on: tuple[RestsOn, ...] = ()
    rubric: tuple[str, ...] = ()
    language: Language | None = None
    simpler: str | None = None
    elsewhere: str | None = None
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked and what was answered; ``competency``: what it was to find out."""

    question: str
    answer: str
    competency: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a question writer may know when it writes the next question."""

    target_role: str
    language: Language
    resume: Mapping[str, object]
    history: Sequence[Exchange]


@dataclass(frozen=True, slots=True)
class Meant:
    """What was said, and what it meant. ``goes_on_in``: the language from here on. ``nearest``: the
    name of the samples it came nearest to, where it was compared with any."""

    text: str
    goes_on_in: Language
    read: Understood = ANSWER
    nearest: str | None = None


# Inputs: what happened outside, past tense.


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
    questions: tuple[PlannedQuestion, ...]


@dataclass(frozen=True, slots=True)
class VoiceFrame:
    """One 32 ms window of the candidate's audio, judged by the VAD."""

    end_ms: int
    probability: float


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
class PartialTranscribed:
    """What the open segment sounds like up to ``end_ms``; a later one may say it differently."""

    turn: int
    segment: int
    end_ms: int
    text: str


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
    by: Literal["voice", "button"]


@dataclass(frozen=True, slots=True)
class PaceSet:
    """How patient the interviewer is from now on, relative to the interview's own pace."""

    pace: float


@dataclass(frozen=True, slots=True)
class AnswerTyped:
    text: str


@dataclass(frozen=True, slots=True)
class AnswerCommitted:
    """The candidate said, by button or event, that the answer is complete."""


@dataclass(frozen=True, slots=True)
class QuestionComposed:
    """``first_token_ms`` and ``took_ms`` count from when the question was asked for. ``fault``: why
    it must not be said, by its meaning."""

    turn: int
    revision: int
    text: str
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
    """The deadline that the session asked for has come."""


Input = (
    CandidateJoined
    | CandidateLeft
    | PlanArrived
    | VoiceFrame
    | SegmentTranscribed
    | PartialTranscribed
    | TurnScored
    | MeaningRead
    | ControlUsed
    | PaceSet
    | AnswerTyped
    | AnswerCommitted
    | QuestionComposed
    | VoiceStarted
    | QuestionVoiced
    | Played
    | EngineFailed
    | EndRequested
    | Ticked
)

# Facts: what is stored and shown to watchers, past tense, never changed.


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
    ``model_failed``, ``model_refused:`` and the guard's code, ``language_followed``, ``no_words``,
    or what the candidate did (an `Act`) to which it is said, ``disclosure`` or ``self_harm``.
    ``prompt``: the version of the prompt the model wrote it under. ``elapsed_ms``: how long the
    interview had gone on. ``lead``: what is said before the question. ``line``: the line of the
    rubric that a follow-up asks for."""

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

    @property
    def spoken(self) -> str:
        """All that is said."""
        return f"{self.lead} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class ItemSettled:
    """Nothing more is asked about this question of the plan.

    ``reason``: ``time``, ``covered``, ``candidate`` (skipped it), ``no_answer``, or ``ended:`` and
    how the interview ended; None for what was simply answered."""

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
    not tell."""

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


@dataclass(frozen=True, slots=True)
class UtteranceUnderstood:
    """How the words of this turn were read, and what was done about it.

    ``acts``: of its parts, in order. ``about``: what viva may tell that was asked for.
    ``answers``: it counts as the answer. ``noted``: it is left for a person, who alone can answer.
    """

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


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """The whole answer to the question of this turn. ``language``: what was spoken up to here.
    ``goes_on_in``: what is spoken after it, as it was understood. ``timings`` are milliseconds by
    name."""

    turn: int
    question_id: str
    answer_id: str
    text: str
    words: tuple[Word, ...]
    engine: str
    language: Language
    goes_on_in: Language
    timings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TurnTimed:
    """How the server spent the turn, ms by name, known once the next question is heard."""

    turn: int
    timings: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ControlTaken:
    turn: int
    control: Control
    by: Literal["voice", "button"]
    at_ms: int


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
    InterviewStarted
    | CandidateConnected
    | CandidateDisconnected
    | FloorPassed
    | QuestionAsked
    | QuestionHeard
    | ItemSettled
    | SpeechStarted
    | SpeechStopped
    | SegmentHeard
    | UtteranceUnderstood
    | AnswerGiven
    | TurnTimed
    | ControlTaken
    | StepFailed
    | InterviewEnded
)

# Effects: what the shell must do now, imperative.


@dataclass(frozen=True, slots=True)
class Tell:
    """Store the fact and show it to everyone attached."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Decode the audio between two instants of the session's audio clock."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int
    context: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Decode the segment that is still open, for a caption; comes back as PartialTranscribed."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int
    context: str


@dataclass(frozen=True, slots=True)
class Show:
    """Words of the open segment that will not change any more, to be appended to its caption.

    Not stored: ``SegmentHeard`` is what counts.
    """

    turn: int
    segment: int
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Ask the turn model about the audio of the answer so far, up to the end of a segment."""

    turn: int
    segment: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Understand:
    """Ask what the answer up to this segment means; comes back as ``MeaningRead``.

    ``question``: what was asked before it. ``samples``, by name: with which of these it is
    compared, to tell what a question is about or whether an offer is taken; may be empty.
    """

    turn: int
    segment: int
    question: str
    text: str
    language: Language
    samples: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Compose:
    """Ask the question writer; its answer comes back as ``QuestionComposed``.

    A higher ``revision`` of the same turn makes the work on a lower one void.
    """

    turn: int
    revision: int
    brief: Brief


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The question being composed is not wanted any more: abort the request at the server."""

    turn: int
    revision: int


@dataclass(frozen=True, slots=True)
class Say:
    """Speak the question once every fact told so far is durable."""

    turn: int
    question_id: str
    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Hold:
    """Silence the voice of this turn where it is: somebody may be talking over it."""

    turn: int


@dataclass(frozen=True, slots=True)
class Release:
    """It was nothing: the voice goes on from where it was held."""

    turn: int


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop the voice of this turn at once, on the server and in the client."""

    turn: int


@dataclass(frozen=True, slots=True)
class Close:
    """The interview is over: store everything, then close the connections."""

    reason: EndReason


Effect = (
    Tell
    | Transcribe
    | Preview
    | Show
    | Score
    | Understand
    | Compose
    | Withdraw
    | Say
    | Hold
    | Release
    | Hush
    | Close
)
