"""WebSockets as uvicorn speaks them, with a shorter way for sound.

A candidate sends 25 to 50 binary messages a second, each one whole frame. The way of any message,
through a parser, a queue, a task and what wraps them, takes longer than all that is done with the
sound. So such a frame is opened here and handed over, where somebody asked for that and nothing
waits before it. Every other frame goes to the library, whole or in pieces, as it came.

What begins with sound may wait until sound is wanted: to read all connections one after the other
takes less time than to read each whenever something comes.
"""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from litestar import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask  # type: ignore[attr-defined] # in C where there is C
from websockets.http11 import Request
from websockets.protocol import State

from server import metrics
from server.bucket import Bucket

EXTENSION: Final = "viva.sound"
WHOLE_BINARY: Final = 0x82
"""The last frame of a message, which is its first, with bytes in it and of no extension."""

MASKED, LENGTH, LENGTH_16, LENGTH_64 = 0x80, 0x7F, 126, 127
MASK_BYTES: Final = 4
AT_ONCE: Final = 20
"""Messages of one connection before the others have their turn."""
SOUNDS_AT_ONCE: Final = 5
"""While somebody speaks, to look for an echo in a frame of 40 ms takes more than a millisecond."""

PIECE: Final = 4_096
"""Bytes that are read of one connection before it is seen what was in them."""
SAVED_S: Final = 4.0
"""What was not sent for so long may come at once: what a page kept while it had no connection."""

MOST_UNREAD: Final = 64 * 1024

Take = Callable[[bytes], bool]
"""Takes a binary message, unless something that came before is still being seen to."""

Soon = Callable[[Callable[[], None]], None]
"""Has something done before sound is wanted the next time."""


@contextmanager
def handed_over(
    socket: WebSocket[Any, Any, Any],
    take: Take,
    soon: Soon | None = None,
    slowed: Callable[[], None] | None = None,
) -> Iterator[None]:
    """Binary messages go there meanwhile, where the server can do that, at once or ``soon``; what
    ``take`` says no to comes the common way, in its place. ``slowed`` is told, once, that more
    comes than is read."""
    extension: Any = (socket.scope.get("extensions") or {}).get(EXTENSION)
    if extension is None:
        yield
        return
    extension["to"](take, soon, slowed)
    try:
        yield
    finally:
        extension["to"](None)


def gone(socket: WebSocket[Any, Any, Any]) -> bool:
    """Whether the other end has left already, as far as the server can tell."""
    extension: Any = (socket.scope.get("extensions") or {}).get(EXTENSION)
    return extension is not None and bool(extension["gone"]())


class Allowance(Protocol):
    """What a connection may send in a second."""

    @property
    def events_per_second(self) -> int: ...

    @property
    def bytes_per_second(self) -> int: ...


