"""The interviewer's connection: every fact of one interview, stored ones first, then live."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath, FromQuery

from server.realtime import wire
from server.store import audit, facts, interviews
from server.store.pool import STORE_AWAY
from server.web.duplex import either
from server.web.guards import WatchersOnly
from server.web.principal import recognised
from server.web.services import Services

LOOK_AGAIN_S = 5.0
"""Who was removed, or signed out, sees no more than so much longer."""


@websocket("/{interview_id:uuid}/watch", guards=[WatchersOnly()])
async def watch(
    socket: WebSocket[Any, Any, Any],
    interview_id: FromPath[UUID],
    services: NamedDependency[Services],
    after: FromQuery[int] = 0,
) -> None:
    if await interviews.get(services.pool, interview_id) is None:
        await socket.close(4404, "there is no such interview")
        return
    await audit.seen(services.pool, "interview.seen", f"interview {interview_id}")
    telling = _send(socket, services, interview_id, after)
    await either(telling, _until_gone(socket), _until_refused(socket))


async def _send(
    socket: WebSocket[Any, Any, Any], services: Services, interview_id: UUID, after: int
) -> None:
    async for stored in services.monitor.watch(interview_id, after):
        (fact,) = facts.told([stored])  # of an old one, what it says without those around it
        told = wire.FactTold(stored.seq, stored.kind, stored.recorded_at, fact)
        await socket.send_text(wire.encode(told))


async def _until_gone(socket: WebSocket[Any, Any, Any]) -> None:
    """A watcher only listens; what it sends is read and dropped."""
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    except WebSocketDisconnect:
        pass


async def _until_refused(socket: WebSocket[Any, Any, Any]) -> None:
    """A store that is away says nothing against anybody: it tells nothing either."""
    while True:
        await asyncio.sleep(LOOK_AGAIN_S)
        try:
            principal = await recognised(socket)
        except STORE_AWAY:
            continue
        if "see" not in principal.rights:
            await socket.close(4401, "sign in to watch interviews")
            return
