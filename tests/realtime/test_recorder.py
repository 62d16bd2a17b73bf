"""Recording on the real store: what is kept, from when, and through outages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import numpy as np
import pytest
from numpy.typing import NDArray

from server.engines.opus import FRAME_BYTES, FRAME_MS
from server.realtime import chunks as chunks_module
from server.realtime import recorder as module
from server.realtime.chunks import Chunks
from server.realtime.encoding import Encoding, loudness
from server.realtime.recorder import PRE_ROLL_MS, Recorder
from server.realtime.sound import Sound
from server.store import recordings
from server.store.keys import Keys
from server.store.notices import Told
from server.store.sealing import Seals
from tests.driver import lease
from tests.engines.test_opus import decoded, likeness
from tests.realtime.recorded import MS, SPEECH, file_of, hear
from tests.realtime.stage import an_interview

TOLD = Told("1", "en", None, 30, 7)
SEALS = Seals(Keys((bytes(32),)))

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audio comes faster than it is spoken here, so it is stored more often as well."""
    monkeypatch.setattr(chunks_module, "EVERY_S", 0.02)
    monkeypatch.setattr(chunks_module, "TOGETHER_S", 0.001)
    monkeypatch.setattr(module, "AGAIN_S", 0.02)


@pytest.fixture
def encoding() -> Iterator[Encoding]:
    one = Encoding()
    yield one
    one.close()


@pytest.fixture
async def interview(pool: asyncpg.Pool) -> UUID:
    return (await an_interview(pool)).id


@asynccontextmanager
async def recorder_at(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID, start_ms: int = 0
) -> AsyncIterator[Recorder]:
    """A running recorder of a candidate who agreed; stopped as if its process died."""
    await recordings.agree(pool, interview, TOLD)
    seal = await SEALS.begin(pool, interview)
    epoch = await lease(pool, interview)
    chunks = Chunks(pool)
    recorder = Recorder(pool, encoding, chunks, interview, seal, epoch, start_ms=start_ms)
    running = asyncio.create_task(recorder.run())
    try:
        yield recorder
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("late_s", [0, 0.004, 0.008, 0.012, 0.016])
async def test_each_answer_is_a_file_that_begins_before_the_floor_passes(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID, late_s: float
) -> None:
    """Whether what was heard before is stored already, on its way there, or not yet cut."""
    async with recorder_at(pool, encoding, interview) as recorder:
        await asyncio.sleep(late_s)
        recorder.beside(1, 0)
        await hear(recorder, SPEECH[: 5_000 * MS])
        recorder.turn(1, 4_800)
        await hear(recorder, SPEECH[5_000 * MS : 12_000 * MS])
        recorder.beside(2, 11_900)
        await hear(recorder, SPEECH[12_000 * MS : 15_000 * MS])
        recorder.turn(2, 15_000)
        await hear(recorder, SPEECH[15_000 * MS :])
        await recorder.close()

    rows = await recordings.chunks(pool, interview)
    loud = await Sound(pool, SEALS).loudness(interview, rows)
    firsts = {turn: next(r for r in rows if r["turn"] == turn) for turn in (1, 2)}
    for turn, starts_ms, ends_ms in ((1, 4_800, 11_900), (2, 15_000, 20_000)):
        start_ms = firsts[turn]["start_ms"]
        # What was stored already is taken as it was cut; here that is four seconds at a time.
        assert starts_ms - PRE_ROLL_MS - 4_000 <= start_ms <= starts_ms - PRE_ROLL_MS + FRAME_MS
        heard = decoded(await file_of(Sound(pool, SEALS), pool, interview, turn))
        assert abs(len(heard) / 16 - (ends_ms - start_ms)) <= FRAME_MS
        assert likeness(SPEECH[start_ms * MS : ends_ms * MS], heard) > 0.95
        frames = len(loud[turn])
        assert frames * FRAME_MS == sum(r["duration_ms"] for r in rows if r["turn"] == turn)
        assert loud[turn] == loudness(SPEECH[start_ms * MS :][: frames * FRAME_BYTES])


async def test_an_answer_goes_on_in_the_same_file_after_a_crash(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID
) -> None:
    async with recorder_at(pool, encoding, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH[: 8_000 * MS])
        await asyncio.sleep(0.3)
    before = await recordings.chunks(pool, interview)
    kept_ms = sum(row["duration_ms"] for row in before)
    assert kept_ms >= 8_000 - 2 * FRAME_MS

    async with recorder_at(pool, encoding, interview, start_ms=7_000) as recorder:
        recorder.turn(1, 7_000)
        await hear(recorder, SPEECH[10_000 * MS : 15_000 * MS])
        await recorder.close()
    after = (await recordings.chunks(pool, interview))[len(before) :]
    assert after[0]["start_ms"] == 7_000
    heard = decoded(await file_of(Sound(pool, SEALS), pool, interview, 1))
    assert abs(len(heard) / 16 - (kept_ms + 5_000)) <= FRAME_MS
    assert likeness(SPEECH[10_000 * MS : 15_000 * MS], heard[kept_ms * 16 :]) > 0.95


