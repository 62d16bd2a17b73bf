"""Candidates for a server under load: each streams recordings in real time, noting delays."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from server.load.findings import Findings
from server.load.keeping import Keeping
from server.ports import CANDIDATE_RATE

FRAME_MS: Final = 40
FRAME_BYTES: Final = CANDIDATE_RATE * FRAME_MS // 1_000 * 2
REACTION_S: Final = 0.7
STUCK_S: Final = 12.0
"""A candidate who is not asked anything for so long after an answer goes on talking."""

ROOM: Final = 12
"""Of the noise of a room, in samples' units."""

OPEN_S: Final = 10.0
DEAD_S: Final = 6.0
"""A line that gives no sign of life for so long is dead."""

FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 2.0
CATCH_UP: Final = 10
"""Frames in the time of one, after a break."""

OVER: Final = frozenset({1000, 4001, 4401, 4404, 4409})
"""Close codes after which nobody comes back."""


class Candidate:
    """One connection. What the server says is understood by a subclass. ``first``: of ``answers``,
    which are given in turns; ``given`` tells which were begun, and the share of each that was
    sent."""

    def __init__(self, url: str, answers: Sequence[bytes], first: int, findings: Findings) -> None:
        self._url = url
        self._answers = answers
        self._next = first
        self._findings = findings
        self._rest = b""
        self._sent_at: list[float] = []
        self._began_ms = 0
        self._spoke_until: float | None = None
        self._speak_at = math.inf
        self._asked_at: float | None = None
        self._socket: ClientConnection | None = None
        self._chance = np.random.default_rng(first)
        noise = self._chance.normal(0, ROOM, FRAME_BYTES // 2)
        self._room = noise.astype("<i2").tobytes()
        self.given: list[tuple[int, float]] = []
        self.leaving = False
        """No further answer is begun."""

    @property
    def speaks(self) -> bool:
        return bool(self._rest)

    async def run(self) -> None:
        try:
            async with connect(self._url, compression=None, max_size=None) as socket:
                self._socket = socket
                listening = asyncio.create_task(self._listen(socket))
                try:
                    await self._stream()
                finally:
                    listening.cancel()
                    with suppress(asyncio.CancelledError, ConnectionClosed):
                        await listening
        except (OSError, ConnectionClosed):
            self._findings.broken += 1

    async def _stream(self) -> None:
        due = monotonic()
        while True:
            now = monotonic()
            if self._findings.open:
                self._findings.sending_late_s.append(now - due)
            speech = bool(self._rest)
            await self._give(self._frame(now), speech=speech)
            due += FRAME_MS / 1_000
            await asyncio.sleep(max(0.0, due - monotonic()))

    async def _give(self, frame: bytes, *, speech: bool) -> None:
        assert self._socket is not None
        await self._send(self._socket, frame)

    async def _send(self, socket: ClientConnection, frame: bytes) -> None:
        await socket.send(frame)
        self._sent_at.append(monotonic())

    def _frame(self, now: float) -> bytes:
        if not self._rest and self._stuck(now):
            self._findings.stuck += self._findings.open
            self._speak_at = now
        if not self._rest and now >= self._speak_at and not self.leaving:
            self._begin()
        if not self._rest:
            return self._room
        frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
        number, _ = self.given[-1]
        self.given[-1] = number, 1 - len(self._rest) / len(self._answers[number])
        if not self._rest:
            self._spoke_until = now
        return frame + self._room[len(frame) :]

    def _begin(self) -> None:
        number = self._next % len(self._answers)
        self._rest = self._answers[number]
        self.given.append((number, 0.0))
        self._next += 1
        self._speak_at = math.inf
        self._spoke_until = None

    def _stuck(self, now: float) -> bool:
        if self._asked_at is None:
            self._asked_at = now
        silent_since = max(self._spoke_until or self._asked_at, self._asked_at)
        return self._speak_at == math.inf and now - silent_since > STUCK_S

    async def _listen(self, socket: ClientConnection) -> None:
        async for message in socket:
            await self.hears(socket, message)

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        raise NotImplementedError

    def sent_at(self, at_ms: float) -> float:
        """When the frame with this moment of the audio clock was sent; of now if none was."""
        if not self._sent_at:
            return monotonic()
        place = max(1, math.ceil((at_ms - self._began_ms) / FRAME_MS))
        return self._sent_at[min(len(self._sent_at), place) - 1]

    def decided(self, at_ms: int | None = None) -> None:
        """The server takes the answer for finished; ``at_ms`` of the audio, where it says so."""
        if not self._findings.open:
            return
        now = monotonic()
        if self._rest:
            self._findings.cut_ins += 1
        elif self._spoke_until is not None:
            self._findings.delays_s.append(now - self._spoke_until)
            if at_ms is not None and at_ms > self._began_ms:
                self._findings.overheads_s.append(now - self.sent_at(at_ms))

    def first_sound(self) -> None:
        if self._findings.open and self._spoke_until is not None and not self._rest:
            self._findings.first_sounds_s.append(monotonic() - self._spoke_until)

    def asked(self) -> None:
        """The question has been heard."""
        if not self._rest:
            self._speak_at = monotonic() + REACTION_S


class Playing:
    """The voice of one question as it is played: held back, let go on."""

    def __init__(self, turn: int) -> None:
        self.turn = turn
        self._began = monotonic()
        self._held_at: float | None = None

    def hold(self) -> None:
        self._held_at = self._held_at or monotonic()

    def release(self) -> None:
        if self._held_at is not None:
            self._began += monotonic() - self._held_at
            self._held_at = None

    @property
    def played_s(self) -> float:
        return (self._held_at or monotonic()) - self._began

    async def heard(self, whole_s: float) -> None:
        left_s = whole_s - self.played_s
        while left_s > 0:
            await asyncio.sleep(max(left_s, FRAME_MS / 1_000))
            left_s = whole_s - self.played_s


class VivaCandidate(Candidate):
    """Of our own protocol, as our page speaks it: keeps its sound until the server has it for good,
    and comes back when the line breaks. Remembers what it was told: ``captions`` by turn and
    segment, ``transcripts`` by turn; ``end``: why it is over, as the server said, or with which
    code it closed."""

    def __init__(
        self, url: str, token: str, answers: Sequence[bytes], first: int, findings: Findings
    ) -> None:
        super().__init__(url, answers, first, findings)
        offered = ("realtime", "viva.v1", f"openai-insecure-api-key.{token}")
        self._protocols = [Subprotocol(one) for one in offered]
        self._keeping = Keeping()
        self._catching = self._listens = False
        self._playing: Playing | None = None
        self._reporting: asyncio.Task[None] | None = None
        self._lost_at: float | None = None
        self._open = asyncio.Event()
        self.captions: dict[tuple[int, int], str] = {}
        self.transcripts: dict[int, str] = {}
        self.end: str | None = None

    async def run(self) -> None:
        """Until the interview is over."""
        streaming = asyncio.create_task(self._streams())
        wait_s = FIRST_WAIT_S
        try:
            while self.end is None:
                if await self._line():
                    wait_s = FIRST_WAIT_S
                if self.end is None:
                    self._findings.broken += self._lost_at is None
                    self._lost_at = self._lost_at or monotonic()
                    await asyncio.sleep(wait_s * (0.75 + self._chance.random() / 2))
                    wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        finally:
            self._socket = None
            for task in (streaming, self._reporting):
                if task is not None:
                    task.cancel()
            await asyncio.gather(streaming, return_exceptions=True)

    async def leave(self) -> None:
        """The interview is ended, as by the page's button."""
        if self._socket is not None:
            with suppress(ConnectionClosed):
                await self._socket.send(json.dumps({"type": "viva.end"}))

    async def _line(self) -> bool:
        """One connection until it breaks; whether there was one."""
        kept = self._keeping.spoken_ms if self._listens else 0
        url = f"{self._url}?{urlencode({'kept_ms': kept})}" if kept else self._url
        try:
            socket = await connect(
                url, subprotocols=self._protocols, compression=None, max_size=None, proxy=None,
                open_timeout=OPEN_S, close_timeout=1, ping_interval=DEAD_S / 2, ping_timeout=DEAD_S,
            )  # fmt: skip
        except (OSError, InvalidHandshake, TimeoutError, EOFError, ConnectionClosed):
            return False
        self._catching = self._lost_at is not None
        self._socket = socket
        try:
            await self._listen(socket)
        except ConnectionClosed:
            pass
        finally:
            self._socket = self._playing = None
            await socket.close()
        if socket.close_code in OVER:
            self.end = self.end or str(socket.close_code)
        return True

    async def _streams(self) -> None:
        await self._open.wait()
        await self._stream()

    async def _give(self, frame: bytes, *, speech: bool) -> None:
        """What cannot be sent is kept: somebody who speaks does not stop for a line."""
        self._keeping.add(frame, FRAME_MS, answer=speech and self._listens)
        if (socket := self._socket) is None or self._catching:
            return
        with suppress(ConnectionClosed):
            for _ in range(CATCH_UP):
                if (kept := self._keeping.take()) is None:
                    break
                await self._send(socket, kept)

    def _stuck(self, now: float) -> bool:
        return self._playing is None and super()._stuck(now)

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        if isinstance(message, bytes):
            turn = int.from_bytes(message[:4], "little")
            if self._playing is None or self._playing.turn != turn:
                self._playing = Playing(turn)
                self.first_sound()
            return
        event = json.loads(message)
        match event["type"]:
            case "viva.session":
                self._began(event["heard_ms"], event["audio_ms"])
            case "viva.floor":
                self._floor(event["floor"], event["at_ms"])
            case "viva.stored":
                self._keeping.acknowledge(event["audio_ms"])
            case "viva.hold" | "viva.release" | "viva.hush" | "viva.voice_done":
                await self._voice(socket, event)
            case _:
                self._note(event)

    async def _voice(self, socket: ClientConnection, event: dict[str, Any]) -> None:
        playing = self._playing
        match event["type"]:
            case "viva.hold" if playing is not None:
                playing.hold()
            case "viva.release" if playing is not None:
                playing.release()
            case "viva.hush" if playing is not None:
                await self._stop(socket, playing)
            case "viva.voice_done":
                if playing is None or playing.turn != event["turn"]:
                    playing = self._playing = Playing(event["turn"])
                played = self._report(socket, playing, event["duration_ms"])
                self._reporting = asyncio.create_task(played)
            case _:
                pass

    def _note(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "viva.caption" if event["text"]:
                self.captions[event["turn"], event["segment"]] = event["text"]
                self._captioned(event["words"])
            case "viva.answer":
                self.transcripts[event["turn"]] = event["text"]
            case "conversation.item.input_audio_transcription.completed":
                self.transcripts[int(event["item_id"].rpartition("_")[2])] = event["transcript"]
            case "viva.ended":
                self.end = event["reason"]
            case _:
                pass

    def _captioned(self, words: Sequence[dict[str, Any]]) -> None:
        if words and self._findings.open and self._began_ms < words[-1]["end_ms"]:
            waited_s = monotonic() - self.sent_at(words[-1]["end_ms"])
            self._findings.captions_s.append(waited_s)

    def _began(self, heard_ms: int, audio_ms: int) -> None:
        if self._lost_at is not None:
            self._findings.back_s.append(monotonic() - self._lost_at)
            self._lost_at = None
        self._sent_at.clear()
        self._began_ms = audio_ms
        self._keeping.rewind(heard_ms, audio_ms)
        self._open.set()

    def _floor(self, floor: str, at_ms: int) -> None:
        self._listens = floor == "listening"
        if self._catching:
            if not self._listens:
                self._keeping.forget(self._began_ms)
            self._catching = False
        if floor == "thinking":
            self.decided(at_ms)
        elif floor == "listening":
            self.asked()

    async def _report(self, socket: ClientConnection, playing: Playing, duration_ms: int) -> None:
        """When all of it was heard."""
        await playing.heard(duration_ms / 1_000)
        if self._playing is playing:
            self._playing = None
            await self._played(socket, playing.turn, duration_ms, complete=True)

    async def _stop(self, socket: ClientConnection, playing: Playing) -> None:
        if self._reporting is not None:
            self._reporting.cancel()
        self._playing = None
        await self._played(socket, playing.turn, round(playing.played_s * 1_000), complete=False)

    async def _played(
        self, socket: ClientConnection, turn: int, ms: int, *, complete: bool
    ) -> None:
        self._asked_at = monotonic()
        with suppress(ConnectionClosed):
            told = {"type": "viva.played", "turn": turn, "played_ms": ms, "complete": complete}
            await socket.send(json.dumps(told))
