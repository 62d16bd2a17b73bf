"""What a connection sends: understood or answered with an error, and handed to the interview."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from typing import Any, Final, Protocol

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

MOST_BEHIND: Final = 4 * 1024 * 1024
"""Bytes of one connection; a minute of sound and more."""


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
        self._obeying: asyncio.Task[None] | None = None
        """An event that waits for what was said before it."""

        self._behind: deque[bytes | str] = deque()
        """What came after that."""
        self._behind_bytes = 0

    async def take(self, audio: bytes | None, text: str | None) -> None:
        """What came, in order. What has to wait for an event before it waits here, so that the
        connection is read on and its pings are answered; it is not read on where too much does."""
        came = text if audio is None else audio
        if came is None:
            return
        if self._behind_bytes > MOST_BEHIND:
            await self.done()
        self._take(came)

    def take_sound(self, audio: bytes) -> bool:
        """False where too much waits already. Only buffers."""
        if self._behind_bytes > MOST_BEHIND:
            return False
        self._take(audio)
        return True

    async def done(self) -> None:
        """Return once all that came is obeyed."""
        if self._obeying is not None:
            await self._obeying

    def _take(self, came: bytes | str) -> None:
        self.line.heard()
        if self._obeying is not None and self._obeying.done():
            self._obeying.result()
            self._obeying = None
        if self._obeying is not None:
            self._behind.append(came)
            self._behind_bytes += len(came)
        elif (rest := self._begin(came)) is not None:
            self._obeying = asyncio.create_task(self._go_on(rest))

    async def _go_on(self, rest: Coroutine[Any, Any, None] | None) -> None:
        """With an event, and with what came behind it."""
        while True:
            if rest is not None:
                await rest
            if not self._behind:
                return
            came = self._behind.popleft()
            self._behind_bytes -= len(came)
            rest = self._begin(came)

    def _begin(self, came: bytes | str) -> Coroutine[Any, Any, None] | None:
        """What is left to do of it, and waits for something."""
        event_id: str | None = None
        try:
            if isinstance(came, bytes):
                self.hear_binary(came)
                return None
            event = wire.decode(came)
            event_id = event.event_id
            rest = self.obey(event)
        except wire.WireError as error:
            self._refuse(error, event_id)
            return None
        return None if rest is None else self._rest(rest, event_id)

    async def _rest(self, rest: Coroutine[Any, Any, None], event_id: str | None) -> None:
        try:
            await rest
        except wire.WireError as error:
            self._refuse(error, event_id)

    def _refuse(self, error: wire.WireError, event_id: str | None) -> None:
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
        if self._obeying is not None:
            self._obeying.cancel()

    def hear_binary(self, audio: bytes) -> None:
        raise NotImplementedError

    def obey(self, event: wire.Incoming) -> Coroutine[Any, Any, None] | None:
        """At once, or what is left of it where it waits. Raises WireError, and so does that."""
        raise NotImplementedError
