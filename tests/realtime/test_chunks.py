"""Sound of several interviews in one statement: all of it is stored, each under its own lease."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from server.clock import now
from server.realtime import chunks as module
from server.realtime.chunks import EVERY_S, Chunks
from server.store import recordings
from server.store.recordings import Chunk, Heard
from tests.driver import lease
from tests.realtime.stage import an_interview

pytestmark = pytest.mark.usefixtures("clock")


def chunk(n: int) -> Chunk:
    return Chunk(1, n, 900 * n, 900, 0, True, b"sealed %d" % n)


async def stored(pool: asyncpg.Pool, interview_id: UUID) -> list[bytes | None]:
    return [one.sealed for one in await recordings.between(pool, interview_id, 0, 10_000)]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many chunks went with each."""
    counted: list[int] = []
    add = recordings.add

    async def counting(pool: asyncpg.Pool, heard: list[Heard]) -> set[tuple[UUID, int]]:
        counted.append(len(heard))
        return await add(pool, heard)

    monkeypatch.setattr(recordings, "add", counting)
    return counted


async def test_what_comes_at_about_the_same_time_goes_together(
    pool: asyncpg.Pool, statements: list[int]
) -> None:
    chunks, interviews = Chunks(pool), [(await an_interview(pool)).id for _ in range(3)]
    epochs = [await lease(pool, one) for one in interviews]
    both = list(zip(interviews, epochs, strict=True))
    added = [chunks.add(one, epoch, chunk(n)) for n in (0, 1) for one, epoch in both]
    assert await asyncio.gather(*added) == [True] * 6
    assert statements == [6]
    for one in interviews:
        assert await stored(pool, one) == [b"sealed 0", b"sealed 1"]


async def test_what_another_process_drives_is_not_added_and_does_not_keep_out_the_others(
    pool: asyncpg.Pool,
) -> None:
    chunks, lost, ours = Chunks(pool), (await an_interview(pool)).id, (await an_interview(pool)).id
    older = await lease(pool, lost)
    await lease(pool, lost)
    epoch = await lease(pool, ours)
    added = await asyncio.gather(
        chunks.add(lost, older, chunk(0)), chunks.add(ours, epoch, chunk(0))
    )
    assert list(added) == [False, True]
    assert await stored(pool, lost) == []
    assert await stored(pool, ours) == [b"sealed 0"]


async def test_who_gives_up_waiting_keeps_nobody_else_waiting_and_twice_is_once(
    pool: asyncpg.Pool,
) -> None:
    chunks, interview = Chunks(pool), (await an_interview(pool)).id
    epoch = await lease(pool, interview)
    gone = asyncio.create_task(chunks.add(interview, epoch, chunk(0)))
    await asyncio.sleep(0)
    gone.cancel()
    again = [chunks.add(interview, epoch, chunk(n)) for n in (0, 0, 1)]
    assert await asyncio.gather(*again) == [True] * 3
    assert await stored(pool, interview) == [b"sealed 0", b"sealed 1"]


async def test_what_the_store_says_is_said_to_all_and_later_all_goes_on(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks, interview = Chunks(pool), (await an_interview(pool)).id
    epoch = await lease(pool, interview)
    with monkeypatch.context() as broken:
        broken.setattr(recordings, "ADD", "SELECT 1 / 0")
        both = [chunks.add(interview, epoch, chunk(n)) for n in (0, 1)]
        told = await asyncio.gather(*both, return_exceptions=True)
    assert all(isinstance(one, asyncpg.PostgresError | asyncpg.InterfaceError) for one in told)
    assert await chunks.add(interview, epoch, chunk(2))


async def test_no_statement_is_too_large(
    pool: asyncpg.Pool, statements: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 4)
    chunks, interview = Chunks(pool), (await an_interview(pool)).id
    epoch = await lease(pool, interview)
    await asyncio.gather(*(chunks.add(interview, epoch, chunk(n)) for n in range(10)))
    assert statements == [4, 4, 2]


async def test_all_cut_at_the_same_instants(pool: asyncpg.Pool) -> None:
    chunks, cut = Chunks(pool), []

    async def cutting(after_s: float) -> None:
        await asyncio.sleep(after_s)
        for _ in range(3):
            await chunks.due()
            cut.append(round(now() - began, 3))

    began = now()
    await asyncio.gather(*(cutting(after_s) for after_s in (0.0, 0.3, 0.7)))
    assert cut == [round(EVERY_S * n, 3) for n in (1, 2, 3) for _ in range(3)]
