"""What sounds and waiting mean for the interview: edges of speech, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Opened:
    """Speech began; ``start_ms`` includes the pre-roll, ``onset_ms`` does not."""

    segment: int
    start_ms: int
    onset_ms: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A pause ended the segment; ``speech_end_ms`` is the last speech, ``end_ms`` adds a tail.
    ``background``: it is far quieter than the candidate."""

    segment: int
    start_ms: int
    end_ms: int
    speech_end_ms: int
    background: bool = False


@dataclass(frozen=True, slots=True)
class Interjected:
    """Something short was said: its words decide."""

    closed: Closed


@dataclass(frozen=True, slots=True)
class AnswerEnded:
    """The candidate has given up the floor; ``said_so``: by button or event, or by saying nothing
    for very long."""

    said_so: bool = False


class Sign(Enum):
    """What needs no more than its name."""

    HELD = "somebody may be talking over the question: silence its voice"
    RELEASED = "it was nothing: the question goes on"
    BARGED_IN = "the candidate talks over the question and means it"
    QUESTION_DONE = "the question has been heard, as far as it will be"
    ANSWER_RESUMED = "the candidate goes on although the answer seemed over: work on it is void"
    NOBODY_SPOKE = "the candidate has said nothing for a long time"
    GIVEN_UP = "nor for a very long time"
    STILL_TALKING = "very long an answer: somebody else may be heard, or it may be over"
    WORK_LATE = "the decoding or composing that is waited for has not come in time"


Decision = Opened | Closed | Interjected | AnswerEnded | Sign
