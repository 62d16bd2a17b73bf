"""The rehearsal over its connection, with the real recogniser and voice: nothing of it is kept."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.store import secret
from server.web import rehearsal
from tests import vocabulary
from tests.live import running
from tests.realtime.stage import an_interview
from tests.speech import recording, silence

pytestmark = pytest.mark.engine

STORED = """
SELECT (SELECT count(*) FROM facts) + (SELECT count(*) FROM recorded_chunks)
     + (SELECT count(*) FROM answers) + (SELECT count(*) FROM leases)
"""


async def told(
    socket: ClientConnection, kind: str
) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    """The next event of this kind, those before it, and how many bytes of voice came."""
    before: list[dict[str, Any]] = []
    voice = 0
    async with asyncio.timeout(60):
        while True:
            message = await socket.recv()
            if isinstance(message, bytes):
                voice += len(message) - 8
                continue
            event = json.loads(message)
            assert vocabulary.fault("rehearse", event) is None
            if event["type"] == kind:
                return event, before, voice
            before.append(event)


async def test_a_rehearsal_is_heard_and_leaves_nothing(
    database_url: str, redis_url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await an_interview(pool)
    token = secret.new("viva_")
    known = "UPDATE interviews SET token_sha256 = $2 WHERE id = $1"
    await pool.execute(known, stored.id, secret.hashed(token))
    async with running(database_url, redis_url, worker=False) as viva:
        url = viva.base.replace("http", "ws") + "/v1/rehearsal"
        protocols: Any = [rehearsal.PROTOCOL, f"openai-insecure-api-key.{token}"]
        async with connect(url, subprotocols=protocols) as socket:
            assert socket.subprotocol == rehearsal.PROTOCOL
            question, _, _ = await told(socket, "question")
            assert (question["language"], question["covered"]) == ("en", True)
            assert (question["voice"], question["slower"]) == ("browser", 0.8)
            await socket.send("no json")
            await socket.send(json.dumps({"type": "ping", "id": 7}))
            assert (await told(socket, "pong"))[0]["id"] == 7
            lengths = []
            for slower in (False, True):
                await socket.send(json.dumps({"type": "say", "slower": slower}))
                said, _, voice = await told(socket, "said")
                assert voice // 48 == said["duration_ms"]
                lengths.append(said["duration_ms"])
            assert lengths[1] > 1.1 * lengths[0] > 0
            speech = recording("two_cities.wav", seconds=8.0) + silence(0.5)
            for at in range(0, len(speech), 1_280):
                await socket.send(speech[at : at + 1_280])
                await asyncio.sleep(0.01)
            await socket.send(json.dumps({"type": "done"}))
            _, words, _ = await told(socket, "done")
            assert {one["type"] for one in words} == {"words"}
            whole = " ".join(one["text"] for one in words if one["whole"])
            assert "best of times" in whole.lower()
        assert await pool.fetchval(STORED) == 0
        monkeypatch.setattr(rehearsal, "MOST", 1)
        async with connect(url, subprotocols=protocols) as socket:
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 20)
        assert socket.close_code == 4429
