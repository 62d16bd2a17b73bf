"""What whoever was invited gives and asks for, and the one interview that is created of it."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from server.core.pack import Packs
from server.language.speech import Pack
from server.store import audit, interviews, openings
from server.store.interviews import CreatedInterview
from server.store.invitations import LOCK, WISH, Adjustments, AlreadyInvited, Wish
from server.store.pool import Executor, transaction

RESUME = "UPDATE invitations SET resume_id = $2, attached = $3 WHERE id = $1"
CALLED = "UPDATE invitations SET name = $2, email = $3, phone = $4 WHERE id = $1"
ADJUST = "UPDATE invitations SET adjustments = $2 WHERE id = $1"
WANT_PERSON = """
UPDATE invitations SET person_wanted_at = CASE WHEN $2::boolean THEN now() END WHERE id = $1
"""
HELD = "UPDATE invitations SET interview_id = $2 WHERE id = $1"


class Begun(Exception):
    """Their interview was created: nothing that it rests on changes any more."""


class NotReady(Exception):
    """There is no résumé yet that an interview could be created from."""


async def bring_resume(
    on: Executor, invitation_id: UUID, resume_id: UUID, *, attached: bool = False
) -> None:
    """The candidate's own, or, ``attached``, what the company has of them. Raises Begun."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(LOCK, invitation_id)
        if row is None or row["interview_id"] is not None:
            raise Begun
        await connection.execute(RESUME, invitation_id, resume_id, attached)


async def call(on: Executor, invitation_id: UUID, name: str, email: str | None, phone: str) -> None:
    """What they say they are called, and where they are reached. Raises AlreadyInvited."""
    try:
        await on.execute(CALLED, invitation_id, name, email.lower() if email else None, phone)
    except asyncpg.UniqueViolationError as error:
        raise AlreadyInvited([0]) from error


async def adjust(on: Executor, invitation_id: UUID, adjustments: Adjustments) -> None:
    await on.execute(ADJUST, invitation_id, adjustments)


async def wish(on: Executor, invitation_id: UUID, wish: Wish) -> None:
    """For another date, in place of an earlier wish."""
    await on.execute(WISH, invitation_id, wish)


async def want_person(on: Executor, invitation_id: UUID, *, wanted: bool) -> None:
    """They would rather speak with a person, or not any more. Nothing of theirs changes by it."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(LOCK, invitation_id)
        if row is None:
            return
        if row["interview_id"] is not None:
            await interviews.ask_for_person(connection, row["interview_id"], wanted=wanted)
        elif wanted != (row["person_wanted_at"] is not None):
            await connection.execute(WANT_PERSON, invitation_id, wanted)
            action = "person.asked" if wanted else "person.not_asked"
            await audit.add(connection, action, f"invitation {invitation_id}")


async def begin(
    on: Executor, invitation_id: UUID, *, packs: Packs[Pack] | None = None
) -> CreatedInterview | None:
    """The one interview; None where it was created before. Raises NotReady."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(LOCK, invitation_id)
        if row is None or row["resume_id"] is None:
            raise NotReady
        if row["interview_id"] is not None:
            return None
        opening = await openings.get(connection, row["opening_id"])
        assert opening is not None
        created = await interviews.create(
            connection,
            row["resume_id"],
            opening.opening.template_id,
            packs=packs,
            opening=(opening.id, opening.opening),
        )
        if created is None:
            raise NotReady
        await connection.execute(HELD, invitation_id, created.interview_id)
        if row["person_wanted_at"] is not None:
            await interviews.ask_for_person(connection, created.interview_id, wanted=True)
    return created
