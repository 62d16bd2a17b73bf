"""Real PostgreSQL and Valkey for the tests: one of each per run, for every test as if new."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import settings
from redis.asyncio import Redis

from server.embedded import Embedded
from server.store.pool import open_pool
from tests.clock import ClockLoop
from tests.databases import AT_HOME, Kept

if TYPE_CHECKING:
    from tests.live import Viva  # dear to load, and most tests need none of it

settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci")

CATEGORIES = frozenset({"unit", "database", "engine", "browser", "clients", "chaos"})
OF_FOLDERS = {"browser": "browser", "clients": "clients", "engines": "engine", "chaos": "chaos"}
"""What tests are that say nothing themselves. Elsewhere their fixtures say it."""
IN_THEIR_FOLDERS = frozenset({"browser", "clients", "chaos"})
"""They are looked for nowhere else: to read all tests takes as long as many of them do."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test has one category, its own or that of its folder and fixtures."""
    for item in items:
        own = {mark.name for mark in item.iter_markers() if mark.name in CATEGORIES}
        if len(own) > 1:
            raise pytest.UsageError(f"{item.nodeid} has the categories {', '.join(sorted(own))}")
        if own & IN_THEIR_FOLDERS:
            raise pytest.UsageError(f"{item.nodeid} is in another folder than its category's")
        if not own:
            item.add_marker(_category(item))


def _category(item: pytest.Item) -> str:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    real = "embedded" in getattr(item, "fixturenames", ())
    return OF_FOLDERS.get(folder, "database" if real else "unit")


class _ClockLoops(asyncio.DefaultEventLoopPolicy):
    _loop_factory = ClockLoop


# One kind of loop for all. With pytest-asyncio's own hook for it the fixtures of the session would
# be made anew for every test.
asyncio.set_event_loop_policy(_ClockLoops())


@pytest.fixture
async def clock() -> AsyncIterator[ClockLoop]:
    """Virtual time, from here to the end of the test: see tests/clock.py."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ClockLoop)
    with loop.virtual():
        yield loop


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path, for sockets; pytest's own are too long."""
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        yield Path(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def embedded() -> AsyncIterator[Embedded]:
    """Both servers, with nothing in them, not durable."""
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with Embedded(Path(folder), durable=False) as servers:
            yield servers


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(embedded: Embedded) -> AsyncIterator[Kept]:
    kept = Kept(embedded, "test_migrated", migrated=True, lasting=True)
    yield kept
    kept.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def empty(embedded: Embedded) -> AsyncIterator[Kept]:
    kept = Kept(embedded, "test_empty", migrated=False, lasting=True)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def shared(embedded: Embedded) -> Kept:
    """For a server that serves all tests of a module."""
    return Kept(embedded, "test_shared", migrated=True)


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(migrated: Kept) -> str:
    """A database as migrations leave it."""
    return await migrated.fresh()


@pytest_asyncio.fixture(loop_scope="session")
async def empty_database_url(empty: Kept) -> str:
    """A database without any table."""
    return await empty.fresh()


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await open_pool(database_url, max_size=5, scope=AT_HOME)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def redis_url(embedded: Embedded) -> str:
    """Valkey with nothing in it."""
    async with Redis.from_url(embedded.redis_url) as client:
        await client.flushall()
    return embedded.redis_url


@pytest.fixture
async def viva(
    request: pytest.FixtureRequest, database_url: str, redis_url: str
) -> AsyncIterator[Viva]:
    """Server and worker in this process, with the further settings of ``pytest.mark.viva``."""
    marked = request.node.get_closest_marker("viva")
    async with import_module("tests.live").running(
        database_url, redis_url, **({} if marked is None else marked.kwargs)
    ) as system:
        yield system
