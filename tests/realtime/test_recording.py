"""Who is recorded in this process: whoever agreed, until they withdraw; and how long it is kept."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from server.engines.opus import FRAME_MS
from server.realtime import chunks as module
from server.realtime.recording import Recording
from server.store import recordings
from server.store.keys import Keys
from server.store.notices import Told
from server.store.recordings import Chunk
from server.store.sealing import Seals
from tests.driver import lease
from tests.engines.test_opus import decoded
from tests.realtime.recorded import MS, SPEECH, file_of, hear
from tests.realtime.stage import an_interview
from tests.speech import silence

TOLD = Told("1", "en", None, 30, 7)

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audio comes faster than it is spoken here, so it is stored more often as well."""
    monkeypatch.setattr(module, "EVERY_S", 0.02)


@pytest.fixture
async def interview(pool: asyncpg.Pool) -> UUID:
    return (await an_interview(pool)).id


async def keep(pool: asyncpg.Pool, interview: UUID, turn: int) -> None:
    chunk = Chunk(turn, 0, 0, 1_000, 0, True, b"sealed")
    assert await recordings.add(pool, [(interview, await lease(pool, interview), chunk)])


async def test_without_consent_nothing_outlives_its_words_and_withdrawal_deletes(
    pool: asyncpg.Pool, interview: UUID
) -> None:
    recording = Recording(pool, Seals(Keys((bytes(32),))), offered=True, keep_days=30)
    recorder = await recording.open(interview, await lease(pool, interview))
    assert recorder is not None
    running = asyncio.create_task(recorder.run())
    recorder.turn(1, 0)
    await hear(recorder, SPEECH[: 6_000 * MS])
    await asyncio.sleep(0.1)
    assert await recordings.chunks(pool, interview) == []
    recorder.settled(6_000)

    await recording.agree(interview, TOLD)
    await hear(recorder, SPEECH[6_000 * MS : 16_000 * MS])
    await asyncio.sleep(0.3)
    rows = await recordings.chunks(pool, interview)
    assert abs(rows[0]["start_ms"] - 6_000) <= FRAME_MS
    whole = await recordings.between(pool, interview, 0, 20_000)
    assert whole[0].start_ms >= 5_000

    recorder.settled(16_000)
    await recording.withdraw(interview, TOLD)
    assert await recordings.chunks(pool, interview) == []
    recorder.settled(19_000)
    await hear(recorder, SPEECH[16_000 * MS :] + silence(3.0))
    await recorder.close()
    await running
    left = await recordings.between(pool, interview, 0, 30_000)
    assert all(one.start_ms + one.duration_ms > 18_900 for one in left)
    consent = await recordings.consent(pool, interview)
    assert consent.given_at is None
    assert consent.withdrawn_at is not None
    recording.close()


async def test_after_a_deletion_the_running_answer_is_a_whole_file_again(
    pool: asyncpg.Pool, interview: UUID
) -> None:
    await recordings.agree(pool, interview, TOLD)
    recording = Recording(pool, Seals(Keys((bytes(32),))), offered=True, keep_days=30)
    recorder = await recording.open(interview, await lease(pool, interview))
    assert recorder is not None
    running = asyncio.create_task(recorder.run())
    recorder.turn(1, 0)
    await hear(recorder, SPEECH[: 8_000 * MS])
    await asyncio.sleep(0.2)
    recorder.settled(8_000)
    assert await recording.delete(interview) == 1
    assert await recordings.chunks(pool, interview) == []
    await hear(recorder, SPEECH[8_000 * MS : 16_000 * MS])
    await recorder.close()
    await running
    heard = decoded(await file_of(recording.sound, pool, interview, 1))
    assert 7_900 <= len(heard) / 16 <= 10_000
    recording.close()


async def test_sound_under_another_key_is_not_touched(pool: asyncpg.Pool, interview: UUID) -> None:
    await Seals(Keys((b"k" * 32,))).begin(pool, interview)
    recording = Recording(pool, Seals(Keys((bytes(32),))), offered=True, keep_days=30)
    assert await recording.open(interview, await lease(pool, interview)) is None
    recording.close()
