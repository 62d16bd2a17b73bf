"""The recogniser on two nodes of a real Ray cluster, one of which dies while people speak:
``make test-ray``."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from server.load.clips import clips
from server.load.crowd import Load
from server.load.place import place_at, word_file
from tests.live import free_port, running, until
from tests.speech import ENGLISH_READINGS

ROOT = Path(__file__).resolve().parents[2]
PYTHON = os.environ.get("RAY_PYTHON")
SPEAKERS = 2
UP_S = 240.0
PATIENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_raylet_start_wait_time_s": "200",
    "RAY_health_check_timeout_ms": "60000",
    "RAY_health_check_failure_threshold": "20",
    "RAY_health_check_initial_delay_ms": "60000",
}
"""On a busy machine Ray takes its own nodes for dead."""

pytestmark = pytest.mark.skipif(PYTHON is None, reason="Ray is not beside viva: make test-ray")


class Nodes:
    def __init__(self, child: asyncio.subprocess.Process, base: str) -> None:
        self._child = child
        self.base = base

    async def told(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        async with asyncio.timeout(UP_S):
            while line := await self._child.stdout.readline():
                if line.startswith(b"{"):
                    said: dict[str, Any] = json.loads(line)
                    return said
        raise AssertionError("Ray ended; see what it wrote above")

    async def kill(self) -> dict[str, Any]:
        assert self._child.stdin is not None
        self._child.stdin.write(b"kill\n")
        return await self.told()


@asynccontextmanager
async def cluster() -> AsyncIterator[Nodes]:
    port = free_port()
    child = await asyncio.create_subprocess_exec(
        str(PYTHON), "-m", "tests.ray_nodes", str(port), cwd=ROOT,
        env=os.environ | PATIENT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    nodes = Nodes(child, f"http://127.0.0.1:{port}/v1")
    try:
        assert await nodes.told() == {"serves": True, "nodes": 2}
        yield nodes
    finally:
        assert child.stdin is not None
        child.stdin.close()
        try:
            async with asyncio.timeout(60):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


async def test_no_word_is_lost_when_a_node_dies(database_url: str, redis_url: str) -> None:
    said = clips(ENGLISH_READINGS)[2:]
    async with (
        cluster() as nodes,
        running(database_url, redis_url, stt_url=nodes.base, stt="auto") as viva,
        place_at(viva.base) as place,
    ):
        resume_id = await place.resume("load.docx", word_file([one.text or "" for one in said]))
        load = Load(place, said, resume_id, SPEAKERS, seconds=1)
        talking = asyncio.create_task(load.run())

        async def all_heard() -> bool | None:
            heard = [one.speaks and one.captions for _, one in load.held]
            return talking.done() or (len(heard) == SPEAKERS and all(heard)) or None

        await until(all_heard, 180)
        assert (await nodes.kill())["nodes"] == 1
        await talking
        verdict = await load.verdict()
        engines: Counter[str] = Counter()
        for ticket, _ in load.held:
            for fact in await place.facts(ticket.interview_id, 30):
                if fact["kind"] == "segment_heard":
                    engines[fact["data"]["engine"]] += 1
    assert verdict.faults == [], verdict
    assert verdict.clips == SPEAKERS
    assert verdict.letter_errors < 0.1, verdict
    assert verdict.in_a_row <= 2, verdict
    assert any("127.0.0.1" in engine for engine in engines), engines
    sys.stdout.write(f"{dict(engines)}\n{verdict}\n")
