"""The tutorials do what they say: every command that needs no other machine, the webhook's verifier
and the phone bridge; and the Korean ones have the same commands as the English."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import csv
import json
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import numpy as np
import pytest
import soxr
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.realtime import g711
from server.store.scope import LOCAL
from tests.live import SOUND_KEY, Viva, free_port, running, until
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.speech import recording, silence
from tests.web.house import company

FOLDER: Final = Path(__file__).parents[2] / "docs" / "tutorials"
NAMES: Final = sorted(path.stem for path in FOLDER.glob("*.md"))
FENCED: Final = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
KEY: Final = "interviewers-only"
FRAME_S: Final = 0.02


def blocks(name: str) -> list[tuple[str, str]]:
    """Language and text of everything that is to be typed or kept."""
    return FENCED.findall((FOLDER / f"{name}.md").read_text("utf-8"))


def script(name: str) -> str:
    return "".join(text for language, text in blocks(name) if language == "sh")


def program(name: str) -> str:
    (text,) = [text for language, text in blocks(name) if language == "python"]
    return text


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_commands(name: str) -> None:
    assert blocks(f"ko/{name}") == blocks(name)


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    allowed = ("127.0.0.0/8",)
    async with running(
        database_url, redis_url, interviewer_key=KEY, webhook_networks=allowed
    ) as system:
        yield system


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As a clone is where `make run` runs."""
    (tmp_path / ".viva").mkdir()
    (tmp_path / ".viva" / "interviewer.key").write_text(KEY)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "resume.pdf").write_bytes(resume_pdf(ENGLISH_RESUME))
    return tmp_path


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the tutorials need curl and jq"
)
async def test_every_command_runs(
    viva: Viva, folder: Path, database_url: str, redis_url: str
) -> None:
    known = {
        **{name: text for name, text in os.environ.items() if not name.startswith("VIVA_")},
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "VIVA_SOUND_KEY": SOUND_KEY,
        "VIVA_DATA": str(folder / ".viva"),
    }
    told, people = {}, {}
    for name in NAMES:
        text = script(name).replace("http://127.0.0.1:8000", viva.base)
        run = await asyncio.create_subprocess_exec(
            "sh", "-eu", "-c", text, cwd=folder, env=known,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(120):
            out, _ = await run.communicate()
        told[name] = out.decode()
        assert run.returncode == 0, f"{name}: {told[name]}"
        if name in {"ats", "opening"}:
            table = (folder / "results.csv").read_text("utf-8-sig")
            people[name] = {row[0] for row in list(csv.reader(table.splitlines()))[1:]}
    assert "MISSING" not in told["first-interview"]
    assert told["first-interview"].endswith("Data Engineer\nen\n")
    assert re.search(r"^ +ok +address +https://viva.example.com$", told["domain"], re.MULTILINE)
    assert (folder / "today.viva").stat().st_size > 1_000
    links = [line.split("\t") for line in (folder / "links.txt").read_text().splitlines()]
    assert [name for name, _ in links] == ["Kim Minji", "Lee Jun", "Ada Moreno"]
    assert all("/invitation#link=" in link for _, link in links)
    states = (folder / "states.txt").read_text().splitlines()
    assert sorted(states) == ["Ada Moreno: invited", "Kim Minji: invited", "Lee Jun: invited"]
    assert json.loads((folder / "closed.json").read_text())["closed_at"]
    assert (folder / "state.txt").read_text() == "invited\n"
    assert people == {"ats": {"Jane Miller"}, "opening": {name for name, _ in links}}


async def test_a_webhook_is_verified_and_another_is_not(
    viva: Viva, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    http, admin = viva.http, (await company(pool, "Acme", LOCAL)).headers["admin"]
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    order = {"url": url, "events": ["report.ready"]}
    made = (await http.post("/v1/webhooks", json=order, headers=admin)).json()
    (tmp_path / "hook.py").write_text(program("ats"))
    async with started(tmp_path / "hook.py", PORT=str(port), WEBHOOK_SECRET=made["secret"]) as hook:
        where = f"/v1/webhooks/{made['webhook']['id']}"

        async def listening() -> bool | None:
            with contextlib.suppress(OSError):
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                return True
            return None

        await until(listening)
        assert (await http.post(f"{where}/test", headers=admin)).status_code == 202
        assert hook.stdout is not None
        async with asyncio.timeout(60):
            assert (await hook.stdout.readline()).decode() == "webhook.test None\n"
        forged = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
        async with httpx.AsyncClient() as stranger:
            answer = await stranger.post(url, json={}, headers=forged)
        assert answer.status_code == 401


async def test_a_caller_is_interviewed_over_the_bridge(viva: Viva, tmp_path: Path) -> None:
    """We are the gateway: 20 ms of μ-law in each message, both ways, as media streams have it."""
    ticket = await viva.interview(ENGLISH_RESUME)
    port = free_port()
    (tmp_path / "bridge.py").write_text(program("phone"))
    async with (
        started(tmp_path / "bridge.py", PORT=str(port), VIVA=viva.base),
        await _connected(f"ws://127.0.0.1:{port}") as line,
    ):
        call = Call(line)
        start = {"streamSid": "MZ1", "customParameters": {"token": ticket["token"]}}
        await call.tell(event="connected", protocol="Call", version="1.0.0")
        await call.tell(event="start", streamSid="MZ1", start=start)
        listening = asyncio.create_task(call.listen())
        await call.say(silence(1.0))
        await until(lambda: call.spoken(1.0), 60)
        # They talk over the question: it stops, and what they say is their answer.
        await call.say(recording("two_cities.wav", 5.0) + silence(3.0))
        await until(lambda: _first_answer(viva, ticket["interview_id"]), 60)
        await call.tell(event="stop", streamSid="MZ1")
        await listening
    shown = await viva.show(ticket["interview_id"])
    assert "best of times" in shown["answers"][0]["text"].lower()
    assert call.cleared <= 1  # none where a busy machine noticed only after the question's end
    voice = g711.decode("audio/pcmu", bytes(call.heard)).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(voice))
    low = spectrum[: len(spectrum) * 3 // 4].sum()
    assert low > 5 * spectrum[len(spectrum) * 3 // 4 :].sum()  # speech, not noise


class Call:
    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self.heard = bytearray()
        self.cleared = 0

    async def tell(self, **event: Any) -> None:
        await self._line.send(json.dumps(event))

    async def listen(self) -> None:
        """Until the bridge hangs up."""
        with contextlib.suppress(ConnectionClosed):
            async for message in self._line:
                event = json.loads(message)
                assert event["streamSid"] == "MZ1"
                self.cleared += event["event"] == "clear"
                if event["event"] == "media":
                    self.heard += base64.b64decode(event["media"]["payload"])

    async def say(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz, as fast as it is said."""
        narrow = soxr.resample(np.frombuffer(pcm, "<i2"), 16_000, g711.RATE).astype("<i2")
        sound, step = g711.encode("audio/pcmu", narrow), int(g711.RATE * FRAME_S)
        for start in range(0, len(sound), step):
            payload = base64.b64encode(sound[start : start + step]).decode()
            await self.tell(event="media", streamSid="MZ1", media={"payload": payload})
            await asyncio.sleep(FRAME_S)

    async def spoken(self, seconds: float) -> bool | None:
        return len(self.heard) > seconds * g711.RATE or None


async def _first_answer(viva: Viva, interview_id: str) -> bool | None:
    return bool((await viva.show(interview_id))["answers"]) or None


@contextlib.asynccontextmanager
async def started(path: Path, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(path), env={**os.environ, **more}, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _connected(url: str) -> ClientConnection:
    """As soon as somebody listens there."""

    async def tried() -> ClientConnection | None:
        with contextlib.suppress(OSError):
            return await connect(url)
        return None

    line: ClientConnection = await until(tried)
    return line
