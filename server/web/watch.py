"""The interviewer's connection: every fact of one interview, stored ones first, then live; the
words that are being spoken, and, on request, the sound."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath, FromQuery

from server import metrics
from server.core.events import SteppedIn
from server.realtime import wire
from server.realtime.monitor import Follower
from server.store import audit, facts, interviews
from server.store.facts import StoredFact
from server.store.interviews import StoredInterview
from server.store.pool import STORE_AWAY, new_id
from server.web.duplex import either
from server.web.guards import WatchersOnly
from server.web.principal import principal_of, recognised
from server.web.services import Services
from server.web.speaking import Speaking
from server.web.steps import called, put

LOOK_AGAIN_S = 5.0
"""Who was removed, or signed out, sees no more than so much longer."""


@websocket("/{interview_id:uuid}/watch", guards=[WatchersOnly()])
async def watch(
    socket: WebSocket[Any, Any, Any],
    interview_id: FromPath[UUID],
    services: NamedDependency[Services],
    after: FromQuery[int] = 0,
    together: FromQuery[bool] = False,
) -> None:
    interview = await interviews.get(services.pool, interview_id)
    if interview is None:
        await socket.close(4404, "there is no such interview")
        return
    most = services.limits.watchers
    if services.monitor.company(interview_id).people >= most > 0:
        metrics.stranger_refused("watchers")
        await socket.close(4429, "enough people follow this interview; try again when some left")
        return
    await audit.seen(services.pool, "interview.seen", f"interview {interview_id}")
    watching = Watching(socket, services, interview)
    try:
        await either(
            watching.send(after, together=together), watching.receive(), watching.until_refused()
        )
    finally:
        await watching.leave()


class Watching:
    """One connection."""

    def __init__(
        self, socket: WebSocket[Any, Any, Any], services: Services, interview: StoredInterview
    ) -> None:
        self._socket = socket
        self._services = services
        self._interview = interview
        self._follower = Follower()
        self._speaking = Speaking(services, interview)
        self.principal = principal_of(socket)

    async def send(self, after: int, *, together: bool) -> None:
        monitor, interview_id = self._services.monitor, self._interview.id
        self._services.pulse.nudge()
        async with aclosing(monitor.follow(interview_id, after, self._follower)) as following:
            async for one in following:
                if isinstance(one, list):
                    await self._tell(one, together=together)
                elif isinstance(one, str):
                    await self._socket.send_text(one)
                else:
                    await self._socket.send_bytes(one)

    async def _tell(self, page: list[StoredFact], *, together: bool) -> None:
        told = [_told(stored) for stored in page]
        if together and len(told) > 1:
            told = [wire.encode(wire.FactsTold([msgspec.Raw(one.encode()) for one in told]))]
        for one in told:
            await self._socket.send_text(one)

    async def receive(self) -> None:
        """What is not understood is read and dropped."""
        try:
            while (message := await self._socket.receive())["type"] != "websocket.disconnect":
                if isinstance(sound := message.get("bytes"), bytes):
                    self._speaking.hear(sound, self.principal)
                    continue
                if (wish := wire.wished(str(message.get("text") or ""))) is not None:
                    await self._obey(wish)
        except WebSocketDisconnect:
            pass

    async def _obey(self, wish: wire.Wished) -> None:
        if isinstance(wish, wire.Listen):
            await self._listen(on=wish.on)
        elif (told := await self._speaking.obey(wish, self.principal)) is not None:
            await self._socket.send_text(wire.encode(told))

    async def _listen(self, *, on: bool) -> None:
        """Who hears the sound is told to the candidate, and stored."""
        if on == self._follower.listening or "listen" not in self.principal.rights:
            return
        self._follower.listening = on
        principal = self.principal
        step: Literal["listen", "leave"] = "listen" if on else "leave"
        step_id = str(await new_id(self._services.pool))
        who = await called(self._services, principal)
        told = SteppedIn(step_id, step, principal.name, who)
        if self._interview.status != "ended":
            await put(self._services, self._interview, told)

    async def until_refused(self) -> None:
        """A store that is away says nothing against anybody: it tells nothing either."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_S)
            try:
                self.principal = await recognised(self._socket)
            except STORE_AWAY:
                continue
            if "see" not in self.principal.rights:
                await self._socket.close(4401, "sign in to watch interviews")
                return

    async def leave(self) -> None:
        """A store that is away cannot be told."""
        with suppress(*STORE_AWAY):
            await self._listen(on=False)
        self._services.pulse.nudge()


def _told(stored: StoredFact) -> str:
    (fact,) = facts.told([stored])  # of an old one, what it says without those around it
    return wire.encode(wire.FactTold(stored.seq, stored.kind, stored.recorded_at, fact))
