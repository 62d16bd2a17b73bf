"""What an organisation says of itself and decides."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import audit, organisations
from server.store.organisations import DomainTaken
from server.store.scope import LOCAL, within


@pytest.fixture
async def other(pool: asyncpg.Pool) -> UUID:
    made: UUID = await pool.fetchval("INSERT INTO organisations (name) VALUES ('x') RETURNING id")
    return made


async def test_it_has_a_name_and_settings(pool: asyncpg.Pool) -> None:
    with within(LOCAL):
        await organisations.change(pool, LOCAL, {"name": "Acme", "codes_required": True})
        await organisations.change(pool, LOCAL, {})
        found = await organisations.get(pool, LOCAL)
        assert found is not None
        assert (found.name, found.codes_required, found.contact) == ("Acme", True, "")
        assert await organisations.get(pool, uuid4()) is None
        (entry,) = await audit.newest(pool)
    assert entry.action == "organisation.changed"
    assert entry.detail == {"changed": "codes_required name", "codes_required": True}


async def test_nothing_else_of_it_can_be_changed(pool: asyncpg.Pool) -> None:
    with pytest.raises(AssertionError):
        await organisations.change(pool, LOCAL, {"id": uuid4()})


async def test_a_domain_is_one_organisations(pool: asyncpg.Pool, other: UUID) -> None:
    for organisation in (LOCAL, other):
        with within(organisation):
            changed = organisations.change(pool, organisation, {"join_domain": "acme.example"})
            if organisation == other:
                with pytest.raises(DomainTaken):
                    await changed
            else:
                await changed
    found = await organisations.of_domain(pool, "acme.example")
    assert found is not None
    assert found.id == LOCAL
