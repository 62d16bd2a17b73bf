"""Whoever was invited: one interview each, and what they ask for is kept."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from server.store import guests, interviews, invitations, openings
from server.store.guests import Begun, NotReady
from server.store.invitations import AlreadyInvited, Person
from server.store.openings import Opening
from tests.server.store.test_invitations import found, invited


@pytest.fixture
async def opening_id(pool: asyncpg.Pool) -> UUID:
    return await openings.add(pool, Opening("Pilot", contact="crew@example.org"))


async def test_there_is_one_interview_with_the_role_of_the_resume(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    invitation_id, _ = await invited(pool, opening_id)
    with pytest.raises(NotReady):
        await guests.begin(pool, invitation_id)
    await guests.bring_resume(pool, invitation_id, resume_id)
    created = await asyncio.gather(*(guests.begin(pool, invitation_id) for _ in range(3)))
    (made,) = [one for one in created if one is not None]
    assert made.target_role == "Data Engineer"
    with pytest.raises(Begun):
        await guests.bring_resume(pool, invitation_id, resume_id)
    stored = await interviews.get(pool, made.interview_id)
    assert stored is not None
    assert stored.opening is not None
    assert (stored.opening_id, stored.opening["title"]) == (opening_id, "Pilot")
    await openings.close(pool, opening_id, closed=True)  # theirs goes on
    await pool.execute("UPDATE interviews SET status = 'live'")
    assert (await invitations.every(pool, opening_id))[0].state == "live"


async def test_a_resume_that_is_not_read_yet_waits(pool: asyncpg.Pool, opening_id: UUID) -> None:
    resume_id = await pool.fetchval(
        "INSERT INTO resumes (sha256, filename) VALUES ('x', 'x') RETURNING id"
    )
    invitation_id, _ = await invited(pool, opening_id, Person("Kim", None, resume_id))
    with pytest.raises(NotReady):
        await guests.begin(pool, invitation_id)


async def test_who_would_rather_speak_with_a_person_loses_nothing(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    invitation_id, token = await invited(pool, opening_id, Person("Kim", None, resume_id))
    await guests.want_person(pool, invitation_id, wanted=True)
    first = (await found(pool, token)).person_wanted_at
    await guests.want_person(pool, invitation_id, wanted=True)
    assert first is not None
    assert (await found(pool, token)).person_wanted_at == first
    assert await guests.begin(pool, invitation_id) is not None
    await guests.want_person(pool, invitation_id, wanted=False)
    assert (await found(pool, token)).person_wanted_at is None


async def test_they_say_what_they_are_called(pool: asyncpg.Pool, opening_id: UUID) -> None:
    await invited(pool, opening_id, Person("Lee", "lee@example.org"))
    invitation_id, token = await invited(pool, opening_id)
    await guests.call(pool, invitation_id, "김민지", "MINJI@example.org", "010")
    invitation = await found(pool, token)
    assert (invitation.name, invitation.email, invitation.phone) == (
        "김민지", "minji@example.org", "010",
    )  # fmt: skip
    with pytest.raises(AlreadyInvited):
        await guests.call(pool, invitation_id, "x", "lee@example.org", "")
