"""Two servers behind HAProxy with the configuration that comes with viva: real speech goes on at
the other server when one dies, and whoever watches sees the interviews of both."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect

from server.load.clips import Clip
from server.load.crowd import Load
from server.load.place import Place, place_at, word_file
from server.load.served import samples
from tests.chaos.house import SERVERS, House
from tests.live import free_port, until
from tests.speech import ENGLISH_READINGS, clip

CONFIG = Path(__file__).resolve().parents[2] / "deploy" / "haproxy.cfg"
SPEAKERS = 2
"""One at each server."""

SAID_S = 15.4
TEXT = (
    "Custom Speech provides tools that allow you to visually inspect the recognition quality of a "
    "model by comparing audio data with the corresponding recognition result. From the Custom "
    "Speech portal, you can play back uploaded audio and determine if the provided recognition "
    "result is correct."
)
"""Of the third reading, in so many seconds."""


def haproxy_path() -> str:
    found = shutil.which("haproxy")
    if found is None:
        warnings.warn("NO HAPROXY: deploy/haproxy.cfg IS NOT TESTED", stacklevel=2)
        pytest.skip("NO HAPROXY: apt-get install haproxy; deploy/haproxy.cfg is not tested")
    return found


@asynccontextmanager
async def balanced(house: House) -> AsyncIterator[str]:
    """HAProxy before both servers; its address."""
    program, bind = haproxy_path(), f"127.0.0.1:{free_port()}"
    own = {"VIVA_BIND": bind, "VIVA_HEALTH_HOST": "127.0.0.1"}
    for number, server in enumerate(SERVERS, start=1):
        own[f"VIVA_SERVER_{number}"] = house.base(server).removeprefix("http://")
    haproxy = await asyncio.create_subprocess_exec(
        program, "-db", "-f", CONFIG, env=os.environ | own
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://{bind}") as http:

            async def answers() -> bool | None:
                try:
                    return (await http.get("/health/ready")).status_code == 200 or None
                except httpx.TransportError:
                    return None

            await until(answers)
        yield f"http://{bind}"
    finally:
        if haproxy.returncode is None:
            haproxy.terminate()
        await haproxy.wait()


async def sessions(place: Place, address: str) -> float:
    return samples(await place.figures(address))["viva_sessions", ()]


async def watched(base: str, interview_id: str, kinds: set[str]) -> None:
    """What a watcher at this server is told, until cancelled."""
    url = f"{base.replace('http', 'ws')}/v1/interviews/{interview_id}/watch"
    async with connect(url) as socket:
        async for message in socket:
            kinds.add(json.loads(message).get("kind"))


async def test_interviews_go_on_at_the_other_server(short_folder: Path) -> None:
    haproxy_path()
    said = Clip("reading3.wav", clip(ENGLISH_READINGS / "reading3.wav", SAID_S), TEXT)
    async with (
        House(short_folder) as house,
        balanced(house) as base,
        place_at(base) as place,
        asyncio.TaskGroup() as group,
    ):
        resume_id = await place.resume("load.docx", word_file([TEXT]))
        load = Load(place, [said], resume_id, SPEAKERS, seconds=1)
        running = group.create_task(load.run())
        seen: dict[str, set[str]] = {}

        async def all_speak() -> bool | None:
            for ticket, _ in load.held:
                if ticket.interview_id not in seen:
                    kinds = seen[ticket.interview_id] = set()
                    watching = watched(house.base("two"), ticket.interview_id, kinds)
                    watchers.append(group.create_task(watching))
            told = sum("speech_started" in kinds for kinds in seen.values())
            return told == SPEAKERS or None

        watchers: list[asyncio.Task[None]] = []
        await until(all_speak, 180)
        assert all(one.speaks for _, one in load.held)
        shares = [await sessions(place, house.base(server)) for server in SERVERS]
        assert min(shares) > 0, f"both have some of them: {shares}"
        await house.kill("one")
        await running
        for task in watchers:
            task.cancel()
        verdict = await load.verdict()
    assert load.findings.broken >= shares[0]
    assert verdict.faults == [], verdict
    assert (verdict.interviews, verdict.clips) == (SPEAKERS, SPEAKERS)
    assert verdict.letter_errors < 0.1, verdict  # a word that the break cuts is heard in two parts
    assert verdict.in_a_row <= 2, verdict
