"""Speech for a recorder to hear, and the file that became of it."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg

from server.ports import CANDIDATE_RATE
from server.realtime.recorder import Recorder
from server.realtime.sound import Sound, _written
from server.store.recordings import StoredChunk
from tests.speech import recording

SPEECH = recording("two_cities.wav", seconds=20.0)
PACKET = 1_280
MS = CANDIDATE_RATE // 1_000 * 2


async def hear(recorder: Recorder, pcm: bytes) -> None:
    for start in range(0, len(pcm), PACKET):
        recorder.hear(pcm[start : start + PACKET])
        if start % (PACKET * 25) == 0:
            await asyncio.sleep(0.005)


async def file_of(sound: Sound, pool: asyncpg.Pool, interview: UUID, turn: int) -> bytes:
    """What is recorded of a turn, whether or not its answer was given."""
    rows = await pool.fetch(
        "SELECT turn, n, start_ms, duration_ms, ogg, sealed FROM recorded_chunks "
        "WHERE interview_id = $1 AND turn = $2 ORDER BY n",
        interview,
        turn,
    )
    seal = await sound._seals.of(pool, interview)
    return _written([StoredChunk(**row) for row in rows], seal)
