"""What a connection sends: understood or answered with an error, and handed to the interview."""

from __future__ import annotations

from typing import Protocol

from server.ports import CANDIDATE_RATE
from server.realtime import wire
from server.realtime.hearing import AHEAD_S
from server.realtime.line import Line
from server.realtime.mending import Happening
from server.realtime.microphone import TooFast
from server.realtime.tape import SAMPLE_BYTES
from server.realtime.uplink import Uplink

LONGEST_S = 60
LONGEST_BYTES = LONGEST_S * CANDIDATE_RATE * SAMPLE_BYTES
"""Of one message: it is looked through for an echo in one go."""


class Interview(Protocol):
    """The conductor, as one connection sees it."""

    def take(self, event: Happening) -> None: ...

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz. Raises TooFast."""

    async def judged(self) -> None:
        """Return once all audio that was heard has been judged."""

    async def caught_up(self) -> None:
        """The same, and what followed from it is stored: what comes next comes after."""

    def unhear(self) -> None:
        """Audio that has not been judged counts as silence."""


class Reception:
    """One connection. Whatever is wrong with a message gets an ``error`` event, and only that."""

    def __init__(self, line: Line, interview: Interview, uplink: Uplink) -> None:
        self.line = line
        self.interview = interview
        self.uplink = uplink
        self._refusing = False
        self._obeying = False

    async def take(self, audio: bytes | None, text: str | None) -> None:
        """What came, in order: the next when this returns."""
        if audio is not None:
            self.take_sound(audio)
        elif text is not None:
            self._obeying = True
            try:
                await self._take_event(text)
            finally:
                self._obeying = False

    def take_sound(self, audio: bytes) -> bool:
        """False where an event that came before is still being obeyed: then it waits. Only
        buffers."""
        if self._obeying:
            return False
        self.line.heard()
        try:
            self.hear_binary(audio)
        except wire.WireError as error:
            self.answer(wire.error_event(error))
        return True

    async def _take_event(self, text: str) -> None:
        event_id: str | None = None
        self.line.heard()
        try:
            event = wire.decode(text)
            event_id = event.event_id
            await self.obey(event)
        except wire.WireError as error:
            error.event_id = error.event_id or event_id
            self.answer(wire.error_event(error))

    def answer(self, event: wire.ServerEvent) -> None:
        self.line.send([wire.encode(event)])

    def hear(self, sent: bytes) -> None:
        """Audio as this connection sends it. Raises WireError, once, where too much comes."""
        pcm = self.uplink.to_candidate_rate(sent)
        try:
            if len(pcm) > LONGEST_BYTES:
                raise TooFast
            self.interview.hear(pcm)
        except TooFast as error:
            if self._refusing:
                return
            self._refusing = True
            message = (
                f"audio that comes more than {AHEAD_S} s ahead of time, or {LONGEST_S} s in one "
                "message, is dropped until there is room; send it as it is spoken"
            )
            raise wire.WireError("audio_too_fast", message, param="audio") from error
        self._refusing = False

    def slowed(self) -> None:
        """More comes than is read of one connection."""
        message = (
            "events come faster than anybody speaks; nothing is lost, but they are read as slowly "
            "as they should come: send in real time"
        )
        self.answer(wire.error_event(wire.WireError("rate_limited", message)))

    def leave(self) -> None:
        """The connection is over."""

    def hear_binary(self, audio: bytes) -> None:
        raise NotImplementedError

    async def obey(self, event: wire.Incoming) -> None:
        raise NotImplementedError