async def test_nothing_is_lost_while_the_store_fails_for_a_while(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID
) -> None:
    async with recorder_at(pool, encoding, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH[: 4_000 * MS])
        await pool.execute("ALTER TABLE recording_chunks RENAME TO elsewhere")
        await hear(recorder, SPEECH[4_000 * MS : 16_000 * MS])
        await asyncio.sleep(0.2)
        await pool.execute("ALTER TABLE elsewhere RENAME TO recording_chunks")
        await hear(recorder, SPEECH[16_000 * MS :])
        await recorder.close()
    rows = await recordings.chunks(pool, interview)
    assert [row["lost_ms"] for row in rows] == [0] * len(rows)
    ends = [row["start_ms"] + row["duration_ms"] for row in rows]
    assert [row["start_ms"] for row in rows[1:]] == ends[:-1]
    assert likeness(SPEECH, decoded(await file_of(Sound(pool, SEALS), pool, interview, 1))) > 0.95


async def test_what_is_too_much_to_hold_is_dropped_and_marked(
    pool: asyncpg.Pool,
    encoding: Encoding,
    interview: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "UNSTORED_BYTES", 20_000)
    async with recorder_at(pool, encoding, interview) as recorder:
        await pool.execute("ALTER TABLE recording_chunks RENAME TO elsewhere")
        recorder.turn(1, 0)
        await hear(recorder, SPEECH)
        await asyncio.sleep(0.2)
        assert recorder._encoded_bytes <= 20_000
        await pool.execute("ALTER TABLE elsewhere RENAME TO recording_chunks")
        await asyncio.sleep(0.2)
        await hear(recorder, SPEECH[: 5_000 * MS])
        await recorder.close()
    rows = await recordings.chunks(pool, interview)
    kept_ms = sum(row["duration_ms"] for row in rows)
    lost_ms = sum(row["lost_ms"] for row in rows)
    assert lost_ms > 5_000
    assert abs(kept_ms + lost_ms - 25_000) <= 2 * FRAME_MS
    assert (
        abs(len(decoded(await file_of(Sound(pool, SEALS), pool, interview, 1))) / 16 - kept_ms)
        <= FRAME_MS
    )


async def test_all_that_is_heard_is_durable_within_a_second_and_said_to_be(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID
) -> None:
    told: list[int] = []
    async with recorder_at(pool, encoding, interview) as recorder:
        recorder.on_stored = told.append
        recorder.beside(1, 0)
        await hear(recorder, SPEECH[: 4_000 * MS])
        recorder.turn(1, 4_000)
        await hear(recorder, SPEECH[4_000 * MS : 9_000 * MS])
        await asyncio.sleep(0.2)
    assert told == sorted(told)
    assert 9_000 - FRAME_MS <= told[-1] <= 9_000
    heard = await Sound(pool, SEALS).pcm(interview, 0, told[-1])
    assert likeness(SPEECH[: told[-1] * MS], floats(heard)) > 0.95


async def test_a_stretch_in_the_middle_comes_back_at_its_time(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID
) -> None:
    async with recorder_at(pool, encoding, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH)
        await asyncio.sleep(0.2)
    sound = Sound(pool, SEALS)
    heard = await sound.pcm(interview, 7_340, 9_990)
    assert len(heard) == 2_650 * MS
    assert likeness(SPEECH[7_340 * MS : 9_990 * MS], floats(heard)) > 0.95
    assert await sound.pcm(interview, 50_000, 51_000) == b""


async def test_nothing_is_kept_of_a_break(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID
) -> None:
    async with recorder_at(pool, encoding, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH[: 3_000 * MS])
        recorder.rest(3_000)
        await hear(recorder, SPEECH[3_000 * MS : 9_000 * MS])
        await asyncio.sleep(0.2)
        assert recorder.stored_ms == 9_000
    stored = await recordings.between(pool, interview, 0, 20_000)
    assert stored[-1].start_ms + stored[-1].duration_ms <= 3_000 + FRAME_MS


async def test_what_another_process_drives_is_left_to_it(
    pool: asyncpg.Pool, encoding: Encoding, interview: UUID
) -> None:
    async with recorder_at(pool, encoding, interview) as recorder:
        recorder.turn(1, 0)
        await lease(pool, interview)
        await hear(recorder, SPEECH[: 3_000 * MS])
        await asyncio.sleep(0.2)
        await recorder.close()
    assert await recordings.between(pool, interview, 0, 20_000) == []


def floats(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm, "<i2").astype(np.float32)
