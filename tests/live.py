"""A whole viva for tests: the real server on a real port, a real worker, on the real databases."""

from __future__ import annotations

import asyncio
import atexit
import base64
import json
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any, cast

import httpx
import msgspec
import pytest
import uvicorn
from litestar import Litestar
from pydantic import SecretStr
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.app import create_app
from server.engines.hearing_client import COMMAND, socket_of
from server.engines.variables import SpeechToText
from server.engines.whisper_base import WhisperBase
from server.settings import Settings
from server.web.sockets import Sockets
from tests import vocabulary
from tests.resumes import resume_pdf
from tests.stock import strict_streams
from workers.main import work

TLS = ssl.create_default_context()
"""Not needed, and dear to make for every client."""


ON_ONE_SERVER = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
"""A module whose tests share the server of the fixture ``viva``."""


@dataclass
class Viva:
    """The running system and an HTTP client for it."""

    base: str
    http: httpx.AsyncClient
    template_id: str | None = None
    """By which interviews are held; None: the default."""

    async def upload(self, content: bytes, filename: str = "resume.pdf") -> str:
        answer = await self.http.post("/resumes", files={"file": (filename, content)})
        assert answer.status_code == 202, answer.text
        resume_id: str = answer.json()["id"]
        return resume_id

    async def read(self, resume_id: str) -> dict[str, Any]:
        """The résumé's state once it is read."""
        state: dict[str, Any] = await until(lambda: self._state(resume_id))
        return state

    async def _state(self, resume_id: str) -> dict[str, Any] | None:
        state: dict[str, Any] = (await self.http.get(f"/resumes/{resume_id}")).json()
        return None if state["status"] == "queued" else state

    async def interview(self, lines: list[str]) -> dict[str, Any]:
        resume_id = await self.upload(resume_pdf(lines))
        assert (await self.read(resume_id))["status"] == "ready"
        order = {"resume_id": resume_id, "template_id": self.template_id}
        answer = await self.http.post("/interviews/realtime", json=order)
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket

    async def show(self, interview_id: str) -> dict[str, Any]:
        shown: dict[str, Any] = (await self.http.get(f"/interviews/{interview_id}")).json()
        return shown


async def until(ask: Any, seconds: float = 60.0) -> Any:
    """What ``ask`` answers once it is something."""
    ends = monotonic() + seconds
    while (answer := await ask()) is None:
        assert monotonic() < ends, "it never came"
        await asyncio.sleep(0.05)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@cache
