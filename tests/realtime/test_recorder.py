"""Recording on the real store: what is kept, from when, through outages, and for whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import pytest

from server.engines.opus import FRAME_MS
from server.ports import CANDIDATE_RATE
from server.realtime import recorder as module
from server.realtime.recorder import PRE_ROLL_MS, Recorder
from server.realtime.recording import Recording
from server.store import interviews, recordings, resumes
from tests.engines.test_opus import decoded, likeness
from tests.speech import recording, silence

pytestmark = pytest.mark.usefixtures("clock")

SPEECH = recording("two_cities.wav", seconds=20.0)
PACKET = 1_280
MS = CANDIDATE_RATE // 1_000 * 2


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audio comes faster than it is spoken here, so it is stored more often as well."""
    monkeypatch.setattr(module, "EVERY_S", 0.02)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as thread:
        yield thread


@pytest.fixture
async def interview(pool: asyncpg.Pool) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    header = {"name": "Kim", "target_role": "보안 엔지니어"}
    await resumes.mark_ready(pool, resume_id, {"header": header, "meta": {"language": "ko"}})
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return created.interview_id


@asynccontextmanager
async def recorder_at(
    pool: asyncpg.Pool, executor: ThreadPoolExecutor, interview: UUID, start_ms: int = 0
) -> AsyncIterator[Recorder]:
    """A running recorder of a candidate who agreed; stopped as if its process died."""
    await recordings.agree(pool, interview)
    recorder = Recorder(pool, executor, interview, consented=True, start_ms=start_ms)
    running = asyncio.create_task(recorder.run())
    try:
        yield recorder
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def hear(recorder: Recorder, pcm: bytes) -> None:
    for start in range(0, len(pcm), PACKET):
        recorder.hear(pcm[start : start + PACKET])
        if start % (PACKET * 25) == 0:
            await asyncio.sleep(0.005)


async def file_of(pool: asyncpg.Pool, interview: UUID, turn: int) -> bytes:
    rows = await pool.fetch(
        "SELECT ogg FROM recording_chunks WHERE interview_id = $1 AND turn = $2 ORDER BY n",
        interview,
        turn,
    )
    return b"".join(row["ogg"] for row in rows)


async def test_each_answer_is_a_file_that_begins_before_the_floor_passes(
    pool: asyncpg.Pool, executor: ThreadPoolExecutor, interview: UUID
) -> None:
    async with recorder_at(pool, executor, interview) as recorder:
        await hear(recorder, SPEECH[: 5_000 * MS])
        recorder.turn(1, 4_800)
        await hear(recorder, SPEECH[5_000 * MS : 12_000 * MS])
        recorder.rest(11_900)
        await hear(recorder, SPEECH[12_000 * MS : 15_000 * MS])
        recorder.turn(2, 15_000)
        await hear(recorder, SPEECH[15_000 * MS :])
        await recorder.close()

    rows = await recordings.chunks(pool, interview)
    firsts = {turn: next(r for r in rows if r["turn"] == turn) for turn in (1, 2)}
    for turn, starts_ms, ends_ms in ((1, 4_800, 11_900), (2, 15_000, 20_000)):
        start_ms = firsts[turn]["start_ms"]
        assert start_ms == starts_ms - PRE_ROLL_MS
        heard = decoded(await file_of(pool, interview, turn))
        assert abs(len(heard) / 16 - (ends_ms - start_ms)) <= FRAME_MS
        assert likeness(SPEECH[start_ms * MS : ends_ms * MS], heard) > 0.95


async def test_an_answer_goes_on_in_the_same_file_after_a_crash(
    pool: asyncpg.Pool, executor: ThreadPoolExecutor, interview: UUID
) -> None:
    async with recorder_at(pool, executor, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH[: 8_000 * MS])
        await asyncio.sleep(0.3)
    before = await recordings.chunks(pool, interview)
    kept_ms = before[-1]["granule"] // 48
    assert kept_ms >= 8_000 - module.HELD_BACK_MS - 2 * FRAME_MS

    async with recorder_at(pool, executor, interview, start_ms=7_000) as recorder:
        recorder.turn(1, 7_000)
        await hear(recorder, SPEECH[10_000 * MS : 15_000 * MS])
        await recorder.close()
    after = (await recordings.chunks(pool, interview))[len(before) :]
    assert after[0]["start_ms"] == 7_000
    heard = decoded(await file_of(pool, interview, 1))
    assert abs(len(heard) / 16 - (kept_ms + 5_000)) <= FRAME_MS
    assert likeness(SPEECH[10_000 * MS : 15_000 * MS], heard[kept_ms * 16 :]) > 0.95


