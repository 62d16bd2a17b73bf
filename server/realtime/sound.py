"""Sound out of the store: opened and decoded, as PCM for a recogniser or as a file for a person."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import asyncpg

from server.engines import ogg
from server.engines.opus import FRAME_MS
from server.engines.opus_stream import OpusSpeech
from server.ports import CANDIDATE_RATE
from server.realtime.highpass import HighPass
from server.store import recordings
from server.store.recordings import StoredChunk
from server.store.sealing import Seal, Sealed, Seals

LENGTH: Final = struct.Struct("<H")
BYTES_PER_MS: Final = CANDIDATE_RATE * 2 // 1_000
LEAD_MS: Final = 2 * FRAME_MS
"""So much before a stretch is decoded with it: Opus needs a moment to begin."""


def packed(packets: Sequence[bytes]) -> bytes:
    """What is sealed: each packet behind its length."""
    return b"".join(LENGTH.pack(len(packet)) + packet for packet in packets)


def unpacked(piece: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(piece):
        (size,) = LENGTH.unpack_from(piece, at)
        at += LENGTH.size + size
        yield piece[at - size : at]


def place(turn: int, n: int) -> str:
    """Where a chunk belongs, for its seal."""
    return f"{turn} {n}"


def loudness_place(turn: int, n: int) -> str:
    return f"loudness {place(turn, n)}"


class Sound:
    """Whatever is stored of interviews."""

    def __init__(self, pool: asyncpg.Pool, seals: Seals) -> None:
        self._pool = pool
        self._seals = seals

    async def pcm(self, interview_id: UUID, start_ms: int, end_ms: int) -> bytes:
        """PCM16 mono 16 kHz of this stretch of the audio clock, without what is below every voice,
        with silence where there is none; empty where there is nothing at all. Raises Sealed,
        EngineError, and as asyncpg does."""
        begin_ms = max(0, start_ms - LEAD_MS)
        chunks = await recordings.between(self._pool, interview_id, begin_ms, end_ms)
        if not chunks:
            return b""
        seal = await self._seals.of(self._pool, interview_id)
        return await asyncio.to_thread(_decoded, chunks, seal, start_ms, end_ms)

    async def file(self, interview_id: UUID, answer_id: UUID) -> bytes | None:
        """One answer as an Ogg/Opus file; None where there is no recording of it. Raises as
        ``pcm``."""
        chunks = await recordings.of_answer(self._pool, interview_id, answer_id)
        if not chunks:
            return None
        seal = await self._seals.of(self._pool, interview_id)
        return await asyncio.to_thread(_written, chunks, seal)

    async def loudness(
        self, interview_id: UUID, chunks: Sequence[Mapping[str, Any]]
    ) -> dict[int, bytes]:
        """By turn, a byte for each FRAME_MS of its file, from 0 to 255; ``chunks`` as
        ``recordings.chunks`` gives them. Without turns of which it is not known: from before it was
        kept, or sealed under a key that is gone. Raises as asyncpg does."""
        unknown = {one["turn"] for one in chunks if one["loudness"] is None}
        known = [one for one in chunks if one["turn"] not in unknown]
        try:
            seal = await self._seals.of(self._pool, interview_id) if known else None
            return await asyncio.to_thread(_loudness, known, seal) if seal else {}
        except Sealed:
            return {}


def _loudness(chunks: Sequence[Mapping[str, Any]], seal: Seal) -> dict[int, bytes]:
    lines: dict[int, list[bytes]] = {}
    for one in chunks:
        turn, n = one["turn"], one["n"]
        lines.setdefault(turn, []).append(seal.open(one["loudness"], loudness_place(turn, n)))
    return {turn: b"".join(pieces) for turn, pieces in lines.items()}


def _written(chunks: Sequence[StoredChunk], seal: Seal | None) -> bytes:
    packets = [packet for chunk in chunks for packet in _packets(chunk, seal)]
    return ogg.OggWriter(chunks[0].turn).write(packets)


def _decoded(chunks: Sequence[StoredChunk], seal: Seal | None, start_ms: int, end_ms: int) -> bytes:
    sound = bytearray((end_ms - start_ms) * BYTES_PER_MS)
    decoder, run, run_ms, next_ms = OpusSpeech(), b"", 0, -1
    for chunk in chunks:
        if chunk.start_ms != next_ms:
            _lay(sound, run, run_ms - start_ms)
            decoder, run, run_ms = OpusSpeech(), b"", chunk.start_ms
        next_ms = chunk.start_ms + chunk.duration_ms
        run += b"".join(decoder.decode(packet) for packet in _packets(chunk, seal))
    _lay(sound, run, run_ms - start_ms)
    return HighPass().of(bytes(sound))


def _lay(sound: bytearray, pcm: bytes, at_ms: int) -> None:
    """As much of it as there is room for."""
    if at_ms < 0:
        pcm, at_ms = pcm[-at_ms * BYTES_PER_MS :], 0
    at = at_ms * BYTES_PER_MS
    piece = pcm[: max(0, len(sound) - at)]
    sound[at : at + len(piece)] = piece


def _packets(chunk: StoredChunk, seal: Seal | None) -> Iterator[bytes]:
    if chunk.sealed is None:
        yield from ogg.packets(chunk.ogg or b"")
    elif seal is None:
        raise Sealed("the key of this interview's sound is gone")
    else:
        yield from unpacked(seal.open(chunk.sealed, place(chunk.turn, chunk.n)))
