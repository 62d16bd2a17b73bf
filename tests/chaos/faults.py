"""What is done to a house while interviews are held in it. In the end everything is whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import asyncpg
import httpx

from tests.chaos.house import POSTGRES, SERVERS, VALKEY, WORKER, House
from tests.live import until
from tests.resumes import ENGLISH_RESUME, resume_pdf

ONE, TWO = SERVERS
OTHERS = "application_name LIKE 'viva %' AND pid <> pg_backend_pid()"
TERMINATE = f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {OTHERS}"
DEAD_SHARE = 0.4


@dataclass
class Told:
    """What a fault has to say. ``spans``: when it was there, by the wall clock, where that is not
    all the time; ``seconds``: how long took what may not take for ever."""

    notes: list[str] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


Act = Callable[[House, float], Awaitable[Told]]
"""On a house, for some seconds where it takes time."""


@dataclass(frozen=True)
class Fault:
    """``servers``: those that the candidates know of. ``moves``, ``dirt``: see Candidate."""

    name: str
    act: Act
    servers: tuple[str, ...] = (ONE,)
    moves: bool = False
    dirt: str = ""


def freeze(part: str, times: float = 1) -> Act:
    async def act(house: House, seconds: float) -> Told:
        with house.frozen(part):
            await asyncio.sleep(times * seconds)
        return Told([f"{times * seconds:.0f} s"])

    return act


def freeze_now_and_then(part: str, times: int) -> Act:
    """As long frozen as not, in turns: what is measured meanwhile compares."""

    async def act(house: House, seconds: float) -> Told:
        told = Told([f"{times} times {seconds / 2:.1f} s"])
        for _ in range(times):
            began = time.time()
            with house.frozen(part):
                await asyncio.sleep(seconds / 2)
            told.spans.append((began, time.time()))
            await asyncio.sleep(seconds / 2)
        return told

    return act


def kill(part: str) -> Act:
    """And nobody is there for a while."""

    async def act(house: House, seconds: float) -> Told:
        await house.kill(part)
        await asyncio.sleep(seconds * DEAD_SHARE)
        await house.start(part)
        return Told([f"started again {seconds * DEAD_SHARE:.0f} s later"])

    return act


async def kill_worker(house: House, seconds: float) -> Told:
    """In the middle of a résumé, which the next worker reads again."""
    resume_id = await upload(house, f"Killed {time.time()}")
    async with house.database() as database:
        await until(lambda: _held(database), 60)
        await house.kill(WORKER)
        killed = time.monotonic()
        await house.start(WORKER)
        await until(lambda: _read(database, resume_id), 60)
    took = time.monotonic() - killed
    return Told([f"its résumé read again after {took:.1f} s"], seconds={"read again": took})


async def upload(house: House, name: str) -> str:
    """A résumé of its own."""
    async with httpx.AsyncClient(base_url=house.base(ONE), timeout=30) as http:
        content = resume_pdf([name, *ENGLISH_RESUME[1:]])
        answer = await http.post("/v1/resumes", files={"file": ("cv.pdf", content)})
        answer.raise_for_status()
        resume_id: str = answer.json()["id"]
        return resume_id


async def _held(database: asyncpg.Connection) -> bool | None:
    sql = "SELECT true FROM jobs WHERE kind = 'parse_resume' AND leased_until > now()"
    held: bool | None = await database.fetchval(sql)
    return held


async def _read(database: asyncpg.Connection, resume_id: str) -> bool | None:
    sql = "SELECT true FROM resumes WHERE id = $1::text::uuid AND status = 'ready'"
    ready: bool | None = await database.fetchval(sql, resume_id)
    return ready


async def terminate(house: House, seconds: float) -> Told:
    """All connections, again and again: some of them in the middle of a transaction."""
    ended, until_s = 0, time.monotonic() + seconds
    async with house.database() as database:
        while time.monotonic() < until_s:
            ended += await database.fetchval(TERMINATE)
            await asyncio.sleep(0.05)
    return Told([f"{ended} connections in {seconds:.0f} s"])


async def restart_postgres(house: House, seconds: float) -> Told:
    """A fast restart, as for a new version."""
    await house.end(POSTGRES)
    await house.start(POSTGRES)
    return Told()


async def read_only(house: House, seconds: float) -> Told:
    """As a failover looks: the connections end, the new ones cannot write for a while. Those made
    meanwhile stay read-only for good, and nobody ends them."""
    async with house.database() as database:
        await database.execute("ALTER DATABASE viva SET default_transaction_read_only = on")
        try:
            await database.fetchval(TERMINATE)
            await asyncio.sleep(2 * seconds)
        finally:
            await database.execute("ALTER DATABASE viva RESET default_transaction_read_only")
    return Told([f"{2 * seconds:.0f} s"])


async def end_server(house: House, seconds: float) -> Told:
    """As for a new version."""
    took = await house.end(ONE)
    await house.start(ONE)
    return Told([f"ended after {took:.1f} s"], seconds={"ended": took})


async def end_server_without_redis(house: House, seconds: float) -> Told:
    """SIGTERM while Redis stands still; the server is started again before Redis is back."""
    with house.frozen(VALKEY):
        took = await house.end(ONE)
        await house.start(ONE)
        await asyncio.sleep(seconds)
    return Told([f"the server ended after {took:.1f} s"], seconds={"ended": took})


async def nothing(house: House, seconds: float) -> Told:
    """The candidates are trouble enough."""
    return Told()
