"""A whole viva as processes that can be frozen, killed and started again: two servers, a worker,
PostgreSQL and Valkey, all children of the test."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Self

import asyncpg
import httpx

from server.assets import share
from server.child import Child
from server.embedded import Embedded
from server.store.migrations import migrate
from tests.chaos.clocks import Clocks
from tests.chaos.engines import Engines, engines
from tests.chaos.errands import Errands, errands
from tests.live import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ONE, TWO = "one", "two"
WORKER = "worker"
POSTGRES, VALKEY = "postgres", "valkey"
EVERYTHING = (POSTGRES, VALKEY, *SERVERS, WORKER)
UP_S = 600.0
STOP_S = 120.0
SERVE = ("-P", "-m", "server.cli", "serve")
WORK = ("-P", "-m", "workers.main")


class House:
    """``async with House(folder) as house``. Parts are named: ``one``, ``two``, ``worker``,
    ``postgres``, ``valkey``. ``own``: what some of them are set to."""

    def __init__(self, folder: Path, own: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.data = folder
        self._own = own or {}
        self._programs: dict[str, Child] = {}
        self._stores: dict[str, Embedded] = {}
        self._ports = {name: free_port() for name in SERVERS}
        self._frozen: set[int] = set()
        self._setting = ""
        self._opened = AsyncExitStack()
        self.database_url = self.redis_url = ""
        self.engines: Engines | None = None
        self.errands: Errands | None = None
        self.clocks: Clocks | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.start(POSTGRES)
            await self.start(VALKEY)
            await migrate(self.database_url, share("migrations"))
            await asyncio.gather(*(self.start(name) for name in (*SERVERS, WORKER)))
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def _close(self) -> None:
        self.let_go(list(self._frozen))
        programs, self._programs = self._programs, {}
        await asyncio.gather(*(child.stop(STOP_S) for child in programs.values()))
        stores, self._stores = self._stores, {}
        for store in stores.values():
            await store.__aexit__(None, None, None)
        await self._opened.aclose()

    def base(self, server: str) -> str:
        return f"http://127.0.0.1:{self._ports[server]}"

    def pid(self, part: str) -> int:
        if part in self._stores:
            return self._stores[part].pids[part]
        return self._programs[part].pid

    # What server and worker are started with.

    async def furnish(self, setting: str) -> None:
        """``engines``: with model, speech and transcription servers of the test's; ``errands``:
        with a mail server and a webhook; ``clocks``: each part with a clock of its own. Starts anew
        what that changes; the server always where there are engines, so that none is left alone for
        what it did before."""
        before, self._setting = self._setting, setting
        if setting == before:
            changed: Sequence[str] = (ONE,) if setting == "engines" else ()
        else:
            await self._fetch(setting)
            changed = EVERYTHING if "clocks" in (before, setting) else (ONE, WORKER)
        for part in changed:
            await self.end(part)
            await self.start(part)

    async def _fetch(self, setting: str) -> None:
        if setting == "engines" and self.engines is None:
            self.engines = await self._opened.enter_async_context(engines())
        if setting == "errands" and self.errands is None:
            self.errands = await self._opened.enter_async_context(errands())
        if setting == "clocks" and self.clocks is None:
            self.clocks = Clocks(self.data)

    def _furnished(self, part: str) -> dict[str, str]:
        match self._setting, self.engines, self.errands, self.clocks:
            case "engines", Engines() as found, _, _:
                return found.env
            case "errands", _, Errands() as found, _:
                return found.env
            case "clocks", _, _, Clocks() as found:
                return found.env(part)
        return {}

    # Starting and ending.

    async def start(self, part: str) -> None:
        """Return when it answers. What it was started with before it has again: sockets, ports."""
        if part in (POSTGRES, VALKEY):
            await self._start_store(part)
            return
        extra = {"VIVA_PORT": str(self._ports[part])} if part in SERVERS else {}
        command = SERVE if part in SERVERS else WORK
        with (self.data / f"{part}.log").open("ab") as output:
            self._programs[part] = await Child.start(
                [sys.executable, *command], env=self._env(part, extra), output=output
            )
        if part in SERVERS:
            await self._answers(part)

    async def _start_store(self, part: str) -> None:
        store = Embedded(
            self.data / part,
            postgres=part == POSTGRES,
            redis=part == VALKEY,
            env=self._furnished(part) if self._setting == "clocks" else {},
        )
        self._stores[part] = await store.__aenter__()
        if part == POSTGRES:
            self.database_url = store.database_url
        else:
            self.redis_url = store.redis_url

    def _env(self, part: str, more: Mapping[str, str]) -> dict[str, str]:
        """Nothing of the environment that would bring a model or another database."""
        given = {k: v for k, v in os.environ.items() if not k.startswith("VIVA_")}
        urls = {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}
        ours = {"VIVA_STT": "whisper-base", "VIVA_LOG": "json", "VIVA_DATA": str(self.data)}
        ours["VIVA_DRAIN_SECONDS"] = "3"  # candidates who type while they are asked have no pause
        ours |= {"VIVA_ADMISSION": "off"}  # what breaks is to be met, not refused
        own = self._own.get(part, {})
        return given | urls | ours | self._furnished(part) | dict(more) | dict(own)

    async def _answers(self, server: str) -> None:
        ends = monotonic() + UP_S
        async with httpx.AsyncClient(base_url=self.base(server), timeout=5) as http:
            while True:
                with suppress(httpx.HTTPError):
                    if (await http.get("/health/live")).status_code == 200:
                        return
                assert self._programs[server].returncode is None, f"server {server} ended"
                assert monotonic() < ends, f"server {server} does not answer"
                await asyncio.sleep(0.1)

    async def kill(self, part: str) -> None:
        """As the kernel does where memory is short; returns when nothing of it is left."""
        os.kill(self.pid(part), signal.SIGKILL)
        await self.end(part)

    async def end(self, part: str) -> float:
        """Ask it to end, as a service manager does; returns how many seconds that took."""
        asked = monotonic()
        if part in self._stores:
            await self._stores.pop(part).__aexit__(None, None, None)
        else:
            await self._programs.pop(part).stop(STOP_S)
        return monotonic() - asked

    # Freezing.

    @contextmanager
    def frozen(self, part: str) -> Iterator[None]:
        """The part and all its children stand still meanwhile."""
        pids = [self.pid(part)]
        try:
            for pid in pids:  # grows while it is read: a parent stops before its children
                self._frozen.add(pid)
                _signal(pid, signal.SIGSTOP)
                pids += _children(pid)
            yield
        finally:
            self.let_go(pids)

    def let_go(self, pids: Sequence[int]) -> None:
        for pid in reversed(pids):
            self._frozen.discard(pid)
            _signal(pid, signal.SIGCONT)

    def tree(self, part: str) -> list[int]:
        """Its process and all that came of it, parents first."""
        pids = [self.pid(part)]
        for pid in pids:
            pids += _children(pid)
        return pids

    def of_program(self, program: str) -> list[int]:
        """Those that run this module below the servers and the worker, or beside them for all: such
        a one outlives whoever started it."""
        below = {pid for part in self._programs for pid in self.tree(part)[1:]}
        every = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
        ours = [pid for pid in every if pid in below or str(self.data) in _command(pid)]
        return [pid for pid in ours if program in _command(pid)]

    def lives(self, part: str) -> bool:
        state = Path(f"/proc/{self.pid(part)}/stat")
        return state.exists() and ") Z" not in state.read_text()

    # The database, past everything that is tested.

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(
            self.database_url, timeout=30, server_settings={"default_transaction_read_only": "off"}
        )
        try:
            yield connection
        finally:
            await connection.close(timeout=5)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(one) for one in listed.read_text().split()]
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
