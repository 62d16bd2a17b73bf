"""Sound opens only with its interview's key, at its place, on a server with the same key."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store.keys import Keys
from server.store.sealing import Ring, Seal, Sealed, Seals


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
    one, other = (Seals(Keys((bytes(32),))) for _ in range(2))
    assert await other.of(pool, interview_id) is None
    seal = await one.begin(pool, interview_id)
    for again in (await other.begin(pool, interview_id), await other.of(pool, interview_id)):
        assert again is not None
        assert again.open(seal.close(b"sound", ""), "") == b"sound"
    stranger = Seals(Keys((b"k" * 32,)))
    with pytest.raises(Sealed):
        await stranger.begin(pool, interview_id)
    assert await one.of(pool, interview_id) is not None, "what a stranger did changed nothing"


def test_what_an_older_key_closed_still_opens_and_is_known_as_old() -> None:
    old, new = bytes(32), b"k" * 32
    from_before_names = Seal(old).close(b"sound", "1")
    by_old = Ring(Keys((old,))).close(b"sound", "1")
    both = Ring(Keys((new, old)))
    for sealed in (from_before_names, by_old):
        assert both.open(sealed, "1") == b"sound"
        assert both.stale(sealed)
    closed = both.close(b"sound", "1")
    assert not both.stale(closed)
    assert Ring(Keys((new,))).open(closed, "1") == b"sound"
    for sealed in (from_before_names, by_old):
        with pytest.raises(Sealed, match="put that one back"):
            Ring(Keys((new,))).open(sealed, "1")


def test_a_nonce_that_looks_like_a_name_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.sealing.secrets.token_bytes", lambda many: b"\1" * many)
    sealed = Seal(bytes(32)).close(b"sound", "1")
    assert Ring(Keys((b"k" * 32, bytes(32)))).open(sealed, "1") == b"sound"
