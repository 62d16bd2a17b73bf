"""What the others are made of: names of kinds, words, questions and what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from server.core import understanding
from server.core.understanding import ANSWER, Act, Star, Understood

Language = str
"""The language's tag, after BCP 47; there is a pack for it."""
Source = Literal["bank", "llm", "interviewer"]
Kind = Literal[
    "opening", "planned", "follow_up", "repeat", "rephrase", "confirm", "aside", "closing"
]  # fmt: skip
"""``confirm`` asks whether a spoken wish is meant; ``aside`` is said without asking anything."""
StageName = Literal[
    "introduction", "motivation", "knowledge", "experience", "problem_solving", "collaboration",
    "closing",
]  # fmt: skip
OPENING_STAGE: Final = "introduction"
CLOSING_STAGE: Final = "closing"
Outcome = Literal["asked", "answered", "skipped"]
Floor = Literal["speaking", "listening", "thinking"]
EngineRole = Literal["stt", "turn", "understanding", "llm", "tts"]
EndReason = Literal["complete", "candidate", "interviewer", "no_answer", "fault", "erased"]
Control = Literal["repeat", "rephrase", "skip", "moment", "pause", "resume"]
"""What a candidate may ask of the interviewer, by voice or by button, without any effect on a
rating. Ending the interview is ``EndRequested``."""
ControlledBy = Literal["voice", "button", "interviewer"]
Step = Literal[
    "question", "topic", "time", "pause", "resume", "line", "answer", "listen", "leave",
    "take_over", "said", "hand_back", "stop",
]  # fmt: skip
"""What a person does with a running interview. ``question`` and ``topic`` are asked next, ``time``
changes how long it lasts; a ``line`` is shown to the candidate, and so is an ``answer`` to what
they asked. Who has ``take``n it ``over`` leads it by voice, what they ``said`` was their own
words, until they ``hand`` it ``back``; ``listen`` and ``leave`` tell who hears its sound."""
Revision = Literal["late", "typed", "whole", "claimed", "by_hand"]
"""Why an answer reads differently now: words of it came late, some were typed to it afterwards, it
was heard once more as a whole, the candidate claimed another's voice, or a person mended it."""
Unclear = Literal["foreign", "lost"]
"""Why nothing may be made of what was heard: it is in no language of the interview, or nobody can
tell what was said."""
Move = understanding.Move


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
class CompanyFact:
    """What the interviewer may tell; ``topic`` holds the words by which it is asked for."""

    topic: str
    text: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question written before the interview by ``generate_questions``.

    ``rubric``: what a good answer would show. ``simpler``: the same in other words. ``elsewhere``:
    the same in other languages. ``prompt``: the version of the prompt a model wrote it under."""

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
    elsewhere: Mapping[Language, str] = field(default_factory=dict)
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked and what was answered, in which turn; ``act``, ``move`` and
    ``star``: how it was read, what was done about it, and what it had of a story."""

    question: str
    answer: str
    turn: int = 0
    act: Act = "answer"
    move: Move = "next"
    star: tuple[Star, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model would do next.

    ``evidence``: the words of the answer it rests on. ``line``: the line of the rubric that it
    probes, or the name of the fact it tells. ``say``: its words, empty where it has none.
    ``floor``: whether the candidate is done."""

    act: Act
    move: Move
    say: str = ""
    evidence: str | None = None
    line: str | None = None
    floor: Literal["over", "goes_on", "wants_time"] = "over"


@dataclass(frozen=True, slots=True)
class Refused:
    """A reply that may not be spoken, and why: a code of the guard's."""

    reply: Reply
    reason: str


@dataclass(frozen=True, slots=True)
class Meant:
    """What was said, and what it meant. ``goes_on_in``: the language from here on. ``nearest``: the
    name of the samples it came nearest to, where it was compared with any."""

    text: str
    goes_on_in: Language
    read: Understood = ANSWER
    nearest: str | None = None
