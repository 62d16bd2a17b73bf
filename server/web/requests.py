"""HTTP as uvicorn speaks it, with an end to waiting: whoever begins a request has to send it."""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import h11
import msgspec
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from server import metrics
from server.web.crowd import AGAIN_S, Crowd
from server.web.problems import (
    PROBLEM_JSON,
    REQUEST_TIMEOUT,
    TOO_MANY_CONNECTIONS,
    Kind,
    details,
)

SLOWEST: Final = 500
"""Bytes of a body in a second, beside what it is given at first: any modem is faster."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """``header_s``: from the first byte of a request, or from the connection, to the end of its
    header. ``body_s``: for its body, and a second more for each ``SLOWEST`` bytes that came. Of
    a WebSocket so many events and bytes are read in a second; 0: as many as come."""

    header_s: float
    body_s: float
    crowd: Crowd
    events_per_second: int = 0
    bytes_per_second: int = 0


class Bounded(uvicorn.Config):
    """What the connections of a server may do."""

    def __init__(self, app: Any, bounds: Bounds, **given: Any) -> None:
        super().__init__(app, http=Requests, **given)
        self.bounds = bounds


class Requests(H11Protocol):
    """One connection, until it becomes a WebSocket."""

    config: Bounded

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._bounds = self.config.bounds
        self._address: str | None = None
        """As it is counted in the crowd."""

        self._timer: TimerHandle | None = None
        self._since = 0.0
        self._upgraded = False
        self._body: int | None = None
        """Bytes that came of a body that is not whole; None while a header is waited for."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.client is not None:
            if not self._bounds.crowd.come(self.client[0]):
                self._refuse(TOO_MANY_CONNECTIONS)
                return
            self._address = self.client[0]
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        self._left()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._upgraded = True
        self._done()
        self._left()
        super().handle_websocket_upgrade(event)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        state = self.conn.their_state
        if self._upgraded or self.transport.is_closing():
            self._done()
        elif state is h11.SEND_BODY:
            if self._body is None:  # the header has just come, and whatever of the body with it
                self._done()
                self._since, self._body = self.loop.time(), 0
                self._timer = self.loop.call_later(self._bounds.body_s, self._look)
            self._body += len(data)
        elif state is not h11.IDLE:
            self._done()
        elif self._timer is None:
            self._wait()

    # Waiting.

    def _wait(self) -> None:
        self._since, self._body = self.loop.time(), None
        self._timer = self.loop.call_later(self._bounds.header_s, self._look)

    def _done(self) -> None:
        self._body = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _left(self) -> None:
        if self._address is not None:
            self._bounds.crowd.leave(self._address)
            self._address = None

    def _look(self) -> None:
        """A body that waits for us, because there is much of it already, is not late."""
        bounds, now = self._bounds, self.loop.time()
        if self._body is None:
            due = self._since + bounds.header_s
        elif self.flow.read_paused:
            due = now + bounds.body_s
        else:
            due = self._since + bounds.body_s + self._body / SLOWEST
        if due > now:
            self._timer = self.loop.call_at(due, self._look)
            return
        self._timer = None
        metrics.stranger_refused("header" if self._body is None else "body")
        self._refuse(REQUEST_TIMEOUT)

    def _refuse(self, kind: Kind) -> None:
        """Nothing more is read. Where an answer was begun there is no other."""
        if self.transport.is_closing():
            return
        cycle: RequestResponseCycle | None = self.cycle  # there is none before the first header
        if cycle is None or cycle.response_complete or not cycle.response_started:
            body = msgspec.json.encode(details(kind.status, kind.code, kind.detail))
            phrase = HTTPStatus(kind.status).phrase
            head = (
                f"HTTP/1.1 {kind.status} {phrase}",
                f"content-type: {PROBLEM_JSON}",
                f"content-length: {len(body)}",
                f"retry-after: {AGAIN_S}",
                "connection: close",
            )
            self.transport.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()
