"""Sound opens only with its interview's key, at its place, on a server with the same key."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from server.store.sealing import FILE, Seal, Sealed, Seals, kept_key, read_key


def test_a_piece_opens_where_it_belongs_and_nowhere_else() -> None:
    seal = Seal(bytes(32))
    sealed = seal.close(b"sound", "1 0")
    assert b"sound" not in sealed
    assert seal.open(sealed, "1 0") == b"sound"
    for other, place in ((seal, "1 1"), (Seal(b"k" * 32), "1 0")):
        with pytest.raises(Sealed):
            other.open(sealed, place)
    with pytest.raises(Sealed):
        seal.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "1 0")


async def test_an_interview_has_one_key_for_every_server_with_the_same(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    one, other = Seals(bytes(32)), Seals(bytes(32))
    assert await other.of(pool, interview_id) is None
    seal = await one.begin(pool, interview_id)
    for again in (await other.begin(pool, interview_id), await other.of(pool, interview_id)):
        assert again is not None
        assert again.open(seal.close(b"sound", ""), "") == b"sound"
    stranger = Seals(b"k" * 32)
    with pytest.raises(Sealed):
        await stranger.begin(pool, interview_id)
    assert await one.of(pool, interview_id) is not None, "what a stranger did changed nothing"


def test_a_folder_keeps_its_key_for_us_only(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    key = kept_key(folder)
    assert len(key) == 32
    assert kept_key(folder) == key
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "short", "A" * 43, "!" * 44])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rand"):
        read_key(text)
