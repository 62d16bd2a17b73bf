"""What a server process and the recogniser's process say to each other, over a Unix socket.

Each message is its length (u32, little-endian) and so many bytes of MessagePack.
"""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path
from typing import Literal

import msgspec

from server.core.events import SoundsLike, Word

LENGTH = struct.Struct("<I")
MOST_BYTES = 64 * 1024 * 1024

Failure = Literal["unheard", "busy", "superseded"]


class Task(msgspec.Struct, frozen=True):
    """What a recogniser's process runs: a Whisper on a device. ``interviews``: the languages that
    may be spoken whatever is expected. ``grows_mb``: by so much it may grow once it is loaded."""

    folder: str
    device: Literal["auto", "cuda", "cpu"]
    label: str
    limit: int
    interviews: tuple[str, ...] = ()
    grows_mb: int = 512
    hang_s: float = 30.0
    most: int | None = None


class Hear(msgspec.Struct, frozen=True, tag="hear"):
    number: int
    pcm: bytes
    language: str
    context: str
    session: str
    partial: bool
    begun: str = ""


class Forget(msgspec.Struct, frozen=True, tag="forget"):
    number: int


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    pass


class Bye(msgspec.Struct, frozen=True, tag="bye"):
    """Nobody here needs it any more: where that was the last, it ends."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Loaded. ``languages`` is empty where it knows any."""

    name: str
    why: str
    pid: int
    languages: tuple[str, ...]


class NotReady(msgspec.Struct, frozen=True, tag="not_ready"):
    reason: str


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    pass


class Told(msgspec.Struct, frozen=True, tag="told"):
    """The words of a request; fields as in ``Transcript``."""

    number: int
    text: str
    words: tuple[Word, ...]
    engine: str
    sure: float | None
    sounds_like: SoundsLike | None


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    number: int
    kind: Failure
    reason: str


class Measured(msgspec.Struct, frozen=True, tag="measured"):
    """A batch, whoever asked for what is in it; fields as in ``lanes.Batch``."""

    engine: str
    finals: int
    partials: int
    waited_ms: tuple[int, ...]
    took_ms: int
    failed: int = 0


Asked = Hear | Forget | Ping | Bye
Answered = Ready | NotReady | Pong | Told | Failed | Measured

_encoder = msgspec.msgpack.Encoder()
_asked = msgspec.msgpack.Decoder(Asked)
_answered = msgspec.msgpack.Decoder(Answered)


def packed(message: Asked | Answered) -> bytes:
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


async def asked(source: asyncio.StreamReader) -> Asked:
    """Raises IncompleteReadError and ConnectionError at the end, ValueError for what is no
    message."""
    message: Asked = _asked.decode(await _body(source))
    return message


async def answered(source: asyncio.StreamReader) -> Answered:
    """Raises as ``asked`` does."""
    message: Answered = _answered.decode(await _body(source))
    return message


async def _body(source: asyncio.StreamReader) -> bytes:
    (length,) = LENGTH.unpack(await source.readexactly(LENGTH.size))
    if length > MOST_BYTES:
        raise ValueError(f"a message of {length} bytes")
    return await source.readexactly(length)


def beside(place: Path) -> Path:
    """The file whose lock is held by whoever starts the process at this socket."""
    return place.with_suffix(".lock")
