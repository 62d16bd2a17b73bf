"""Organisations and the people in them."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import accounts
from server.store.accounts import AlreadyThere
from server.store.scope import LOCAL, within


async def added(pool: asyncpg.Pool, email: str) -> UUID:
    return await accounts.invite(pool, email, "Kim", "recruiter")


async def test_nobody_has_an_account_until_somebody_signs_in(pool: asyncpg.Pool) -> None:
    assert not await accounts.any_joined(pool)
    user_id = await added(pool, "kim@example.org")
    assert not await accounts.any_joined(pool)
    await accounts.joined(pool, user_id)
    await accounts.remove(pool, user_id)
    assert await accounts.any_joined(pool)


async def test_an_address_is_one_member_of_an_organisation(pool: asyncpg.Pool) -> None:
    user_id = await added(pool, "kim@example.org")
    await accounts.set_password(pool, user_id, "hash")
    with pytest.raises(AlreadyThere):
        await added(pool, "kim@example.org")
    other = await pool.fetchval("INSERT INTO organisations (name) VALUES ('Other') RETURNING id")
    with within(other):
        again = await added(pool, "kim@example.org")
    assert len(await accounts.by_email(pool, "kim@example.org")) == 2
    (there,) = await accounts.by_email(pool, "kim@example.org", other)
    assert (there.id, there.password) == (again, None)
    assert await accounts.by_email(pool, "nobody@example.org") == []


async def test_who_was_removed_can_be_asked_back_without_what_they_had(
    pool: asyncpg.Pool,
) -> None:
    user_id = await added(pool, "kim@example.org")
    await accounts.set_password(pool, user_id, "hash")
    await accounts.set_codes(pool, user_id, b"sealed", 1)
    assert await accounts.remove(pool, user_id)
    assert not await accounts.remove(pool, user_id)
    assert await accounts.get(pool, user_id) is None
    assert await accounts.kept(pool, user_id) is None
    assert await accounts.by_email(pool, "kim@example.org") == []
    assert await accounts.every(pool) == []
    assert await added(pool, "kim@example.org") == user_id
    kept = await accounts.kept(pool, user_id)
    assert kept is not None
    assert (kept.password, kept.totp) == (None, None)


async def test_there_is_one_person_at_this_machine(pool: asyncpg.Pool) -> None:
    first = await accounts.at_this_machine(pool, "admin")
    assert await accounts.at_this_machine(pool, "admin") == first
    (listed,) = await accounts.every(pool)
    assert (listed.email, listed.role, listed.organisation_id) == (None, "admin", LOCAL)


async def test_what_is_left_out_stays(pool: asyncpg.Pool) -> None:
    user_id = await added(pool, "kim@example.org")
    assert await accounts.change(pool, user_id, role="viewer")
    assert await accounts.change(pool, user_id, name="Lee")
    user = await accounts.get(pool, user_id)
    assert user is not None
    assert (user.name, user.role, user.codes) == ("Lee", "viewer", False)
    assert not await accounts.change(pool, uuid4(), name="x")


async def test_a_step_is_spent_once(pool: asyncpg.Pool) -> None:
    user_id = await added(pool, "kim@example.org")
    assert await accounts.spend(pool, user_id, 7)
    assert not await accounts.spend(pool, user_id, 7)
    assert not await accounts.spend(pool, user_id, 6)
    assert await accounts.spend(pool, user_id, 8)


async def test_administrators_are_those_who_have_joined(pool: asyncpg.Pool) -> None:
    here = await accounts.at_this_machine(pool, "admin")
    await accounts.invite(pool, "lee@example.org", "Lee", "admin")
    async with pool.acquire() as connection, connection.transaction():
        assert await accounts.admins(connection) == [here]
