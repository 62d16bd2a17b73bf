"""Answers under a key: one transaction with the work, sealed, and nobody waits for ever."""

from __future__ import annotations

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag

from server.store.idempotency import InProgress, Key, Reused, attempt
from server.store.scope import LOCAL

KEY = Key("create", "", "3f0c")
ASKED = b"asked"


async def work(pool: asyncpg.Pool, key: Key | None, asked: bytes = ASKED) -> bytes:
    async with attempt(pool, key, asked) as tried:
        if tried.earlier is not None:
            return tried.earlier
        added = await tried.connection.fetchval(
            "INSERT INTO resumes (sha256, filename) VALUES (gen_random_uuid(), 'a') RETURNING id"
        )
        tried.answer = str(added).encode()
        return tried.answer


async def test_work_is_done_once_for_a_key(pool: asyncpg.Pool) -> None:
    first = await work(pool, KEY)
    assert await work(pool, KEY) == first
    assert await work(pool, Key("create", "somebody else", "3f0c")) != first
    assert await work(pool, Key("upload", "", "3f0c")) != first
    assert await work(pool, None) != first
    assert await pool.fetchval("SELECT count(*) FROM resumes") == 4
    with pytest.raises(Reused):
        await work(pool, KEY, b"asked something else")


async def test_of_work_that_fails_nothing_is_kept(pool: asyncpg.Pool) -> None:
    async def fails() -> None:
        async with attempt(pool, KEY, ASKED) as tried:
            await tried.connection.execute("INSERT INTO resumes (sha256, filename) VALUES (1, 'a')")
            raise LookupError

    with pytest.raises(LookupError):
        await fails()
    assert await pool.fetchval("SELECT count(*) FROM idempotency_keys") == 0
    assert await pool.fetchval("SELECT count(*) FROM resumes") == 0
    await work(pool, KEY)


async def test_who_waits_too_long_for_the_first_is_told_so(
    pool: asyncpg.Pool, database_url: str
) -> None:
    impatient = await asyncpg.create_pool(
        database_url,
        min_size=1,
        max_size=2,
        server_settings={"lock_timeout": "20ms", "viva.organisation": str(LOCAL)},
    )
    async with impatient:
        async with attempt(pool, KEY, ASKED) as tried:
            with pytest.raises(InProgress):
                await work(impatient, KEY)
            tried.answer = b"done"
        assert await work(impatient, KEY) == b"done"


def test_an_answer_opens_under_its_own_key_only() -> None:
    sealed = KEY.seal(b"token")
    assert KEY.open(sealed) == b"token"
    assert b"token" not in sealed
    assert KEY.seal(b"token") != sealed
    with pytest.raises(InvalidTag):
        Key("create", "", "3f0d").open(sealed)
    with pytest.raises(InvalidTag):
        KEY.open(sealed[:-1] + bytes([sealed[-1] ^ 1]))
