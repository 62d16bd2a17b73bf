"""What is said on the connection of whoever watches an interview, typed, both ways."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec

from server.core.events import Fact
from server.realtime.client_events import Coding

# To the server.


class Listen(msgspec.Struct, tag="listen", tag_field="type"):
    """``on``: the sound is wanted from here on, or not any more."""

    on: bool


class Speak(msgspec.Struct, tag="speak", tag_field="type"):
    """``on``: takes over by voice, or hands back. ``now``: not after the answer that is being
    given. ``step_id``: goes on with what was taken over on another connection. ``up``: what the
    binary frames hold that follow."""

    on: bool
    now: bool = False
    step_id: UUID | None = None
    up: Coding = "pcm16"


Wished = Listen | Speak

_decoder = msgspec.json.Decoder(Wished)


def wished(text: str) -> Wished | None:
    """None where it is nothing that is understood."""
    try:
        wish: Wished = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return wish


# From the server.

F = TypeVar("F", bound=Fact)


class FactTold(msgspec.Struct, Generic[F], tag="fact", tag_field="type"):
    """``seq`` counts the interview's facts from 1; ``kind`` says which of them ``data`` is."""

    seq: int
    kind: str
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    data: F


class FactsTold(msgspec.Struct, tag="facts", tag_field="type"):
    """Several at once, to whoever asked for them ``together``; each is a ``FactTold``."""

    facts: list[msgspec.Raw]


class PartialTold(msgspec.Struct, tag="partial", tag_field="type"):
    """``text``: more words of the segment that is being spoken, to be appended. ``tentative``: what
    may come after them, in place of what was tentative before. The segment's fact replaces both."""

    turn: int
    segment: int
    text: str
    tentative: str = ""


class LedPartialTold(msgspec.Struct, tag="person_partial", tag_field="type"):
    """The same of what a person says who leads; the fact ``stepped_in`` of this ``step_id``
    replaces it. ``over``: it was no words, and none will come."""

    turn: int
    step_id: str
    text: str
    tentative: str = ""
    over: bool = False


class VoiceTold(msgspec.Struct, tag="voice", tag_field="type"):
    """To whoever takes over: under which step what they send counts as theirs."""

    step_id: UUID


class VoiceKept(msgspec.Struct, tag="kept", tag_field="type"):
    """Of what is sent under this step all that was said before the sample ``at`` is stored."""

    step_id: str
    at: int


Watched = FactsTold | PartialTold | LedPartialTold | VoiceTold | VoiceKept
"""What watchers are told beside single facts."""
