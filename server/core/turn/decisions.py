"""What sounds and waiting mean for the interview: edges of speech, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opened:
    """Speech began; ``start_ms`` includes the pre-roll, ``onset_ms`` does not."""

    segment: int
    start_ms: int
    onset_ms: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A pause ended the segment; ``speech_end_ms`` is the last speech, ``end_ms`` adds a tail."""

    segment: int
    start_ms: int
    end_ms: int
    speech_end_ms: int


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody may be talking: silence the voice."""


@dataclass(frozen=True, slots=True)
class Released:
    """It was nothing: the question goes on."""


@dataclass(frozen=True, slots=True)
class Interjected:
    """Something short was said: its words decide."""

    closed: Closed


@dataclass(frozen=True, slots=True)
class BargedIn:
    """The candidate talks over the question and means it."""


@dataclass(frozen=True, slots=True)
class AnswerEnded:
    """The candidate has given up the floor; ``said_so``: by button or event, or by saying nothing
    for very long."""

    said_so: bool = False


@dataclass(frozen=True, slots=True)
class AnswerResumed:
    """The candidate goes on although the answer seemed over: work on it is void."""


@dataclass(frozen=True, slots=True)
class NobodySpoke:
    """The candidate has said nothing for a long time; ``final``: for a very long time."""

    final: bool


@dataclass(frozen=True, slots=True)
class StillTalking:
    """The answer has gone on for very long: somebody else may be heard, or it may be over."""


@dataclass(frozen=True, slots=True)
class QuestionDone:
    """The question has been heard, as far as it will be."""


@dataclass(frozen=True, slots=True)
class WorkLate:
    """The decoding or composing that the interview waits for has not come in time."""


Decision = (
    Opened
    | Closed
    | Held
    | Released
    | Interjected
    | BargedIn
    | AnswerEnded
    | AnswerResumed
    | NobodySpoke
    | StillTalking
    | QuestionDone
    | WorkLate
)
