"""Candidates for a server under load: each streams a recording in real time, noting delays."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.engines.silero import SileroDetector
from server.ports import CANDIDATE_RATE

FRAME_MS = 40
FRAME_BYTES = CANDIDATE_RATE * FRAME_MS // 1_000 * 2
WINDOW_MS = 32
REACTION_S = 0.7
STUCK_S = 12.0
"""A candidate who is not asked anything for so long after an answer goes on talking."""

PAUSE_MS = 300
SHORTEST_MS = 8_000


@dataclass
class Findings:
    """Seconds, over all candidates, from ``open`` on. ``cut_ins``: decisions in mid-answer."""

    delays_s: list[float] = field(default_factory=list)
    overheads_s: list[float] = field(default_factory=list)
    first_sounds_s: list[float] = field(default_factory=list)
    sending_late_s: list[float] = field(default_factory=list)
    cut_ins: int = 0
    stuck: int = 0
    broken: int = 0
    open: bool = False


def answers_from(recording: bytes) -> list[bytes]:
    """Stretches of the recording that end with the last speech before a pause."""
    detector = SileroDetector()
    row = detector.open()
    samples = np.frombuffer(recording, "<i2")
    count = len(samples) // detector.window
    windows = samples[: count * detector.window].reshape(count, -1).astype(np.float32) / 32_768
    voiced = [float(detector.probabilities(one[None], [row])[0]) > 0.5 for one in windows]
    found: list[bytes] = []
    start = last = 0
    for number, speech in enumerate(voiced):
        if speech:
            last = number + 1
        silent_ms = (number + 1 - last) * WINDOW_MS
        if silent_ms >= PAUSE_MS and (last - start) * WINDOW_MS >= SHORTEST_MS:
            found.append(recording[start * 1_024 : last * 1_024])
            start = last = number + 1
    return found


class Candidate:
    """One connection. What the server says is understood by a subclass."""

    protocols: Sequence[Any] = ()

    def __init__(self, url: str, answers: Sequence[bytes], first: int, findings: Findings) -> None:
        self._url = url
        self._answers = answers
        self._next = first
        self._findings = findings
        self._rest = b""
        self._sent_at: list[float] = []
        self._spoke_until: float | None = None
        self._speak_at = math.inf
        noise = np.random.default_rng(first).normal(0, 12, FRAME_BYTES // 2)
        self._room = noise.astype("<i2").tobytes()

    async def run(self) -> None:
        try:
            async with connect(
                self._url, subprotocols=self.protocols or None, compression=None, max_size=None
            ) as socket:
                listening = asyncio.create_task(self._listen(socket))
                try:
                    await self._stream(socket)
                finally:
                    listening.cancel()
                    with suppress(asyncio.CancelledError, ConnectionClosed):
                        await listening
        except (OSError, ConnectionClosed):
            self._findings.broken += 1

    async def _stream(self, socket: ClientConnection) -> None:
        due = monotonic()
        while True:
            now = monotonic()
            if self._findings.open:
                self._findings.sending_late_s.append(now - due)
            await socket.send(self._frame(now))
            self._sent_at.append(now)
            due += FRAME_MS / 1_000
            await asyncio.sleep(max(0.0, due - monotonic()))

    def _frame(self, now: float) -> bytes:
        if not self._rest and self._stuck(now):
            self._findings.stuck += self._findings.open
            self._speak_at = now
        if not self._rest and now >= self._speak_at:
            self._rest = self._answers[self._next % len(self._answers)]
            self._next += 1
            self._speak_at = math.inf
            self._spoke_until = None
        if not self._rest:
            return self._room
        frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
        if not self._rest:
            self._spoke_until = now
        return frame + self._room[len(frame) :]

    def _stuck(self, now: float) -> bool:
        silent_since = self._spoke_until or (self._sent_at[0] if self._sent_at else now)
        return self._speak_at == math.inf and now - silent_since > STUCK_S

    async def _listen(self, socket: ClientConnection) -> None:
        async for message in socket:
            await self.hears(socket, message)

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        raise NotImplementedError

    def decided(self, at_ms: int | None = None) -> None:
        """The server takes the answer for finished; ``at_ms`` of the audio, where it says so."""
        if not self._findings.open:
            return
        now = monotonic()
        if self._rest:
            self._findings.cut_ins += 1
        elif self._spoke_until is not None:
            self._findings.delays_s.append(now - self._spoke_until)
            if at_ms is not None:
                sent = self._sent_at[min(len(self._sent_at), math.ceil(at_ms / FRAME_MS)) - 1]
                self._findings.overheads_s.append(now - sent)

    def first_sound(self) -> None:
        if self._findings.open and self._spoke_until is not None and not self._rest:
            self._findings.first_sounds_s.append(monotonic() - self._spoke_until)

    def asked(self) -> None:
        """The question has been heard."""
        if not self._rest:
            self._speak_at = monotonic() + REACTION_S


class VivaCandidate(Candidate):
    """Of our own protocol, as our page speaks it."""

    def __init__(
        self, url: str, token: str, answers: Sequence[bytes], first: int, findings: Findings
    ) -> None:
        super().__init__(url, answers, first, findings)
        self.protocols = ["realtime", "viva.v1", f"openai-insecure-api-key.{token}"]
        self._voice_began: float | None = None

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        if isinstance(message, bytes):
            if self._voice_began is None:
                self._voice_began = monotonic()
                self.first_sound()
            return
        event = json.loads(message)
        match event["type"]:
            case "viva.floor" if event["floor"] == "thinking":
                self.decided(event["at_ms"])
            case "viva.floor" if event["floor"] == "listening":
                self.asked()
            case "viva.voice_done":
                wait_s = event["duration_ms"] / 1_000 - (monotonic() - (self._voice_began or 0))
                self._voice_began = None
                await asyncio.sleep(max(0.0, wait_s))
                played = {"turn": event["turn"], "played_ms": event["duration_ms"]}
                await socket.send(json.dumps({"type": "viva.played", "complete": True, **played}))


class PipecatCandidate(Candidate):
    """Raw audio both ways, and what ``pipecat_server`` tells of its turns."""

    def __init__(self, url: str, answers: Sequence[bytes], first: int, findings: Findings) -> None:
        super().__init__(url, answers, first, findings)
        self._talks = False

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        if isinstance(message, bytes):
            if not self._talks:
                self._talks = True
                self.first_sound()
        elif message == "decided":
            self.decided()
        elif message == "asked":
            self._talks = False
            self.asked()