class Budget:
    """Of one connection; 0 of either: as much as comes."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        events, size = allowance.events_per_second, allowance.bytes_per_second
        self._events = Bucket(events, events * SAVED_S, clock) if events else None
        self._size = Bucket(size, size * SAVED_S, clock) if size else None

    def spend(self, events: int, size: int) -> float:
        """Seconds until more may be read."""
        rest_s = 0.0 if self._events is None else self._events.take(events)
        return rest_s if self._size is None else max(rest_s, self._size.take(size))


class Sockets(WebSocketsSansIOProtocol):
    """One connection; ``ws`` of ``uvicorn.Config``."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._take: Take | None = None
        self._soon: Soon | None = None
        self._put_off = False
        self._early = False
        self._rest = b""
        """What is not read yet: put off, or a frame that has not come whole and may be opened
        here."""

        self._owed = 0
        """So much of a frame is still to come that the library has begun to read."""

        bounds = getattr(self.config, "bounds", None)
        self._budget = None if bounds is None else Budget(bounds, self.loop.time)
        self._events = 0
        """Read, and not paid for yet."""

        self._slowed: Callable[[], None] | None = None
        self._resting: TimerHandle | None = None
        self._held = b""
        """What came while more had come than is read."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = {"to": self._hand_over, "gone": self._gone}

    def _gone(self) -> bool:
        return self.transport.is_closing() or self.conn.state is not State.OPEN

    def _hand_over(
        self,
        take: Take | None,
        soon: Soon | None = None,
        slowed: Callable[[], None] | None = None,
    ) -> None:
        self._read(b"")
        self._take, self._soon, self._slowed = take, soon, slowed

    def data_received(self, data: bytes) -> None:
        if self._budget is None:
            self._receive(data)
        elif self._resting is None:
            self._measured(self._budget, data)
        else:
            self._held += data
            self._pause()

    # Who sends more than anybody can mean is read at the pace that is set.

    def _measured(self, budget: Budget, data: bytes) -> bool:
        """Whether all of it was read."""
        read = 0
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            self._receive(piece)
            events, self._events = self._events, 0
            read += events
            rest_s = budget.spend(events, len(piece))
            if rest_s > 0 or (read > AT_ONCE and at + PIECE < len(data)):
                self._rests(rest_s, data[at + PIECE :])
                return False
        return True

    def _rests(self, seconds: float, left: bytes) -> None:
        self._held = left
        self._pause()
        self._resting = self.loop.call_later(seconds, self._rested)
        if seconds > 0 and self._slowed is not None:
            metrics.stranger_refused("events")
            self._slowed()
            self._slowed = None

    def _pause(self) -> None:
        if not self.transport.is_closing():
            self.transport.pause_reading()

    def _rested(self) -> None:
        self._resting = None
        if self.transport.is_closing() or self._budget is None:
            return
        held, self._held = self._held, b""
        try:
            if self._measured(self._budget, held) and not self.read_paused:
                self.transport.resume_reading()
        except Exception as error:  # noqa: BLE001 - as where the loop itself calls us
            self._unreadable(error)

    def send_receive_event_to_app(self) -> None:
        self._events += 1
        super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        self._events += 1
        super().handle_ping()

    def _receive(self, data: bytes) -> None:
        if self._early or not self.handshake_complete:
            # Who sends before it was answered: where frames begin is the library's to know.
            self._early = self.handshake_initiated
            super().data_received(data)
        elif self._soon is None or data[0] != WHOLE_BINARY or len(self._rest) > MOST_UNREAD:
            self._read(data)
        else:
            self._rest += data
            self._put(self._soon)

    def _put(self, soon: Soon) -> None:
        if not self._put_off:
            self._put_off = True
            soon(self._catch_up)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._read(b"")
        super().connection_lost(exc)

    def _catch_up(self) -> None:
        """A few frames: the rest when sound is wanted the next time."""
        self._put_off = False
        try:
            self._read(b"", most=SOUNDS_AT_ONCE)
        except Exception as error:  # noqa: BLE001 - as where the loop itself calls us
            self._unreadable(error)

    def _unreadable(self, error: Exception) -> None:
        told = {"message": "a connection could not be read", "exception": error}
        self.loop.call_exception_handler(told)
        self.transport.abort()

    def _read(self, data: bytes, most: int | None = None) -> None:
        """What was put off, and this; only so many sounds of it."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        at, taken, size = 0, 0, len(data)
        while at < size:
            if self._owed:
                at = self._pass_on(data, at, at + self._owed)
                continue
            payload, end = _head(data, at)
            if end > 0 and not self._opens(data, at):
                self._owed = end - at
            elif taken == most and self._soon is not None:
                self._rest = data[at:]
                self._put(self._soon)
                return
            elif 0 < end <= size:
                mask = data[payload - MASK_BYTES : payload]
                taken += self._sound(apply_mask(data[payload:end], mask), taken)
                at = end
            else:
                self._rest = data[at:]
                return

    def _pass_on(self, data: bytes, at: int, end: int) -> int:
        """To the library, as much as there is; where it ended."""
        piece = data[at:end]
        self._owed = end - at - len(piece)
        super().data_received(piece)
        return at + len(piece)

    def _opens(self, data: bytes, at: int) -> bool:
        """Whether the frame is one of sound, and allowed here; at most 64 KB."""
        if data[at] != WHOLE_BINARY or not MASKED <= data[at + 1] < MASKED + LENGTH_64:
            return False
        open_now = self.conn.state is State.OPEN and not self.close_sent
        return open_now and self.conn.current_size is None

    def _sound(self, payload: bytes, taken: int) -> bool:
        """Whether it was handed over; else it waits behind what came before."""
        first = taken < AT_ONCE and self.queue.empty()
        if first and self._take is not None and self._take(payload):
            self._events += 1
            return True
        self.curr_msg_data_type, self.frames = "bytes", [payload]
        self.send_receive_event_to_app()
        return False


def _head(data: bytes, at: int) -> tuple[int, int]:
    """Where the payload begins of the frame that begins there, and where it ends, in the bytes at
    hand; 0 and 0 where too little of it has come to tell."""
    size, payload = len(data), at + 2
    if size < payload:
        return 0, 0
    masked, length = data[at + 1] & MASKED, data[at + 1] & LENGTH
    if length >= LENGTH_16:
        start, payload = payload, payload + (2 if length == LENGTH_16 else 8)
        if size < payload:
            return 0, 0
        length = int.from_bytes(data[start:payload])
    if masked:
        payload += MASK_BYTES
    return payload, payload + length
