"""What is said on the connection of a rehearsal, typed, both ways."""

from __future__ import annotations

import msgspec

# To the server.


class SayPractice(msgspec.Struct, tag="say", tag_field="type"):
    """Ask the practice question, ``slower`` than usual. What is still being said stops."""

    slower: bool = False


class EndPractice(msgspec.Struct, tag="done", tag_field="type"):
    """The practice answer is over."""


class PingPractice(msgspec.Struct, tag="ping", tag_field="type"):
    id: int


Practised = SayPractice | EndPractice | PingPractice

_decoder = msgspec.json.Decoder(Practised)


def practised(text: str) -> Practised | None:
    """None where it is nothing that is understood."""
    try:
        asked: Practised = _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return asked


# From the server.


class PracticeQuestion(msgspec.Struct, tag="question", tag_field="type"):
    """``covered``: speech recognition understands the language. ``voice``: whose it is to be, as
    the outline says; ``slower``: the rate of a slower one."""

    text: str
    language: str
    covered: bool
    voice: str
    slower: float


class PracticeSaid(msgspec.Struct, tag="said", tag_field="type"):
    """All of the voice was sent; ``duration_ms`` null: there is none."""

    duration_ms: int | None


class PracticeWords(msgspec.Struct, tag="words", tag_field="type"):
    """All words of one stretch of speech, in place of what was told of it before. ``whole``: it is
    over. ``unclear``: nothing may be made of it."""

    segment: int
    text: str
    tentative: str
    whole: bool
    unclear: bool


class PracticeOver(msgspec.Struct, tag="done", tag_field="type"):
    """All that was said is words."""


class PracticePong(msgspec.Struct, tag="pong", tag_field="type"):
    id: int


Rehearsed = PracticeQuestion | PracticeSaid | PracticeWords | PracticeOver | PracticePong
