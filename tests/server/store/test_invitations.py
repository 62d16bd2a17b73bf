"""One person, one interview, one link at a time; nothing of theirs is lost by a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.store import guests, invitations, openings
from server.store.invitations import (
    Adjustments,
    AlreadyInvited,
    Closed,
    NoResume,
    Person,
    StoredInvitation,
    TooMany,
    Wish,
)
from server.store.openings import Opening

KIM = Person("Kim")
UNTIL = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture
async def opening_id(pool: asyncpg.Pool) -> UUID:
    return await openings.add(pool, Opening("Pilot", contact="crew@example.org"))


async def invited(pool: asyncpg.Pool, opening_id: UUID, person: Person = KIM) -> tuple[UUID, str]:
    (added,) = await invitations.add(pool, opening_id, [person], UNTIL)
    return added.id, added.token


async def found(pool: asyncpg.Pool, token: str) -> StoredInvitation:
    invitation = await invitations.find(pool, token)
    assert invitation is not None
    return invitation


async def test_many_are_invited_in_their_order_and_found_by_their_link(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    people = [Person("Kim", "Kim@Example.org", resume_id), Person("이민지", "lee@example.org")]
    added = await invitations.add(pool, opening_id, people, UNTIL)
    listed = await invitations.every(pool, opening_id)
    assert [one.id for one in listed] == [one.id for one in added]
    assert [(one.name, one.email) for one in listed] == [
        ("Kim", "kim@example.org"),
        ("이민지", "lee@example.org"),
    ]
    assert [one.id for one in await invitations.every(pool, opening_id, added[0].id, 1)] == [
        added[1].id
    ]
    for one, own in zip(added, people, strict=True):
        invitation = await found(pool, one.token)
        assert (invitation.id, invitation.name, invitation.state) == (one.id, own.name, "invited")
        assert invitation.attached == (own.resume_id is not None)
    assert (listed[0].target_role, listed[0].resume_status) == ("Data Engineer", "ready")
    stored = str(await pool.fetch("SELECT invitation_links::text FROM invitation_links"))
    assert not any(one.token in stored for one in added)
    assert await invitations.find(pool, f"{added[0].token}x") is None


async def test_ten_thousand_are_invited_at_once(pool: asyncpg.Pool, opening_id: UUID) -> None:
    people = [Person(f"No. {at}", f"{at}@example.org") for at in range(10_000)]
    added = await invitations.add(pool, opening_id, people, UNTIL)
    assert len({one.token for one in added}) == 10_000
    assert (await found(pool, added[9_999].token)).email == "9999@example.org"
    with pytest.raises(AlreadyInvited) as error:
        await invitations.add(pool, opening_id, [Person("new"), people[7]], UNTIL)
    assert error.value.places == [1]
    other = [Person(f"No. {at}") for at in range(10_001)]
    with pytest.raises(TooMany):
        await invitations.add(pool, opening_id, other, UNTIL)
    assert await pool.fetchval("SELECT count(*) FROM invitations") == 10_000


async def test_all_are_invited_or_nobody(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    with pytest.raises(AlreadyInvited) as twice:
        await invitations.add(
            pool, opening_id, [Person("", "a@b.c"), Person("x"), Person("", "A@B.c")], UNTIL
        )
    assert twice.value.places == [2]
    people = [Person("x", None, resume_id), Person("y", None, uuid4())]
    with pytest.raises(NoResume) as missing:
        await invitations.add(pool, opening_id, people, UNTIL)
    assert missing.value.places == [1]
    assert await invitations.every(pool, opening_id) == []


async def test_two_who_invite_the_same_person_at_once_do_it_once(
    pool: asyncpg.Pool, opening_id: UUID
) -> None:
    both = await asyncio.gather(
        *(invited(pool, opening_id, Person("Kim", "kim@example.org")) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, AlreadyInvited) for one in both) == [False, True]
    (only,) = await invitations.every(pool, opening_id)
    await invitations.revoke(pool, only.id)
    await invited(pool, opening_id, Person("Kim", "kim@example.org"))


async def test_of_whoever_gave_nothing_yet_nothing_is_kept_once_it_is_revoked(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    for person, kept in ((Person("Kim", "kim@a.b"), False), (Person("Lee", None, resume_id), True)):
        invitation_id, token = await invited(pool, opening_id, person)
        await guests.adjust(pool, invitation_id, Adjustments(other="a ramp"))
        await invitations.revoke(pool, invitation_id)
        invitation = await found(pool, token)
        assert (invitation.name, invitation.email is not None) == (person.name * kept, False)
        assert (invitation.adjustments.other, invitation.contact) == (
            "a ramp" * kept, "crew@example.org",
        )  # fmt: skip


async def test_none_outlasts_the_opening(pool: asyncpg.Pool, opening_id: UUID) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    await openings.change(pool, opening_id, Opening("Pilot", deadline=soon))
    _, token = await invited(pool, opening_id)
    assert (await found(pool, token)).expires_at == soon
    await openings.change(pool, opening_id, Opening("Pilot", deadline=datetime.now(UTC)))
    with pytest.raises(Closed):
        await invited(pool, opening_id)
    await openings.change(pool, opening_id, Opening("Pilot"))
    await openings.close(pool, opening_id, closed=True)
    with pytest.raises(Closed):
        await invited(pool, opening_id)
    assert (await found(pool, token)).state == "closed"


async def test_a_new_link_takes_the_place_of_the_old_and_loses_nothing(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    invitation_id, old = await invited(pool, opening_id)
    await guests.bring_resume(pool, invitation_id, resume_id)
    await guests.adjust(pool, invitation_id, Adjustments(more_time=True, other="a ramp"))
    new = await invitations.reissue(pool, invitation_id)
    assert (await found(pool, old)).state == "replaced"
    now = await found(pool, new)
    assert (now.state, now.resume_id, now.adjustments.other) == ("invited", resume_id, "a ramp")
    for _ in range(invitations.LINKS_AN_HOUR - 2):
        await invitations.reissue(pool, invitation_id)
    with pytest.raises(TooMany):
        await invitations.reissue(pool, invitation_id)


async def expired(pool: asyncpg.Pool, one: UUID) -> None:
    await invitations.extend(pool, one, datetime.now(UTC))


@pytest.mark.parametrize(("over", "state"), [(expired, "expired"), (invitations.revoke, "revoked")])
async def test_its_state_is_told_whatever_became_of_it(
    pool: asyncpg.Pool,
    opening_id: UUID,
    resume_id: UUID,
    over: Callable[..., object],
    state: str,
) -> None:
    invitation_id, token = await invited(pool, opening_id, Person("Kim", None, resume_id))
    await invitations.opened(pool, invitation_id)
    assert (await found(pool, token)).state == "opened"
    created = await guests.begin(pool, invitation_id)
    assert created is not None
    assert (await found(pool, token)).state == "created"
    await over(pool, invitation_id)  # type: ignore[misc]
    assert (await found(pool, token)).state == state
    await pool.execute("UPDATE interviews SET status = 'live'")
    assert (await found(pool, token)).state == ("live" if state == "expired" else "revoked")


async def test_a_wish_for_another_date_is_answered_once(
    pool: asyncpg.Pool, opening_id: UUID
) -> None:
    invitation_id, token = await invited(pool, opening_id)
    now = datetime.now(UTC)
    assert not await invitations.answer(pool, invitation_id, "declined", now, None)
    wished = Wish(now + timedelta(days=20), "an operation", now)
    await guests.wish(pool, invitation_id, wished)
    assert (await found(pool, token)).wish == wished
    later = now + timedelta(days=21)
    assert await invitations.answer(pool, invitation_id, "granted", now, later)
    assert not await invitations.answer(pool, invitation_id, "declined", now, None)
    invitation = await found(pool, token)
    assert invitation.wish is not None
    assert (invitation.wish.answer, invitation.expires_at) == ("granted", later)


async def test_it_goes_with_the_resume_the_interview_or_the_organisation(
    pool: asyncpg.Pool, opening_id: UUID, resume_id: UUID
) -> None:
    invitation_id, _ = await invited(pool, opening_id, Person("Kim", None, resume_id))
    created = await guests.begin(pool, invitation_id)
    assert created is not None
    await pool.execute("DELETE FROM interviews WHERE id = $1", created.interview_id)
    assert await pool.fetchval("SELECT count(*) FROM invitation_links") == 0
    await invited(pool, opening_id, Person("Kim", None, resume_id))
    await pool.execute("DELETE FROM resumes")
    assert await invitations.every(pool, opening_id) == []
    await invited(pool, opening_id)
    await pool.execute("DELETE FROM organisations")
    assert await pool.fetchval("SELECT count(*) FROM invitations") == 0
