"""Unmodified clients of other people, each through a whole interview over real audio.

``make test-clients`` installs them and runs this; VIVA_CLIENTS is the folder they are in.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import numpy as np
import pytest
import soxr

from tests.live import Viva
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence

ROOT = Path(__file__).parents[2]
INSTALLED = Path(os.environ.get("VIVA_CLIENTS", "/nonexistent"))
NEWEST, OTHERS, YEAR_OLD = (
    INSTALLED / name / "venv/bin/python" for name in ("newest", "others", "year-old")
)
NODE = INSTALLED / "node"
SHORT = bool(os.environ.get("PYTHON_ONLY"))
WHOLE_INTERVIEW_S = 420
"""On an idle machine; one that is busy gets as much more as others take of it."""
PARTS = ((0.0, 9.0), (9.0, 16.0), (16.0, 24.0))
"""Of the recording, in seconds: what is answered in turn."""

pytestmark = pytest.mark.skipif(
    not NEWEST.exists(), reason="no clients are installed: make test-clients"
)


SHORTER = """
UPDATE templates SET stages = (
    SELECT jsonb_agg(stage) FROM jsonb_array_elements(stages) AS stage
    WHERE stage->>'name' IN ('introduction', 'experience', 'closing')
)
"""


@pytest.fixture
async def shorter(viva: Viva, database_url: str) -> None:
    await _shorten(database_url)


@pytest.fixture
async def shorter_in_short(viva: Viva, database_url: str) -> None:
    if SHORT:
        await _shorten(database_url)


async def _shorten(database_url: str) -> None:
    """Four answers instead of thirteen."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(SHORTER)
    await connection.close()


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers as raw PCM16 24 kHz."""
    folder = tmp_path_factory.mktemp("speech")
    whole = np.frombuffer(recording("two_cities.wav") + silence(1.0), "<i2")
    sound = soxr.resample(whole, 16_000, 24_000).astype("<i2")
    for number, (start, end) in enumerate(PARTS):
        part = sound[int(start * 24_000) : int(end * 24_000)]
        (folder / f"{number}.pcm").write_bytes(part.tobytes())
    return folder


def _patience_s() -> float:
    """People answer in real time, whatever else the machine has to do."""
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return WHOLE_INTERVIEW_S * max(1.0, busy)


async def _all(*interviews: Coroutine[Any, Any, Any]) -> None:
    """Side by side, because each takes as long as people would."""
    done = await asyncio.gather(*interviews, return_exceptions=True)
    failures = [result for result in done if isinstance(result, Exception)]
    if failures:
        raise ExceptionGroup("clients that did not get through", failures)


def _python(python: Path, name: str) -> list[str]:
    return [str(python), "-m", f"tests.clients.{name}"]


@pytest.mark.usefixtures("shorter_in_short")
async def test_the_newest_clients_hold_whole_interviews(viva: Viva, speech: Path) -> None:
    names = ("openai_python", "openai_agents", "pipecat_service", "livekit_model")
    await _all(
        *(_holds_an_interview(viva, _python(NEWEST, name), speech) for name in names),
        _comes_back_by_its_own_callback(viva, speech),
    )


@pytest.mark.skipif(not OTHERS.exists(), reason="PYTHON_ONLY")
@pytest.mark.usefixtures("shorter")
async def test_agents_of_other_frameworks_hold_whole_interviews(viva: Viva, speech: Path) -> None:
    names = ("pydantic_realtime", "semantic_kernel_realtime")
    await _all(*(_holds_an_interview(viva, _python(OTHERS, name), speech) for name in names))


@pytest.mark.skipif(not YEAR_OLD.exists(), reason="PYTHON_ONLY")
@pytest.mark.usefixtures("shorter")
async def test_clients_that_are_a_year_old_hold_whole_interviews(viva: Viva, speech: Path) -> None:
    names = ("openai_python", "openai_agents", "pipecat_year_old", "livekit_model")
    await _all(*(_holds_an_interview(viva, _python(YEAR_OLD, name), speech) for name in names))


@pytest.mark.skipif(not NODE.exists(), reason="PYTHON_ONLY")
@pytest.mark.usefixtures("shorter")
async def test_clients_of_node_hold_whole_interviews(
    viva: Viva, speech: Path, tmp_path: Path
) -> None:
    agents = [str(NODE), _script("agents_realtime")]
    await _all(
        _holds_an_interview(viva, agents, speech),
        _holds_an_interview_over_tls(viva, speech, tmp_path),
    )


def _script(name: str) -> str:
    return str(INSTALLED / f"{name}.mjs")


async def _holds_an_interview_over_tls(viva: Viva, speech: Path, folder: Path) -> dict[str, Any]:
    """The openai package for Node insists on wss."""
    making = await asyncio.create_subprocess_exec(
        str(NEWEST), "-m", "tests.clients.certificate", str(folder), cwd=ROOT
    )
    assert await making.wait() == 0
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    environment = {"NODE_EXTRA_CA_CERTS": str(folder / "certificate.pem")}
    async with _wire(viva, tls=context) as url:
        return await _holds_an_interview(
            viva, [str(NODE), _script("openai_node")], speech, url=url, environment=environment
        )


async def _comes_back_by_its_own_callback(viva: Viva, speech: Path) -> dict[str, Any]:
    async with _wire(viva, breaks_after_s=25.0) as url:
        command = _python(NEWEST, "openai_reconnecting")
        seen = await _holds_an_interview(viva, command, speech, url=url)
    assert any("reconnected after 1006" in error for error in seen["errors"])
    return seen


async def _holds_an_interview(
    viva: Viva,
    command: list[str],
    speech: Path,
    url: str = "",
    environment: dict[str, str] | None = None,
) -> dict[str, Any]:
    name = f"{command[-1]} ({Path(command[0]).parts[-4]})"
    ticket = await viva.interview(ENGLISH_RESUME)
    program = await asyncio.create_subprocess_exec(
        *command, url or viva.base, ticket["token"], str(speech),
        cwd=ROOT, env=os.environ | (environment or {}),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(_patience_s()):
            out, complaints = await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    assert out.strip(), f"{name}: {complaints.decode()[-3_000:]}"
    seen: dict[str, Any] = json.loads(out.splitlines()[-1])
    sys.stderr.write(f"{name}: {json.dumps(seen)}\n")
    shown = await viva.show(ticket["interview_id"])
    asked = [question["text"] for question in shown["questions"] if question["turn"]]
    given = [answer["text"] for answer in shown["answers"]]
    assert (shown["status"], shown["end_reason"]) == ("ended", "complete"), name
    assert shown["target_role"] == "Data Engineer"
    assert len(given) >= 3, (name, seen)
    assert "ships" not in " ".join(asked)
    # Of words that were heard anew some clients have what they had before in front of them.
    missed = [text for text in given if not any(one.endswith(text) for one in seen["answers"])]
    assert not missed, (name, missed, seen)
    # What leads to a question is said with it, and is no part of it.
    heard = [text for text in asked if any(said.endswith(text) for said in seen["questions"])]
    assert len(heard) >= 3, (name, asked, seen)
    assert seen["interrupted"] >= 1, (name, seen)
    return seen


@asynccontextmanager
async def _wire(
    viva: Viva, *, breaks_after_s: float | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """A way to the server, over TLS, or one whose first connection is cut off."""
    port = urlsplit(viva.base).port
    patience = iter([breaks_after_s])

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
        ways = [_pump(reader, to_writer), _pump(to_reader, writer)]
        tasks = [asyncio.create_task(way) for way in ways]
        await asyncio.wait(tasks, timeout=next(patience, None), return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for side in (writer, to_writer):
            side.transport.abort() if breaks_after_s else side.close()

    server = await asyncio.start_server(carry, "127.0.0.1", 0, ssl=tls)
    async with server:
        scheme = "https" if tls else "http"
        yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
