"""After a change of keys what the old one sealed can be sealed anew, and the old one put away."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import accounts, audit
from server.store.keys import Keys
from server.store.resealing import reseal
from server.store.sealing import Ring, Seal, Sealed, Seals

OLD, NEW, LOST = bytes(32), b"k" * 32, b"x" * 32


async def test_what_older_keys_sealed_opens_by_the_newest_alone(
    pool: asyncpg.Pool, interview_id: UUID
) -> None:
    old, both, new = Keys((OLD,)), Keys((NEW, OLD)), Keys((NEW,))
    seal = await Seals(old).begin(pool, interview_id)
    user = await accounts.invite(pool, "kim@example.com", "Kim", "viewer")
    secret = Ring(old.of("accounts")).close(b"secret", f"codes {user}")
    await accounts.set_codes(pool, user, secret, 1)
    mail: UUID = await pool.fetchval("SELECT uuidv7()")
    letter = Seal(old.of("mail").newest.secret).close(b"letter", str(mail))
    await pool.execute("INSERT INTO mails (id, sealed) VALUES ($1, $2)", mail, letter)
    async with pool.acquire() as connection:
        assert await reseal(connection, both) == (3, 0)
        assert await reseal(connection, both) == (0, 0), "again is harmless"
    opened = await Seals(new).of(pool, interview_id)
    assert opened is not None
    assert opened.open(seal.close(b"sound", ""), "") == b"sound"
    kept = await accounts.kept(pool, user)
    assert kept is not None
    assert kept.totp is not None
    assert Ring(new.of("accounts")).open(kept.totp, f"codes {user}") == b"secret"
    sealed: bytes = await pool.fetchval("SELECT sealed FROM mails")
    assert Ring(new.of("mail")).open(sealed, str(mail)) == b"letter"
    newest, *_ = await audit.newest(pool)
    assert newest.action == "keys.resealed"
    assert newest.detail == {"key": new.newest.name.hex()}


async def test_what_no_key_opens_stays_as_it_is(pool: asyncpg.Pool, interview_id: UUID) -> None:
    await Seals(Keys((LOST,))).begin(pool, interview_id)
    async with pool.acquire() as connection:
        assert await reseal(connection, Keys((NEW, OLD))) == (0, 1)
    with pytest.raises(Sealed):
        await Seals(Keys((NEW, OLD))).of(pool, interview_id)
    assert await Seals(Keys((LOST,))).of(pool, interview_id) is not None
