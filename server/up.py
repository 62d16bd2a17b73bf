"""``viva up``: databases, server and worker as children of one process, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import secrets
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import structlog

from server.assets import share
from server.child import Child
from server.crew import STOP_S, Crew, Keeper, Kept, UpError
from server.embedded import Embedded
from server.environment import secret
from server.here import KEPT_KEY
from server.renewal import Renewal, place_of
from server.settings import Settings
from server.store import interviews, links
from server.store.migrations import migrate
from server.store.pool import open_pool
from server.store.scope import LOCAL, Scope
from server.vllm import HOST, Launch, Place, beside

SIGN_IN_FILE = "sign-in.txt"
SLOW_START_S = 20.0
ASK_S = 10.0
BACKLOG = 2048

PYTHON = (sys.executable, "-P", "-m")  # -P: a folder called server in here is not ours
SERVE = (*PYTHON, "server.cli", "serve")
LLM = (*PYTHON, "server.cli", "llm")
RTC = (*PYTHON, "server.cli", "rtc")
WORK = (*PYTHON, "workers.main")
MIGRATE = (*PYTHON, "server.cli", "migrate")

log = structlog.get_logger()


async def up(settings: Settings, env: Mapping[str, str]) -> None:
    """Runs until SIGINT or SIGTERM, or SIGHUP on a terminal, then returns. ``viva restart``, and
    SIGHUP without a terminal, puts new processes in the place of the old ones. Raises UpError and
    EmbeddedError."""
    anew = Renewal()
    running = asyncio.ensure_future(_run(settings, env, anew))
    loop = asyncio.get_running_loop()
    asked = [signal.SIGINT, signal.SIGTERM]
    stopping = asyncio.Event()

    def stop() -> None:
        if not stopping.is_set():  # asking again must not break off the ordered stop
            stopping.set()
            running.cancel()

    for number in asked:
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(signal.SIGHUP, stop if _on_terminal() else anew.ask)
    try:
        await running
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise
    finally:
        for number in (*asked, signal.SIGHUP):
            loop.remove_signal_handler(number)


def _on_terminal() -> bool:
    """Whose end says SIGHUP."""
    return sys.stdin is not None and sys.stdin.isatty()


async def _run(settings: Settings, env: Mapping[str, str], anew: Renewal) -> None:
    with closing(_door(settings.host, settings.port)) as door:
        async with Embedded(
            settings.data, postgres=not settings.database_url, redis=not settings.redis_url
        ) as embedded:
            urls = {
                "DATABASE_URL": secret(settings.database_url) or embedded.database_url,
                "REDIS_URL": secret(settings.redis_url) or embedded.redis_url,
            }
            await migrate(urls["DATABASE_URL"], share("migrations"))
            key = secret(settings.interviewer_key) or kept_key(settings.data / KEPT_KEY)
            await _serve(
                settings, {**env, **urls, "VIVA_INTERVIEWER_KEY": key}, door, embedded, anew
            )


async def _serve(
    settings: Settings,
    env: Mapping[str, str],
    door: socket.socket,
    embedded: Embedded,
    anew: Renewal,
) -> None:
    ready = asyncio.Event()
    place = place_of(settings.data, settings.port)
    async with anew.heard(place), _language_model(settings, env) as model:
        told = env if model is None else {**env, **model.told}
        # All of it ends at once, so interviews have nowhere to go on: SIGINT waits for nobody.
        server = Kept(
            "server",
            SERVE,
            told,
            door=door.fileno(),
            tells=True,
            beside=place.with_name(f"serve-{settings.port}"),
            stop_signal=signal.SIGINT,
        )
        servers = Crew(server, settings.server_count, settings.drain_seconds + STOP_S)
        workers = Crew(Kept("worker", WORK, told, tells=True), 1)
        lasting: list[Coroutine[Any, Any, None]] = [
            embedded.keep(),
            workers.run(ready),
            servers.run(ready),
            _announce(settings, env["DATABASE_URL"], ready, model),
            _renew(anew, ready, env, [workers, servers]),
        ]
        if settings.rtc:
            calls = Kept(
                "holder of calls",
                RTC,
                told,
                needed=False,
                beside=place.with_name(f"serve-{settings.port}-rtc"),
                stop_signal=signal.SIGINT,
            )
            lasting.append(Crew(calls, settings.rtc).run(ready))
        if model is not None:
            lasting.insert(0, Keeper(model.child).run(ready))  # stopped after those who use it
        await _together(lasting)


async def _renew(
    anew: Renewal, ready: asyncio.Event, env: Mapping[str, str], crews: Sequence[Crew]
) -> None:
    """Whenever it is asked for: the version of viva that is installed now, without a break."""
    await ready.wait()
    while True:
        await anew.asked()
        anew.say("the database is brought up to date")
        migrating = await Child.start(MIGRATE, env=env)
        try:
            status = await migrating.wait()
        finally:
            await migrating.stop(STOP_S)
        if status:
            anew.end(f"nothing was replaced: migrating failed (status {status})", complete=False)
            continue
        for crew in crews:
            if not await crew.renew(anew.say):
                anew.end("not ready in time, so those that were left stay", complete=False)
                break
        else:
            anew.end("everything was replaced", complete=True)


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """The one that we run ourselves: its child, and what server and worker are told of it."""

    name: str
    child: Kept
    told: Mapping[str, str] = field(repr=False)


@asynccontextmanager
async def _language_model(
    settings: Settings, env: Mapping[str, str]
) -> AsyncIterator[LanguageModel | None]:
    """``viva llm`` on a port that is held for it, where this machine can run it."""
    found = await asyncio.to_thread(beside, settings)
    if isinstance(found, str):
        yield None
        return
    with closing(Place()) as place:
        key = secret(settings.llm_api_key) or secrets.token_urlsafe(16)
        yield language_model(found, place.port, key, settings.data, env)


def language_model(
    start: Launch, port: int, key: str, data: Path, env: Mapping[str, str]
) -> LanguageModel:
    """It loads for minutes, so nobody waits for it: the question bank asks until it is ready. It
    may never be: that is no reason to end."""
    chosen = {
        "VIVA_LLM_MODEL": start.model,
        "VIVA_LLM_API_KEY": key,
        "VIVA_VLLM_PORT": str(port),
    }
    child = Kept(
        "language model",
        LLM,
        {**env, **chosen},
        needed=False,
        log=data.expanduser().absolute() / "vllm.log",
        first_delay_s=5.0,
        longest_delay_s=300.0,
        steady_s=120.0,
    )
    told = {
        "VIVA_LLM_URL": f"http://{HOST}:{port}/v1",
        "VIVA_LLM_MODEL": start.served_name,
        "VIVA_LLM_API_KEY": key,
    }
    return LanguageModel(start.served_name, child, told)


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


async def _announce(
    settings: Settings, database_url: str, ready: asyncio.Event, model: LanguageModel | None
) -> None:
    base = address_of(settings)
    await _until_ready(settings)
    address = f"{base}/sign-in#link={await one_time_link(database_url)}"
    ready.set()
    print(
        f"\n  candidate    {base}/\n  interviewer  {shown(address, base, settings.data)}\n\n"
        "  Until you sign in this is open to everyone on this machine, and to nobody else: viva\n"
        "  listens on loopback only. Ctrl-C stops it.\n",
        flush=True,
    )
    if await _empty(database_url):
        print(f"  To see it with people in it: {command()} demo", flush=True)
    print(f"  All commands of viva: {command()} --help\n", flush=True)
    if model is not None:
        print(
            f"  vLLM is loading {model.name}; until it is ready the bank asks.\n"
            f"  See its messages in {model.child.log}\n",
            flush=True,
        )


def address_of(settings: Settings) -> str:
    """Where browsers find the pages."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    scheme = "http" if settings.tls_cert is None else "https"
    return settings.public_url or f"{scheme}://{host}:{settings.port}"


