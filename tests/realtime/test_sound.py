"""Sound out of the store: packets as they were, also of files from before they were sealed."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.engines.ogg import OggWriter
from server.engines.opus import FRAME_BYTES, FRAME_MS, OpusEncoder
from server.realtime.sound import Sound, loudness_place, packed, place, unpacked
from server.store import recordings
from server.store.keys import Keys
from server.store.notices import Told
from server.store.recordings import Chunk
from server.store.sealing import Sealed, Seals
from tests.driver import lease
from tests.engines.test_opus import likeness
from tests.realtime.stage import an_interview
from tests.realtime.test_recorder import floats
from tests.speech import recording

SPEECH = recording("two_cities.wav", seconds=6.0)
PACKETS = OpusEncoder().encode(SPEECH[: 100 * FRAME_BYTES])
OLD = """
INSERT INTO recording_chunks (interview_id, turn, n, start_ms, duration_ms, pages, granule, ogg)
VALUES ($1, 1, 0, 1000, 6000, 8, 288000, $2)
"""


@pytest.fixture
async def interview_id(pool: asyncpg.Pool) -> UUID:
    return (await an_interview(pool)).id


def test_packets_come_out_as_they_went_in() -> None:
    assert list(unpacked(packed(PACKETS))) == PACKETS
    assert list(unpacked(b"")) == []


async def test_old_and_new_sound_is_heard_alike(pool: asyncpg.Pool, interview_id: UUID) -> None:
    sound = Sound(pool, Seals(Keys((bytes(32),))))
    assert await sound.pcm(interview_id, 0, 1_000) == b""
    await pool.execute(OLD, interview_id, OggWriter(1).write(PACKETS))
    seal = await Seals(Keys((bytes(32),))).begin(pool, interview_id)
    chunk = Chunk(2, 0, 7_000, 6_000, 0, True, seal.close(packed(PACKETS), place(2, 0)))
    assert await recordings.add(pool, [(interview_id, await lease(pool, interview_id), chunk)])
    for start_ms in (1_000, 7_000):
        heard = await sound.pcm(interview_id, start_ms, start_ms + 100 * FRAME_MS)
        assert likeness(SPEECH[: len(heard)], floats(heard)) > 0.95
    assert await sound.file(interview_id, uuid4()) is None


async def test_sound_without_its_key_does_not_open(pool: asyncpg.Pool, interview_id: UUID) -> None:
    seal = await Seals(Keys((bytes(32),))).begin(pool, interview_id)
    chunk = Chunk(1, 0, 0, 6_000, 0, True, seal.close(packed(PACKETS), place(1, 0)))
    assert await recordings.add(pool, [(interview_id, await lease(pool, interview_id), chunk)])
    with pytest.raises(Sealed):
        await Sound(pool, Seals(Keys((b"k" * 32,)))).pcm(interview_id, 0, 1_000)
    await pool.execute("DELETE FROM sound_keys")
    with pytest.raises(Sealed):
        await Sound(pool, Seals(Keys((bytes(32),)))).pcm(interview_id, 0, 1_000)


async def test_how_loud_it_is_opens_by_turn_where_all_of_the_turn_has_it(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    seals = Seals(Keys((bytes(32),)))
    seal = await seals.begin(pool, interview_id)
    await recordings.agree(pool, interview_id, Told("1", "en", None, 30, 7))
    epoch = await lease(pool, interview_id)

    def chunk(turn: int, n: int, loud: bytes | None) -> Chunk:
        sealed = None if loud is None else seal.close(loud, loudness_place(turn, n))
        assert sealed is None or b"louder" not in sealed
        return Chunk(turn, n, 960 * n, 960, 0, True, b"sound", sealed)

    chunks = [
        chunk(1, 0, b"softly"),
        chunk(1, 1, b"louder"),
        chunk(2, 0, b"known"),
        chunk(2, 1, None),
    ]
    await recordings.add(pool, [(interview_id, epoch, one) for one in chunks])
    rows = await recordings.chunks(pool, interview_id)
    assert await Sound(pool, seals).loudness(interview_id, rows) == {1: b"softlylouder"}
    assert await Sound(pool, Seals(Keys((b"k" * 32,)))).loudness(interview_id, rows) == {}
    moved = [{**row, "turn": 3} for row in rows[:1]]
    assert await Sound(pool, seals).loudness(interview_id, moved) == {}
    assert await Sound(pool, seals).loudness(interview_id, []) == {}
    await recordings.delete(pool, interview_id)
    assert await recordings.chunks(pool, interview_id) == []