async def test_nothing_is_lost_while_the_store_fails_for_a_while(
    pool: asyncpg.Pool, executor: ThreadPoolExecutor, interview: UUID
) -> None:
    async with recorder_at(pool, executor, interview) as recorder:
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
    assert likeness(SPEECH, decoded(await file_of(pool, interview, 1))) > 0.95


async def test_what_is_too_much_to_hold_is_dropped_and_marked(
    pool: asyncpg.Pool,
    executor: ThreadPoolExecutor,
    interview: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "UNSTORED_BYTES", 20_000)
    async with recorder_at(pool, executor, interview) as recorder:
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
    kept_ms = rows[-1]["granule"] // 48
    lost_ms = sum(row["lost_ms"] for row in rows)
    assert lost_ms > 5_000
    assert abs(kept_ms + lost_ms - 25_000) <= 2 * FRAME_MS
    assert abs(len(decoded(await file_of(pool, interview, 1))) / 16 - kept_ms) <= FRAME_MS


async def test_without_consent_nothing_is_kept_and_withdrawal_deletes(
    pool: asyncpg.Pool, interview: UUID
) -> None:
    recording = Recording(pool, offered=True, keep_days=30)
    recorder = await recording.open(interview)
    assert recorder is not None
    running = asyncio.create_task(recorder.run())
    recorder.turn(1, 0)
    await hear(recorder, SPEECH[: 6_000 * MS])
    assert await recordings.chunks(pool, interview) == []

    await recording.agree(interview)
    await hear(recorder, SPEECH[6_000 * MS : 16_000 * MS])
    await asyncio.sleep(0.3)
    rows = await recordings.chunks(pool, interview)
    assert rows[0]["start_ms"] == 6_000

    await recording.withdraw(interview)
    await hear(recorder, SPEECH[16_000 * MS :] + silence(3.0))
    await recorder.close()
    await running
    assert await recordings.chunks(pool, interview) == []
    consent = await recordings.consent(pool, interview)
    assert consent.given_at is None
    assert consent.withdrawn_at is not None
    recording.close()


async def test_a_withdrawal_elsewhere_ends_the_recording_here(
    pool: asyncpg.Pool, executor: ThreadPoolExecutor, interview: UUID
) -> None:
    async with recorder_at(pool, executor, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH[: 6_000 * MS])
        await asyncio.sleep(0.2)
        await recordings.withdraw(pool, interview)
        await hear(recorder, SPEECH[6_000 * MS :])
        await asyncio.sleep(0.2)
        assert not recorder.consented
    assert await recordings.chunks(pool, interview) == []


async def test_after_a_deletion_the_running_answer_is_a_whole_file_again(
    pool: asyncpg.Pool, interview: UUID
) -> None:
    await recordings.agree(pool, interview)
    recording = Recording(pool, offered=True, keep_days=30)
    recorder = await recording.open(interview)
    assert recorder is not None
    running = asyncio.create_task(recorder.run())
    recorder.turn(1, 0)
    await hear(recorder, SPEECH[: 8_000 * MS])
    await asyncio.sleep(0.2)
    assert await recording.delete(interview) == 1
    await hear(recorder, SPEECH[8_000 * MS : 16_000 * MS])
    await recorder.close()
    await running
    heard = decoded(await file_of(pool, interview, 1))
    assert 8_000 <= len(heard) / 16 <= 10_000
    recording.close()


async def test_old_recordings_are_deleted_and_nobody_is_asked_where_recording_is_off(
    pool: asyncpg.Pool, executor: ThreadPoolExecutor, interview: UUID
) -> None:
    async with recorder_at(pool, executor, interview) as recorder:
        recorder.turn(1, 0)
        await hear(recorder, SPEECH[: 4_000 * MS])
        await recorder.close()
    assert await recordings.expire(pool, 30) == 0
    await pool.execute("UPDATE recording_chunks SET recorded_at = now() - interval '31 days'")
    assert await recordings.expire(pool, 30) == 1
    assert await recordings.chunks(pool, interview) == []
    off = Recording(pool, offered=False, keep_days=30)
    assert await off.open(interview) is None
    off.close()
