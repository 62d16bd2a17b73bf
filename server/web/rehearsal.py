"""The rehearsal before an interview: a practice question over a connection of its own."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from litestar import WebSocket, websocket
from litestar.di import NamedDependency, Provide
from litestar.exceptions import WebSocketDisconnect

from server.language.pages import texts
from server.realtime import wire
from server.realtime.candidate import MOVED
from server.realtime.rehearsal import Words
from server.store import attempts
from server.store.conduct import SLOWER
from server.store.interviews import StoredInterview
from server.store.scope import everywhere
from server.web.admission import FULL, admits
from server.web.duplex import either
from server.web.guards import OpenInterviewOnly, own_interview
from server.web.outline import speaker
from server.web.services import Services

PROTOCOL: Final = "viva.rehearsal.v1"
MOST: Final = 20
"""Rehearsals of one interview in a quarter of an hour."""
OFTEN: Final = 4429, "too many rehearsals; try again in a quarter of an hour"
LONGEST_S: Final = 600.0
MOST_BYTES: Final = 32 * 1024
"""Of one message."""
QUESTION: Final = "rehearsal.question"


@websocket(
    "/rehearsal",
    guards=[OpenInterviewOnly((PROTOCOL,))],
    dependencies={"interview": Provide(own_interview)},
)
async def rehearsal(
    socket: WebSocket[Any, Any, Any],
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> None:
    """For the candidate; nothing of it is stored."""
    if services.registry.leaving:
        await socket.close(*MOVED)
        return
    if not admits(services, interview):
        await socket.close(*FULL)
        return
    with everywhere():
        late = await attempts.add(services.pool, {f"rehearsal {interview.id}": MOST})
    if late is not None:
        await socket.close(*OFTEN)
        return
    practice = Practice(services, interview, await speaker(interview, services))
    try:
        async with asyncio.timeout(LONGEST_S):
            await either(practice.send(socket), practice.receive(socket))
    except TimeoutError:
        await socket.close(1000, "a rehearsal is not longer")
    finally:
        await practice.close()


class Practice:
    """One connection."""

    def __init__(self, services: Services, interview: StoredInterview, voice: str) -> None:
        self._frames: asyncio.Queue[wire.Rehearsed | bytes] = asyncio.Queue()
        self._rehearsal = services.registry.rehearse(interview, self._words)
        self._question = str(texts(services.packs, interview.language)[QUESTION])
        self._saying: asyncio.Task[None] | None = None
        covered = self._rehearsal.covered
        asked = self._question, interview.language, covered, voice, SLOWER
        self._frames.put_nowait(wire.PracticeQuestion(*asked))

    async def send(self, socket: WebSocket[Any, Any, Any]) -> None:
        while True:
            frame = await self._frames.get()
            if isinstance(frame, bytes):
                await socket.send_data(frame, mode="binary")
            else:
                await socket.send_data(wire.encode(frame), mode="text")

    async def receive(self, socket: WebSocket[Any, Any, Any]) -> None:
        """What is none of it is not answered, and harms nothing."""
        try:
            while (message := await socket.receive())["type"] == "websocket.receive":
                if (sound := message.get("bytes")) is not None:
                    if len(sound) <= MOST_BYTES:
                        self._rehearsal.hear(sound[: len(sound) // 2 * 2])
                elif (text := message.get("text")) is not None and len(text) <= MOST_BYTES:
                    await self._take(text)
        except WebSocketDisconnect:
            pass

    async def close(self) -> None:
        await self._hush()
        await self._rehearsal.close()

    async def _take(self, text: str) -> None:
        match asked := wire.practised(text):
            case wire.PingPractice():
                self._frames.put_nowait(wire.PracticePong(asked.id))
            case wire.SayPractice():
                await self._hush()
                self._saying = asyncio.create_task(self._say(SLOWER if asked.slower else 1.0))
            case wire.EndPractice():
                await self._rehearsal.done()
                self._frames.put_nowait(wire.PracticeOver())

    async def _say(self, rate: float) -> None:
        duration_ms = await self._rehearsal.say(self._question, rate, self._voice)
        self._frames.put_nowait(wire.PracticeSaid(duration_ms))

    def _voice(self, offset: int, pcm: bytes) -> None:
        self._frames.put_nowait(wire.AUDIO_HEADER.pack(0, offset) + pcm)

    async def _hush(self) -> None:
        if self._saying is not None:
            self._saying.cancel()
            await asyncio.gather(self._saying, return_exceptions=True)

    def _words(self, words: Words) -> None:
        told = words.segment, words.text, words.tentative, words.whole, words.unclear
        self._frames.put_nowait(wire.PracticeWords(*told))
