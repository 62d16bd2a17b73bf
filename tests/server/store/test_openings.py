"""Openings are read as they were written, and stay while somebody was invited to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from server.core.events import CompanyFact
from server.core.rules import OwnQuestion, Stage
from server.store import invitations, openings, templates
from server.store.invitations import Person
from server.store.openings import Competency, Invited, NoTemplate, Opening
from server.store.scope import LOCAL, everywhere, within
from server.store.templates import Template

NURSE = Opening(
    "Ward nurse",
    "Nights, with a team of six.",
    level="senior",
    team="Ward 7",
    contact="ward7@example.org",
    deadline=datetime(2030, 1, 2, 3, 4, tzinfo=UTC),
    languages=("en",),
    competencies=(Competency("Handover", 3), Competency("Calm")),
    questions=(
        OwnQuestion("experience", {"en": "How do you hand over?"}, "Handover", ("Names risks",)),
    ),
    company=(CompanyFact("shifts", {"en": "Three nights a week."}),),
    result_days=10,
    result_by="Ms Han",
)
SOON = timedelta(days=7)


async def test_it_is_read_as_it_was_written_and_changed(pool: asyncpg.Pool) -> None:
    made = await openings.add(pool, NURSE)
    stored = await openings.get(pool, made)
    assert stored is not None
    assert (stored.opening, stored.closed_at, stored.invited) == (NURSE, None, 0)
    other = replace(NURSE, title="병동 간호사", deadline=None, questions=(), result_days=None)
    assert await openings.change(pool, made, other)
    again = await openings.get(pool, made)
    assert again is not None
    assert again.opening == other
    assert again.updated_at > stored.updated_at == stored.created_at
    assert openings.read(msgspec.json.decode(msgspec.json.encode(NURSE))) == NURSE
    assert not await openings.change(pool, uuid4(), NURSE)


async def test_the_newest_come_first_a_page_at_a_time(pool: asyncpg.Pool) -> None:
    made = [await openings.add(pool, replace(NURSE, title=f"No. {at}")) for at in range(3)]
    assert [one.id for one in await openings.every(pool)] == made[::-1]
    assert [one.id for one in await openings.every(pool, made[2], 1)] == [made[1]]


async def test_it_names_a_template_that_is_there(pool: asyncpg.Pool) -> None:
    template_id = await templates.add(pool, Template("Short", (Stage("closing"),), ("en",), 10))
    made = await openings.add(pool, replace(NURSE, template_id=template_id))
    with pytest.raises(NoTemplate):
        await openings.add(pool, replace(NURSE, template_id=uuid4()))
    with pytest.raises(NoTemplate):
        await openings.change(pool, made, replace(NURSE, template_id=uuid4()))
    assert await templates.remove(pool, template_id)
    stored = await openings.get(pool, made)
    assert stored is not None
    assert stored.opening.template_id is None


async def test_it_is_closed_and_opened_again(pool: asyncpg.Pool) -> None:
    made = await openings.add(pool, NURSE)
    for closed in (True, True, False):
        assert await openings.close(pool, made, closed=closed)
        stored = await openings.get(pool, made)
        assert stored is not None
        assert (stored.closed_at is not None) is closed
    assert not await openings.close(pool, uuid4(), closed=True)


async def test_it_goes_only_where_nobody_was_invited(pool: asyncpg.Pool) -> None:
    made = await openings.add(pool, NURSE)
    await invitations.add(pool, made, [Person("Kim")], datetime.now(UTC) + SOON)
    with pytest.raises(Invited):
        await openings.remove(pool, made)
    empty = await openings.add(pool, NURSE)
    assert await openings.remove(pool, empty)
    assert not await openings.remove(pool, empty)
    stored = await openings.get(pool, made)
    assert stored is not None
    assert (stored.invited, stored.interviewed) == (1, 0)


async def test_they_go_with_their_organisation(pool: asyncpg.Pool) -> None:
    with everywhere():
        other: UUID = await pool.fetchval(
            "INSERT INTO organisations (name) VALUES ('x') RETURNING id"
        )
    await pool.execute("INSERT INTO openings (organisation_id, title) VALUES ($1, 'theirs')", other)
    with within(LOCAL):
        await openings.add(pool, NURSE)
    await pool.execute("DELETE FROM organisations WHERE id = $1", other)
    assert [one.opening.title for one in await openings.every(pool)] == ["Ward nurse"]
