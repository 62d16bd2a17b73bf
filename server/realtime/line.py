"""One candidate connection: what is waiting to be sent on it, with a bound."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable

from server.clock import now
from server.realtime.dialects import Dialect
from server.realtime.wire import Sound

BACKLOG_BYTES = 16 * 1024 * 1024
"""About five minutes of voice; a client so far behind is not listening any more."""
ALIVE_S = 2.5
"""A page of ours sends sound, or asks whether anybody is there, more often than that."""


class Line:
    """The sending half of a connection. ``send`` never waits; ``frames`` is read by one task."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.close_code: int | None = None
        self.close_reason = ""
        self._heard_at = now()
        self._queue: deque[str | bytes] = deque()
        self._size = 0
        self._ready = asyncio.Event()
        self._closed = asyncio.Event()

    def heard(self) -> None:
        """Something came from the other end."""
        self._heard_at = now()

    @property
    def alive(self) -> bool:
        """As far as can be told: a stock client may be still for long."""
        return not self.dialect.marks or now() - self._heard_at < ALIVE_S

    def send(self, frames: Iterable[str | bytes]) -> None:
        if self.close_code is not None:
            return
        for frame in frames:
            self._queue.append(frame)
            self._size += len(frame)
        if self._size > BACKLOG_BYTES:
            self._queue.clear()
            self.close(1013, "this connection does not read what it is sent")
        self._ready.set()

    def drop_voice(self) -> None:
        """Forget voice that has not been sent: it must not be heard any more."""
        kept = [frame for frame in self._queue if not isinstance(frame, bytes | Sound)]
        self._queue = deque(kept)
        self._size = sum(len(frame) for frame in kept)

    def close(self, code: int, reason: str) -> None:
        """Close after what is already waiting has been sent."""
        if self.close_code is None:
            self.close_code, self.close_reason = code, reason
            self._closed.set()
        self._ready.set()

    async def closed(self) -> None:
        """Return once the line is to be closed."""
        await self._closed.wait()

    async def next_frame(self) -> str | bytes | None:
        """The next frame; None when the line is closed and everything is sent."""
        while not self._queue:
            if self.close_code is not None:
                return None
            self._ready.clear()
            await self._ready.wait()
        frame = self._queue.popleft()
        self._size -= len(frame)
        return frame
