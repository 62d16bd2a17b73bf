"""Deleting an organisation: everybody in it as any person is deleted, then all that is left of it,
with a receipt that stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from server.store import audit, erasure, outbox
from server.store.erasure import NobodyThere, Receipt
from server.store.holds import OnHold
from server.store.pool import Connection, Executor, transaction
from server.store.scope import LOCAL
from server.store.signing import Signer

HELD = """
SELECT EXISTS (SELECT FROM legal_holds WHERE organisation_id = $1 AND lifted_at IS NULL)
"""
RUNNING = "SELECT id FROM interviews WHERE organisation_id = $1 AND status <> 'ended'"
PEOPLE = "SELECT id FROM resumes WHERE organisation_id = $1 ORDER BY id LIMIT 100"
GUESTS = """
SELECT id FROM invitations
WHERE organisation_id = $1 AND resume_id IS NULL AND interview_id IS NULL
ORDER BY id LIMIT 100
"""
# Whoever adds something to the organisation waits, and then finds that it is gone.
LOCK = "SELECT id FROM organisations WHERE id = $1 FOR UPDATE"
LEFT = """
SELECT EXISTS (SELECT FROM resumes WHERE organisation_id = $1)
    OR EXISTS (SELECT FROM invitations WHERE organisation_id = $1)
"""
MAILS = "SELECT id FROM mails WHERE organisation_id = $1"
DELETE = "DELETE FROM organisations WHERE id = $1"

COUNTED: Final = (
    "users", "api_keys", "links", "templates", "openings", "mails", "wordings", "uploads",
    "webhooks",
)  # fmt: skip
"""Tables whose rows go with the organisation and are counted."""
WITH_PEOPLE: Final = (
    "resumes", "interviews", "invitations", "invitation_links", "legal_holds", "standings", "steps",
    "webhook_deliveries", "shares", "declarations", "client_secrets",
    "jobs",
)  # fmt: skip
"""Those that go with its people, or with its mails."""
STAYS: Final = ("audit", "audit_heads", "erasure_receipts")
COUNT: Final = {
    one: f"SELECT count(*) FROM {one} WHERE organisation_id = $1"  # noqa: S608 - names of ours
    for one in COUNTED
}


class NotThis(Exception):
    """It is the server's own organisation, without which nobody could use it."""


@dataclass(slots=True)
class Dissolved:
    """``jobs``: of those that were waiting, number and epoch; Redis may still carry them."""

    receipt: Receipt
    jobs: list[tuple[int, int]] = field(default_factory=list)


async def refuse(on: Executor, organisation: UUID) -> None:
    """Raises NotThis, OnHold."""
    if organisation == LOCAL:
        raise NotThis
    if await on.fetchval(HELD, organisation):
        raise OnHold


async def running(on: Executor, organisation: UUID) -> list[UUID]:
    """Interviews that have not ended."""
    return [row["id"] for row in await on.fetch(RUNNING, organisation)]


async def dissolve(on: Executor, organisation: UUID, signer: Signer) -> Dissolved:
    """Person by person, each with a receipt; broken off, it goes on where it was when it is asked
    for again. Raises NotThis, OnHold (what is held stays, and the organisation), NobodyThere, and
    as asyncpg does."""
    await refuse(on, organisation)
    people, jobs = 0, []
    while True:
        gone, waiting = await _everybody(on, organisation, signer)
        people += gone
        jobs += waiting
        async with transaction(on) as connection:
            if await connection.fetchval(LOCK, organisation) is None:
                raise NobodyThere
            if await connection.fetchval(LEFT, organisation):
                continue  # somebody came in between
            return await _rest(connection, organisation, signer, people, jobs)


async def _everybody(
    on: Executor, organisation: UUID, signer: Signer
) -> tuple[int, list[tuple[int, int]]]:
    gone, jobs = 0, []
    while rows := await on.fetch(PEOPLE, organisation):
        for row in rows:
            erased = await erasure.erase(on, row["id"], signer, "company")
            gone += 1
            jobs += erased.jobs
    while rows := await on.fetch(GUESTS, organisation):
        for row in rows:
            await erasure.erase_guest(on, row["id"], signer, "company")
            gone += 1
    return gone, jobs


async def _rest(
    connection: Connection,
    organisation: UUID,
    signer: Signer,
    people: int,
    jobs: list[tuple[int, int]],
) -> Dissolved:
    counts = {name: await connection.fetchval(query, organisation) for name, query in COUNT.items()}
    mails = [row["id"] for row in await connection.fetch(MAILS, organisation)]
    jobs = [*jobs, *await outbox.forget(connection, mails)]
    await connection.execute(DELETE, organisation)
    said = {"asked_by": "company", "whole": True, "deleted": {"people": people, **counts}}
    receipt = await erasure.receipt(connection, signer, organisation, said)
    subject, told = f"organisation {organisation}", {"receipt": str(receipt.id)}
    await audit.add(connection, "organisation.erased", subject, organisation=organisation, **told)
    return Dissolved(receipt, jobs)