def command() -> str:
    """How the person at this machine calls us."""
    there = Path(sys.executable).with_name("viva")
    with contextlib.suppress(ValueError):
        there = there.relative_to(Path.cwd())
    return str(there)


async def _empty(database_url: str) -> bool:
    async with await _own_pool(database_url) as pool:
        return await interviews.none(pool)


async def one_time_link(database_url: str) -> str:
    """For the person at this machine, within an hour; takes the place of earlier ones."""
    async with await _own_pool(database_url) as pool:
        return await links.add(pool, "sign_in", None)


async def _own_pool(database_url: str) -> asyncpg.Pool:
    """Of the organisation of this machine."""
    return await open_pool(database_url, application_name="viva up", max_size=1, scope=Scope(LOCAL))


def shown(address: str, base: str, data: Path) -> str:
    """What is printed of it: on a terminal itself. What is printed elsewhere is kept in a log, so
    there it stands in a file of its own, readable by us only."""
    if sys.stdout.isatty():
        then = f"signs you in, once, within an hour; then {base}/interviewer"
        return f"{address}\n               {then}"
    path = data.expanduser().absolute() / SIGN_IN_FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"{address}\n")
    return f"{base}/interviewer\n  to sign in   once, within an hour: the address in {path}"


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
        secure = settings.tls_cert is not None
        status, missing = await _readiness(settings.host, settings.port, secure=secure)
        if status == 200:
            return
        if clock() > next_word:
            next_word = clock() + SLOW_START_S
            print(f"  still waiting for: {', '.join(missing) or 'the server'}", flush=True)
        await asyncio.sleep(0.1)


async def _readiness(host: str, port: int, *, secure: bool) -> tuple[int, list[str]]:
    """Status of ``/health/ready`` and the parts it misses; 0 where nobody answers."""
    # It is our own child on this machine, whatever name its certificate bears.
    tls = ssl._create_unverified_context() if secure else None  # noqa: S323, SLF001
    try:
        async with asyncio.timeout(ASK_S):  # we listen ourselves: until one accepts it waits
            reader, writer = await asyncio.open_connection(host, port, ssl=tls)
    except (OSError, TimeoutError):
        return 0, []
    try:
        request = f"GET /health/ready HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        answer = await asyncio.wait_for(reader.read(), ASK_S)
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


def _door(host: str, port: int) -> socket.socket:
    """The socket on which all servers accept. It is ours, so whoever comes while none of them is
    there waits a moment, and is not refused."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    door = socket.socket(family, kind, protocol)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(BACKLOG)
    except OSError as error:
        door.close()
        if error.errno == errno.EADDRINUSE:
            taken = f"port {port} on {host} is taken; stop what listens there or set VIVA_PORT"
            raise UpError(taken) from None
        raise
    return door
