"""Templates are read as they were written, have one name each, and one of them is the default."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from server.core.rules import Stage
from server.store import templates
from server.store.templates import NameTaken, Template

SECURITY = Template("Security", (Stage("knowledge", 2, 5), Stage("closing", 1, 2, 0)), ("en",), 20)


async def names(pool: asyncpg.Pool) -> list[str]:
    return [one.template.name for one in await templates.every(pool)]


async def test_the_one_that_a_migration_brings_can_be_read(pool: asyncpg.Pool) -> None:
    (default,) = await templates.every(pool)
    assert default.is_default
    assert default.template.languages is None
    assert default.template.stages[-1] == Stage("closing", 1, 2, 0)


async def test_it_is_read_as_it_was_written_and_changed(pool: asyncpg.Pool) -> None:
    made = await templates.add(pool, SECURITY)
    stored = await templates.get(pool, made)
    assert stored is not None
    assert (stored.template, stored.is_default) == (SECURITY, False)
    changed = replace(SECURITY, name="보안", minutes=60, pace=1.5)
    assert await templates.change(pool, made, changed)
    again = await templates.get(pool, made)
    assert again is not None
    assert again.template == changed
    assert again.updated_at > stored.updated_at == stored.created_at
    assert templates.read(msgspec.to_builtins(changed)) == changed


async def test_a_name_is_given_once(pool: asyncpg.Pool) -> None:
    await templates.add(pool, SECURITY)
    other = await templates.add(pool, replace(SECURITY, name="Other"))
    with pytest.raises(NameTaken):
        await templates.add(pool, SECURITY)
    with pytest.raises(NameTaken):
        await templates.change(pool, other, SECURITY)
    assert (await names(pool))[1:] == ["Other", "Security"]


async def test_there_is_always_one_default(pool: asyncpg.Pool) -> None:
    (first,) = await templates.every(pool)
    made = await templates.add(pool, SECURITY)
    assert not await templates.make_default(pool, uuid4())
    assert not await templates.remove(pool, first.id)
    assert await templates.make_default(pool, made)
    assert [(one.id, one.is_default) for one in await templates.every(pool)] == [
        (made, True),
        (first.id, False),
    ]
    assert not await templates.remove(pool, made)
    assert await templates.remove(pool, first.id)
    assert await names(pool) == ["Security"]


async def test_one_that_is_not_there_is_neither_found_nor_changed(pool: asyncpg.Pool) -> None:
    assert await templates.get(pool, uuid4()) is None
    assert not await templates.change(pool, uuid4(), SECURITY)
    assert not await templates.remove(pool, uuid4())


async def test_they_are_listed_from_a_place_on(pool: asyncpg.Pool) -> None:
    for name in ("b", "A", "가"):
        await templates.add(pool, replace(SECURITY, name=name))
    every = await templates.every(pool)
    assert every[0].is_default
    for place, one in enumerate(every):
        after = one.is_default, one.template.name
        assert await templates.every(pool, after) == every[place + 1 :]
    assert await templates.every(pool, limit=2) == every[:2]
