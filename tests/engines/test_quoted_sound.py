"""What is played for a quote is what it says: its stored sound, heard again by the recogniser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from difflib import SequenceMatcher
from pathlib import Path

import asyncpg
import msgspec
import pytest

from server.engines.opus import FRAME_BYTES, FRAME_MS, OpusEncoder
from server.engines.whisper_base import WhisperBase
from server.evidence.sentences import Sentence, sentences, words_of
from server.realtime.sound import Sound, packed, place
from server.store import recordings
from server.store.keys import Keys
from server.store.notices import Told
from server.store.recordings import Chunk
from server.store.sealing import Seals
from tests.driver import lease
from tests.interviewed import held
from tests.live import kept_recogniser
from tests.speech import ENGLISH_READINGS, READINGS, clip

AROUND_MS = 300
"""So much before and after a quote may be heard with it."""
BEGINS_MS = 4_000
"""When the answer begins on the session's audio clock."""


@pytest.fixture
async def base() -> AsyncIterator[WhisperBase]:
    made = WhisperBase(kept_recogniser(), 64)
    yield made
    await made.close()


def alike(one: str, other: str) -> float:
    """Letters alone: signs and spaces are the recogniser's own."""
    a, b = ("".join(c for c in text.casefold() if c.isalnum()) for text in (one, other))
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


@pytest.mark.parametrize(
    ("folder", "name", "seconds", "language"),
    [(ENGLISH_READINGS, "reading1.wav", 14.0, "en"), (READINGS, "reading3.wav", 14.0, "ko")],
)
async def test_a_quotes_sound_is_its_words(
    pool: asyncpg.Pool, base: WhisperBase, folder: Path, name: str, seconds: float, language: str
) -> None:
    pcm = clip(folder / name, seconds)
    pcm += bytes(-len(pcm) % FRAME_BYTES)
    heard = await base.transcribe(pcm, language)
    said = _sentences(heard.text, msgspec.to_builtins(heard.words))
    sound = await _stored(pool, pcm)
    quotes = [one for one in said if one.end_ms and one.start_ms and one.last - one.first >= 2]
    assert quotes
    for one in quotes:
        assert one.start_ms is not None
        assert one.end_ms is not None
        begin, end = BEGINS_MS + one.start_ms - AROUND_MS, BEGINS_MS + one.end_ms + AROUND_MS
        played = await base.transcribe(await sound(begin, end), language)
        assert alike(played.text, one.text) > 0.7, (one.text, played.text)
        others = [alike(played.text, other.text) for other in said if other != one]
        assert all(alike(played.text, one.text) > share for share in others)


def _sentences(text: str, words: list[dict[str, object]]) -> list[Sentence]:
    return sentences(1, "answer", 1, text, words_of(text, words, text))


async def _stored(pool: asyncpg.Pool, pcm: bytes) -> Callable[[int, int], Awaitable[bytes]]:
    """Encoded, sealed and stored as an answer's sound is; answers what is played between times."""
    made, seals = await held(pool), Seals(Keys((bytes(32),)))
    seal = await seals.begin(pool, made.interview_id)
    await recordings.agree(pool, made.interview_id, Told("1", "en", None, 30, 7))
    packets = await asyncio.to_thread(OpusEncoder().encode, pcm)
    sealed = seal.close(packed(packets), place(1, 0))
    chunk = Chunk(1, 0, BEGINS_MS, len(packets) * FRAME_MS, 0, True, sealed)
    epoch = await lease(pool, made.interview_id)
    assert await recordings.add(pool, [(made.interview_id, epoch, chunk)])
    stored = Sound(pool, seals)

    async def between(begin_ms: int, end_ms: int) -> bytes:
        return await stored.pcm(made.interview_id, begin_ms, end_ms)

    return between
