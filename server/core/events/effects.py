"""What the shell must do now, imperative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.core.events.facts import Fact
from server.core.events.words import EndReason, Language, Meant, Refused


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
    compared, to tell what a question is about or whether an offer is taken; may be empty."""

    turn: int
    segment: int
    question: str
    text: str
    language: Language
    samples: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Compose:
    """Ask the question writer; its answer comes back as ``QuestionComposed``.

    A higher ``revision`` of the same turn makes the work on a lower one void. ``meant``: the answer
    that it decides on. ``refused``: what was written before and may not be said."""

    turn: int
    revision: int
    meant: Meant
    refused: Refused | None = None


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
    """Silence the voice of this turn where it is: since ``at_ms`` on the audio clock somebody may
    be talking over it."""

    turn: int
    at_ms: int = 0


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
    Tell | Transcribe | Score | Understand | Compose | Withdraw | Say | Hold | Release | Hush
    | Close
)  # fmt: skip