def kept_recogniser() -> Path:
    """A folder of data where the real recogniser runs for all tests of this process: to start it
    takes as long as many of them do."""
    folder = Path(tempfile.mkdtemp(prefix="viva-tests-"))
    task = WhisperBase(folder, SpeechToText().stt_queue).task
    place = socket_of(folder, task)
    command = [*COMMAND, str(place), msgspec.json.encode(task).decode()]
    running = subprocess.Popen(command, start_new_session=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(running.kill)
    caller = socket.socket(socket.AF_UNIX)
    while True:
        try:
            caller.connect(str(place))
            break
        except OSError:
            assert running.poll() is None, "the recogniser did not start"
            sleep(0.05)
    atexit.register(caller.close)  # while it is open, the recogniser is not alone
    return folder


SOUND_KEY = base64.b64encode(bytes(32)).decode()


@asynccontextmanager
async def running(
    database_url: str,
    redis_url: str,
    *,
    worker: bool = True,
    kind: type[Settings] = Settings,
    **options: Any,
) -> AsyncIterator[Viva]:
    """Server and worker in this process; ``options`` are further Settings."""
    port = free_port()
    settings = kind(
        port=port,
        data=kept_recogniser(),
        sound_key=SecretStr(SOUND_KEY),
        database_url=SecretStr(database_url),
        redis_url=SecretStr(redis_url),
        **{"stt": "whisper-base", "admission": "off", **options},
    )
    app, seen = _application(settings)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, ws=Sockets, log_config=None,
        timeout_graceful_shutdown=2, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # Of what a test works for they know nothing.
    tasks = [asyncio.create_task(server._serve(), context=Context())]
    if worker:
        tasks.append(asyncio.create_task(work(settings), context=Context()))
    base = f"http://127.0.0.1:{port}"
    hooks = {"response": [only_documented_errors(_documented(app))]}
    client = httpx.AsyncClient(base_url=base, timeout=60, event_hooks=hooks, verify=TLS)
    async with client as http:
        try:
            await until(lambda: _started(server))
            with strict_streams():
                yield Viva(base, http)
        finally:
            server.should_exit = True
            await tasks[0]
            for job in tasks[1:]:
                job.cancel()
                with suppress(asyncio.CancelledError):
                    await job
            _IDLE.append((app, seen))


_IDLE: list[tuple[Litestar, dict[str, Any]]] = []
"""Applications that served a test before, each with what it was made of."""


class _Seen:
    """Settings that remember which of them were looked at."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.values: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        self.values[name] = getattr(self._settings, name)
        return self.values[name]


def _application(settings: Settings) -> tuple[Litestar, dict[str, Any]]:
    """One that has stopped, where it would be made of the same settings: Litestar takes half a
    second to put the handlers together, which know nothing of what is running."""
    for idle in _IDLE:
        app, values = idle
        if all(getattr(settings, name) == value for name, value in values.items()):
            _IDLE.remove(idle)
            app.state.settings = settings
            return app, values
    seen = _Seen(settings)
    made: Any = create_app(cast("Settings", seen))
    made.state.settings = settings
    return made, seen.values


LATER = (429, 503)
"""What is to be tried again, and says when."""

Operations = list[tuple[re.Pattern[str], dict[str, Any]]]
"""What OpenAPI says of each path."""

_OPERATIONS: Operations = []


def _documented(app: Litestar) -> Operations:
    """Made once: no setting changes it, and it takes as long as many tests do."""
    if not _OPERATIONS:
        paths: dict[str, Any] = app.openapi_schema.to_schema()["paths"]
        for path, said in paths.items():
            _OPERATIONS.append((re.compile(re.sub(r"{\w+}", "[^/]+", path)), said))
    return _OPERATIONS


def only_documented_errors(
    documented: Operations,
) -> Callable[[httpx.Response], Awaitable[None]]:
    """Fails a test to whose request the server answers with an error that OpenAPI does not name."""

    async def check(answer: httpx.Response) -> None:
        asked = answer.request
        if answer.status_code < 400 or asked.method == "HEAD" or asked.url.path == "/health/ready":
            return
        await answer.aread()
        body = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.status_code not in LATER or int(answer.headers["retry-after"]) > 0
        where = answer.request.url.path.rstrip("/")
        for pattern, methods in documented:
            operation = methods.get(answer.request.method.lower())
            if pattern.fullmatch(where) and operation:
                said = operation["responses"].get(str(answer.status_code), {"content": {}})
                examples = said["content"]["application/problem+json"]["examples"]
                assert body["code"] in {one["value"]["code"] for one in examples.values()}

    return check


async def _started(server: uvicorn.Server) -> bool | None:
    return True if server.started else None


@dataclass
class Browser:
    """A client of ``viva.v1``: speaks audio in real time and remembers all it was sent."""

    socket: ClientConnection
    events: list[dict[str, Any]] = field(default_factory=list)
    voice: dict[int, bytearray] = field(default_factory=dict)
    frames: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    """Of each turn: offset in samples, and sound."""
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        with suppress(ConnectionClosed):
            await self._listen()

    async def _listen(self) -> None:
        async for message in self.socket:
            if isinstance(message, bytes):
                turn = int.from_bytes(message[:4], "little")
                offset = int.from_bytes(message[4:8], "little")
                self.voice.setdefault(turn, bytearray()).extend(message[8:])
                self.frames.setdefault(turn, []).append((offset, message[8:]))
            else:
                self.events.append(json.loads(message))
            self._news.set()

    async def send(self, **event: Any) -> None:
        await self.socket.send(json.dumps(event))

    async def say(self, pcm: bytes, *, speed: float = 1.0) -> None:
        """PCM16 16 kHz in 40 ms frames at ``speed`` times the speed of speech."""
        for start in range(0, len(pcm), 1_280):
            await self.socket.send(pcm[start : start + 1_280])
            await asyncio.sleep(0.04 / speed)

    async def event(self, kind_of: str, /, seconds: float = 60.0, **match: Any) -> dict[str, Any]:
        """The first event of this kind with these fields, past or to come."""
        async with asyncio.timeout(seconds):
            while True:
                for event in self.events:
                    if event["type"] == kind_of and match.items() <= event.items():
                        return event
                self._news.clear()
                await self._news.wait()

    async def hear_question(self, turn: int) -> str:
        """Wait for the question and its voice, and report it as played."""
        question = await self.event("viva.question", turn=turn)
        done = await self.event("viva.voice_done", turn=turn)
        await self.send(type="viva.played", turn=turn, played_ms=done["duration_ms"], complete=True)
        await self.event("viva.floor", turn=turn, floor="listening")
        text: str = question["text"]
        return text


@asynccontextmanager
async def browser(ticket: dict[str, Any]) -> AsyncIterator[Browser]:
    protocols: list[Any] = ["realtime", "viva.v1", f"openai-insecure-api-key.{ticket['token']}"]
    connected = connect(ticket["websocket_url"], subprotocols=protocols)
    async with connected as socket, _listening(socket) as client:
        yield client


@asynccontextmanager
async def watcher(viva: Viva, interview_id: str, after: int = 0) -> AsyncIterator[Browser]:
    """An interviewer's connection, by the key of ``viva.http`` where it has one; its ``events`` are
    facts, and words that are none yet."""
    url = viva.base.replace("http", "ws") + f"/interviews/{interview_id}/watch?after={after}"
    headers = {name: value for name, value in viva.http.headers.items() if name == "authorization"}
    async with (
        connect(url, additional_headers=headers) as socket,
        _listening(socket, "tell") as client,
    ):
        yield client


@asynccontextmanager
async def _listening(socket: ClientConnection, operation: str = "send") -> AsyncIterator[Browser]:
    """``operation``: by which docs/asyncapi.json says what the server sends here."""
    client = Browser(socket)
    listening = asyncio.create_task(client.listen())
    try:
        yield client
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    faults = {vocabulary.fault(operation, event) for event in client.events}
    assert faults <= {None}
