"""``viva up``: databases, server and worker as children of one process, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import structlog

from server.assets import share
from server.child import Child
from server.embedded import Embedded
from server.environment import secret
from server.settings import Settings
from server.store.migrations import migrate
from server.vllm import Vllm, launch

STEADY_S = 60.0
FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STOP_S = 15.0
SLOW_START_S = 20.0

PYTHON = (sys.executable, "-P", "-m")  # -P: a folder called server in here is not ours
SERVE = (*PYTHON, "server.cli", "serve")
WORK = (*PYTHON, "workers.main")

T = TypeVar("T")

log = structlog.get_logger()


class UpError(Exception):
    """viva cannot run; the message says what to do."""


async def up(settings: Settings, env: Mapping[str, str]) -> None:
    """Runs until SIGINT, SIGTERM or SIGHUP, then returns. Raises UpError and EmbeddedError."""
    running = asyncio.ensure_future(_run(settings, env))
    loop = asyncio.get_running_loop()
    asked = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    stopping = asyncio.Event()

    def stop() -> None:
        if not stopping.is_set():  # asking again must not break off the ordered stop
            stopping.set()
            running.cancel()

    for number in asked:
        loop.add_signal_handler(number, stop)
    try:
        await running
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise
    finally:
        for number in asked:
            loop.remove_signal_handler(number)


async def _run(settings: Settings, env: Mapping[str, str]) -> None:
    _refuse_taken_port(settings.host, settings.port)
    async with Embedded(
        settings.data, postgres=not settings.database_url, redis=not settings.redis_url
    ) as embedded:
        urls = {
            "DATABASE_URL": secret(settings.database_url) or embedded.database_url,
            "REDIS_URL": secret(settings.redis_url) or embedded.redis_url,
        }
        await migrate(urls["DATABASE_URL"], share("migrations"))
        key = secret(settings.interviewer_key) or kept_key(settings.data / "interviewer.key")
        child_env = {**env, **urls, "VIVA_INTERVIEWER_KEY": key}
        ready = asyncio.Event()
        vllm = await _vllm(settings)
        if vllm is not None:
            child_env |= vllm.env
        lasting: list[Coroutine[Any, Any, None]] = [
            _refuse_death(embedded),
            _keep("worker", WORK, child_env, ready),
            _keep("server", SERVE, child_env, ready),
            _announce(settings, key, ready, vllm),
        ]
        if vllm is not None:
            lasting.insert(0, vllm.keep(env))  # stopped after those who use it
        try:
            await _together(lasting)
        finally:
            if vllm is not None:
                vllm.close()


async def _vllm(settings: Settings) -> Vllm | None:
    """The language model that this machine can run itself."""
    found = await asyncio.to_thread(launch, settings)
    return None if isinstance(found, str) else Vllm(found, settings.data)


async def _together(lasting: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run all until one fails or we are cancelled; then end them one by one, last first."""
    tasks = [asyncio.ensure_future(one) for one in lasting]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in reversed(tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, UpError):
                await task


async def _keep(
    name: str, command: Sequence[str], env: Mapping[str, str], ready: asyncio.Event
) -> None:
    """Keep one child alive, waiting longer before each restart of one that keeps crashing.

    Before everything has been ``ready`` once, a child that ends is an UpError.
    """
    clock = asyncio.get_running_loop().time
    delay = FIRST_DELAY_S
    while True:
        started = clock()
        child = await Child.start(command, env=env)
        try:
            status = await child.wait()
        finally:
            await child.stop(STOP_S)
        lasted = clock() - started
        if not ready.is_set():
            raise UpError(f"the {name} could not start (status {status}); see its message above")
        delay = FIRST_DELAY_S if lasted > STEADY_S else delay
        log.warning("child ended, restarting", child=name, status=status, delay_s=delay)
        await asyncio.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY_S)


async def _refuse_death(embedded: Embedded) -> None:
    raise UpError(await embedded.died())


async def _announce(settings: Settings, key: str, ready: asyncio.Event, vllm: Vllm | None) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"http://{host}:{settings.port}"
    await _until_ready(settings)
    ready.set()
    print(
        f"\n  candidate    {base}/\n  interviewer  {base}/interviewer#key={key}\n\n"
        "  Open to everyone on this machine and to nobody else: viva listens on loopback only.\n"
        "  Ctrl-C stops it.\n",
        flush=True,
    )
    if vllm is not None and not vllm.ready.is_set():
        print(
            f"  vLLM is loading {vllm.start.served_name}; until it is ready the bank asks.\n"
            f"  See its messages in {vllm.log_path}\n",
            flush=True,
        )


def kept_key(path: Path) -> str:
    """The interviewers' key of this folder of data, made the first time, readable by us only."""
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(16)
    path.touch(mode=0o600)
    path.write_text(key)
    return key


async def _until_ready(settings: Settings) -> None:
    clock = asyncio.get_running_loop().time
    next_word = clock() + SLOW_START_S
    while True:
        status, missing = await _readiness(settings.host, settings.port)
        if status == 200:
            return
        if clock() > next_word:
            next_word = clock() + SLOW_START_S
            print(f"  still waiting for: {', '.join(missing) or 'the server'}", flush=True)
        await asyncio.sleep(0.1)


async def _readiness(host: str, port: int) -> tuple[int, list[str]]:
    """Status of ``/health/ready`` and the parts it misses; 0 where nobody answers."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return 0, []
    try:
        request = f"GET /health/ready HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        answer = await asyncio.wait_for(reader.read(), 10)
    except (OSError, TimeoutError):
        return 0, []
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    try:
        parts = json.loads(body)["parts"]
        missing = [f"{part['name']} ({part['detail']})" for part in parts if not part["ok"]]
    except (ValueError, KeyError, TypeError):
        missing = []
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0, missing


def port_is_free(host: str, port: int) -> bool:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def _refuse_taken_port(host: str, port: int) -> None:
    if not port_is_free(host, port):
        raise UpError(f"port {port} on {host} is taken; stop what listens there or set VIVA_PORT")
