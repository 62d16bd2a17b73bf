"""The interviewer's connection: every fact of one interview, stored ones first, then live."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath, FromQuery

from server.store import interviews
from server.store.facts import StoredFact
from server.web.duplex import either
from server.web.services import Services


@websocket("/{interview_id:uuid}/watch")
async def watch(
    socket: WebSocket[Any, Any, Any],
    interview_id: FromPath[UUID],
    services: NamedDependency[Services],
    after: FromQuery[int] = 0,
) -> None:
    await socket.accept()
    if await interviews.get(services.pool, interview_id) is None:
        await socket.close(4404, "there is no such interview")
        return
    await either(_send(socket, services, interview_id, after), _until_gone(socket))


async def _send(
    socket: WebSocket[Any, Any, Any], services: Services, interview_id: UUID, after: int
) -> None:
    async for stored in services.monitor.watch(interview_id, after):
        await socket.send_text(_message(stored))


def _message(stored: StoredFact) -> str:
    return msgspec.json.encode(
        {
            "type": "fact",
            "seq": stored.seq,
            "kind": stored.kind,
            "recorded_at": stored.recorded_at,
            "data": stored.data,
        }
    ).decode()


async def _until_gone(socket: WebSocket[Any, Any, Any]) -> None:
    """A watcher only listens; what it sends is read and dropped."""
    try:
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
    except WebSocketDisconnect:
        pass
