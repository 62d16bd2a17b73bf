"""Organisations and the people in them."""

from __future__ import annotations

import asyncpg

from server.store import accounts


async def test_nobody_has_an_account_until_somebody_signs_in(pool: asyncpg.Pool) -> None:
    assert not await accounts.any_joined(pool)
    await pool.execute("INSERT INTO users (name, role) VALUES ('Kim', 'admin')")
    assert not await accounts.any_joined(pool)
    await pool.execute("UPDATE users SET joined_at = now(), removed_at = now()")
    assert await accounts.any_joined(pool)
