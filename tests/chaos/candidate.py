"""A candidate on ``viva.v1`` as our page is one: comes back when the line breaks, and sends a typed
answer again only where the server does not have it. Remembers all that was acknowledged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

FRAME_BYTES = 1_280
FRAME_S = 0.04
QUIET = bytes(FRAME_BYTES)
QUIET_FRAMES = 150
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 2.0
DEAD_S = 6.0
"""A line that gives no sign of life for so long is dead."""

QUICK_S = 0.3, 1.3
"""What typing an answer takes, at least and at most, where nobody is to be waited for."""

OVER, ENDED = 1000, 4409
FINAL = frozenset({4001, 4401, 4404, 4409})
"""Close codes after which the page does not come back."""

SAID = {
    "en": (
        "On ticket {n} I moved the nightly load to a queue, and the backlog was gone in two days.",
        "For customer {n} I wrote the migration by hand and tested it on a copy of their data.",
        "In project {n} we measured first, found one slow query and rewrote its index.",
        "With team {n} I agreed on one owner for each service, and the outages became rare.",
    ),
    "ko": (
        "{n}번 작업에서는 야간 적재를 대기열로 옮겨서 이틀 만에 밀린 일을 모두 처리했습니다.",
        "{n}번 고객의 자료는 사본에서 먼저 시험한 뒤 직접 이전 스크립트를 작성해 옮겼습니다.",
        "{n}번 과제에서는 먼저 측정해서 느린 쿼리 하나를 찾고 색인을 다시 만들었습니다.",
        "{n}번 팀과는 서비스마다 담당자를 한 명씩 정해서 장애를 크게 줄였습니다.",
    ),
}


@dataclass
class Sent:
    """A typed answer; times are the wall clock's. ``times``: how often it went out.
    ``answered_at``: when the next question came."""

    turn: int
    first_at: float
    last_at: float
    times: int = 1
    acknowledged: bool = False
    answered_at: float | None = None


@dataclass
class Candidate:
    """``homes``: the WebSocket addresses of the servers, tried in turn. ``moves``: every answer is
    given on another server than the one before. ``speech``: what is said instead of typing, PCM16
    mono 16 kHz. ``answers``: after so many the candidate ends the interview; None: stays to its
    end. ``dirt``: goes into each typed answer and is not to be found in what is stored.
    ``takes_s``: what typing an answer takes, at least and at most."""

    number: int
    interview_id: str
    token: str
    language: str
    homes: Sequence[str]
    moves: bool = False
    speech: bytes | None = None
    answers: int | None = None
    dirt: str = ""
    takes_s: tuple[float, float] = QUICK_S

    sent: dict[str, Sent] = field(default_factory=dict)
    captions: dict[tuple[int, int], str] = field(default_factory=dict)
    transcripts: dict[int, str] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    """Of the lines that broke; 0 where there was none."""
    backs_s: list[float] = field(default_factory=list)
    """From each line that broke to the first word over the next."""
    voices_s: list[float] = field(default_factory=list)
    """From each question to the first sound of its voice."""

    end: str | None = None
    """The reason that the server gave, or the code with which it let nobody in again."""

    def __post_init__(self) -> None:
        self._random = Random(self.number)
        self._texts = self._sentences()
        self._home = self.number
        self._turn = 0
        self._kind = ""
        self._given_here: set[int] = set()
        self._moved: set[int] = set()
        self._lost_at: float | None = None
        self._asked: dict[int, float] = {}
        self._going = asyncio.Event()
        self._acting: asyncio.Task[None] | None = None
        self._tabs: list[asyncio.Task[None]] = []

    @property
    def acknowledged(self) -> int:
        """Answers, or spoken segments, of which the server said that it has them."""
        if self.speech is not None:
            return sum(bool(text) for text in self.captions.values())
        return sum(sent.acknowledged for sent in self.sent.values())

    def _sentences(self) -> Iterator[str]:
        forms = SAID[self.language]
        for count in range(1_000):
            yield forms[count % len(forms)].format(n=f"{self.number + 1}0{count:03}")

    # The line.

    async def hold(self) -> None:
        """The whole interview, however often the line breaks."""
        wait_s = FIRST_WAIT_S
        try:
            while self.end is None:
                before = self.acknowledged
                try:
                    await self._lines()
                except ConnectionClosed as error:
                    self._closed(error.rcvd.code if error.rcvd else 1006)
                except (InvalidHandshake, OSError, TimeoutError, EOFError):
                    self.codes.append(0)
                if self._lost_at is None:
                    self._lost_at = time.monotonic()
                self._home += 1
                progress = self.acknowledged > before
                wait_s = FIRST_WAIT_S if progress else min(2 * wait_s, LONGEST_WAIT_S)
                if self.end is None:
                    await asyncio.sleep(wait_s * (0.75 + self._random.random() / 2))
        finally:
            await self._stop_acting()
            for tab in self._tabs:
                tab.cancel()
            await asyncio.gather(*self._tabs, return_exceptions=True)

    async def _lines(self) -> None:
        """One line and those that replace it, until one breaks."""
        socket = await self._connect()
        try:
            while True:
                await self._converse(socket)
                # The tab that is left stays open; what it is still told counts.
                self._tabs.append(asyncio.create_task(self._leave_open(socket)))
                self._home += 1
                socket = await self._connect()
        finally:
            await self._stop_acting()
            with suppress(ConnectionClosed, OSError, TimeoutError):
                await socket.close()

    async def _connect(self) -> ClientConnection:
        self._given_here = set()
        protocols: list[Any] = ["realtime", "viva.v1", f"openai-insecure-api-key.{self.token}"]
        return await connect(
            self.homes[self._home % len(self.homes)],
            subprotocols=protocols, open_timeout=DEAD_S, close_timeout=1,
            ping_interval=DEAD_S / 2, ping_timeout=DEAD_S, proxy=None, compression=None,
        )  # fmt: skip

    async def _converse(self, socket: ClientConnection) -> None:
        """Until the candidate goes to another server. Raises ConnectionClosed."""
        self._going.clear()
        listening = asyncio.create_task(self._listen(socket))
        going = asyncio.create_task(self._going.wait())
        try:
            await asyncio.wait({listening, going}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()
        finally:
            for task in (listening, going):
                task.cancel()
            await asyncio.gather(listening, going, return_exceptions=True)
            await self._stop_acting()

    async def _listen(self, socket: ClientConnection) -> None:
        while True:
            message = await socket.recv()
            if isinstance(message, bytes):
                self._sounds(int.from_bytes(message[:4], "little"))
                continue
            if self._lost_at is not None:
                self.backs_s.append(time.monotonic() - self._lost_at)
                self._lost_at = None
            event = json.loads(message)
            self._note(event)
            await self._react(event, socket)

    async def _leave_open(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            while True:
                message = await socket.recv()
                if isinstance(message, str):
                    self._note(json.loads(message))

    def _sounds(self, turn: int) -> None:
        if (asked := self._asked.pop(turn, None)) is not None:
            self.voices_s.append(time.monotonic() - asked)

    def _closed(self, code: int) -> None:
        if code == OVER:
            self.end = self.end or "closed"
        elif code == ENDED:
            self.end = self.end or "ended"
        elif code in FINAL:
            self.end = str(code)
        self.codes.append(code)

    # What the server says.

    def _note(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "viva.caption" if event["text"]:
                self.captions[event["turn"], event["segment"]] = event["text"]
                self._acknowledge(event["text"])
            case "conversation.item.input_audio_transcription.completed" if event["transcript"]:
                self.transcripts[int(event["item_id"].rpartition("_")[2])] = event["transcript"]
                self._acknowledge(event["transcript"])
            case "viva.answer":
                self.transcripts[event["turn"]] = event["text"]
            case "viva.question" if event["turn"] > self._turn:
                self._turn, self._kind = event["turn"], event["kind"]
                self._asked[self._turn] = time.monotonic()
                for sent in self.sent.values():
                    if sent.turn < self._turn and sent.answered_at is None:
                        sent.answered_at, sent.acknowledged = time.time(), True
            case "viva.ended":
                self.end = event["reason"]

    def _acknowledge(self, text: str) -> None:
        if text in self.sent:
            self.sent[text].acknowledged = True

    # What the candidate does.

    async def _react(self, event: dict[str, Any], socket: ClientConnection) -> None:
        hears = self.speech is not None or self._kind == "closing"
        if event["type"] == "viva.voice_done" and event["turn"] == self._turn and hears:
            ms = event["duration_ms"]
            await _send(socket, "viva.played", turn=self._turn, played_ms=ms, complete=True)
        if event["type"] != "viva.floor" or self._kind == "closing":
            return
        floor, turn = event["floor"], event["turn"]
        if floor == "thinking" or (floor == "speaking" and self.speech is not None):
            return
        if self.answers is not None and self.acknowledged >= self.answers:
            await _send(socket, "viva.end")
        elif turn not in self._given_here:
            self._given_here.add(turn)
            if self._goes(turn, early=True):
                return
            await self._stop_acting()
            self._acting = asyncio.create_task(self._answer(socket, turn))

    def _goes(self, turn: int, *, early: bool) -> bool:
        """To the other server, once for each answer: before it, or before it is acknowledged."""
        if not self.moves or turn in self._moved or (early and self._random.random() < 0.5):
            return False
        self._moved.add(turn)
        self._going.set()
        return True

    async def _answer(self, socket: ClientConnection, turn: int) -> None:
        has_it = any(one == turn for one, _ in self.captions)
        with suppress(ConnectionClosed):
            if self.speech is not None:
                await self._speak(socket, b"" if has_it else self.speech)
            elif not has_it:
                await self._type(socket, turn)

    async def _type(self, socket: ClientConnection, turn: int) -> None:
        await asyncio.sleep(self._random.uniform(*self.takes_s))
        text = next((one for one, sent in self.sent.items() if sent.turn == turn), None)
        if text is None:
            text = next(self._texts)
            self.sent[text] = Sent(turn, time.time(), time.time(), times=0)
        self.sent[text].times += 1
        self.sent[text].last_at = time.time()
        content = [{"type": "input_text", "text": self.dirt + text + self.dirt}]
        item = {"type": "message", "role": "user", "content": content}
        await _send(socket, "conversation.item.create", item=item)
        self._goes(turn, early=False)

    async def _speak(self, socket: ClientConnection, pcm: bytes) -> None:
        """In real time, then silence for a while, then "I'm done"."""
        for start in range(0, len(pcm), FRAME_BYTES):
            await socket.send(pcm[start : start + FRAME_BYTES])
            await asyncio.sleep(FRAME_S)
        for _ in range(QUIET_FRAMES):
            await socket.send(QUIET)
            await asyncio.sleep(FRAME_S)
        await _send(socket, "input_audio_buffer.commit")

    async def _stop_acting(self) -> None:
        if self._acting is not None:
            self._acting.cancel()
            await asyncio.gather(self._acting, return_exceptions=True)
            self._acting = None


async def _send(socket: ClientConnection, kind: str, **fields: Any) -> None:
    await socket.send(json.dumps({"type": kind, **fields}))
