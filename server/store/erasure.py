"""Deleting a person: a résumé and all that came of it, in one transaction, with a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.store import audit, holds, outbox
from server.store.holds import OnHold
from server.store.pool import Connection, Executor, database_now, new_id, transaction
from server.store.signing import ERASURE, Signer

RECEIPT: Final = ERASURE

# The lock makes the creation of an interview, a correction and a hold wait.
LOCK = "SELECT organisation_id FROM resumes WHERE id = $1 FOR UPDATE"
INTERVIEWS = "SELECT id FROM interviews WHERE resume_id = $1 ORDER BY id FOR UPDATE"
INVITATIONS = "SELECT id FROM invitations WHERE resume_id = $1 ORDER BY id"
OF_INTERVIEWS: Final = (
    "questions", "answers", "facts", "recording_chunks", "pending_segments", "notices",
    "sound_keys", "leases", "reports", "report_runs", "report_statements",
    "standings", "steps", "watching",
    "scorecards", "quotes_opened", "notes", "decisions",
    "webhook_deliveries", "shares", "declarations",
    "feedback_letters", "amendments", "said_lines", "client_secrets",
)  # fmt: skip
OF_RESUME: Final = (
    "resume_files",
    "resume_pages",
    "resume_corrections",
    "resume_disputes",
    "invitations",
)
"""Tables whose rows go with the interview, or with the résumé, and are counted."""

COUNTED: Final = {
    **{one: f"SELECT count(*) FROM {one} WHERE interview_id = ANY($1)" for one in OF_INTERVIEWS},  # noqa: S608
    **{one: f"SELECT count(*) FROM {one} WHERE resume_id = ANY($1)" for one in OF_RESUME},  # noqa: S608
}
RECEIPT_S: Final = timedelta(seconds=1)
"""A receipt tells the second."""
DELETE_GUEST = """
DELETE FROM invitations WHERE id = $1 AND resume_id IS NULL AND interview_id IS NULL
RETURNING organisation_id
"""
FORGET = "DELETE FROM idempotency_keys WHERE about = ANY($1)"
DELETE_INVITED = "DELETE FROM invitations WHERE id = ANY($1) RETURNING id"
DELETE_INTERVIEWS = "DELETE FROM interviews WHERE resume_id = $1"
DELETE_RESUME = "DELETE FROM resumes WHERE id = $1"
KEEP = """
INSERT INTO erasure_receipts
    (id, organisation_id, resume_id, invitation_id, signed, made_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING
"""
RECEIPTS = """
SELECT id, resume_id, invitation_id, signed, made_at FROM erasure_receipts
WHERE ($1::uuid IS NULL OR id < $1) AND ($2::timestamptz IS NULL OR made_at >= $2)
ORDER BY id DESC LIMIT $3
"""


class NobodyThere(Exception):
    """There is no such résumé, or it was deleted."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """``signed``: a JSON Web Signature over what was deleted, when, and on whose word.
    ``invitation_id``: of whoever was invited and had given no résumé. Neither: of an organisation
    as a whole."""

    id: UUID
    resume_id: UUID | None
    invitation_id: UUID | None
    signed: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """``jobs``: of those that were waiting, number and epoch; Redis may still carry them."""

    receipt: Receipt
    jobs: list[tuple[int, int]]


async def erase(on: Executor, resume_id: UUID, signer: Signer, asked_by: str) -> Erased:
    """``asked_by``: candidate, company or clock. Whoever drives an interview of theirs can write
    nothing more. Raises NobodyThere, OnHold, and as asyncpg does: then nothing is deleted."""
    async with transaction(on) as connection:
        organisation = await connection.fetchval(LOCK, resume_id)
        if organisation is None:
            raise NobodyThere
        if await holds.of_person(connection, resume_id):
            raise OnHold
        interviews = [row["id"] for row in await connection.fetch(INTERVIEWS, resume_id)]
        invitations = [row["id"] for row in await connection.fetch(INVITATIONS, resume_id)]
        deleted, jobs = await _deleted(connection, resume_id, interviews)
        made = await receipt(
            connection,
            signer,
            organisation,
            {
                "asked_by": asked_by,
                "resume": str(resume_id),
                "interviews": [str(one) for one in interviews],
                "invitations": [str(one) for one in invitations],
                "deleted": deleted,
            },
        )
        about, told = f"resume {resume_id}", {"asked_by": asked_by, "receipt": str(made.id)}
        await audit.add(connection, "person.erased", about, organisation=organisation, **told)
    return Erased(made, jobs)


async def erase_guest(on: Executor, invitation_id: UUID, signer: Signer, asked_by: str) -> Receipt:
    """Whoever was invited and gave no résumé yet, links included. Raises NobodyThere."""
    async with transaction(on) as connection:
        organisation = await connection.fetchval(DELETE_GUEST, invitation_id)
        if organisation is None:
            raise NobodyThere
        said = {
            "asked_by": asked_by,
            "invitation": str(invitation_id),
            "interviews": [],
            "deleted": {"invitations": 1},
        }
        made = await receipt(connection, signer, organisation, said)
        about, told = f"invitation {invitation_id}", {"asked_by": asked_by}
        await audit.add(
            connection,
            "person.erased",
            about,
            organisation=organisation,
            receipt=str(made.id),
            **told,
        )
    return made


async def erase_again(on: Executor, signed: str, said: dict[str, Any]) -> bool:
    """What a restored backup brought back of whom a receipt tells, deleted under that receipt;
    ``said``: its claims, verified. Whether there was any. Raises OnHold where a hold is younger
    than the receipt: what was deleted had none in force."""
    at = datetime.fromisoformat(said["at"])
    organisation = UUID(said["organisation"])
    resume_id, invitation_id = _about(said)
    guests = [UUID(one) for one in said.get("invitations", ())]
    guests += [invitation_id] if invitation_id else []
    async with transaction(on) as connection:
        there = await connection.fetchval(LOCK, resume_id) is not None
        if resume_id and there:
            await _lift_older(connection, resume_id, at)
            interviews = [row["id"] for row in await connection.fetch(INTERVIEWS, resume_id)]
            await _deleted(connection, resume_id, interviews)
        # Invited before the backup, they may have given the résumé after it.
        there |= bool(await connection.fetch(DELETE_INVITED, guests))
        row = UUID(said["receipt"]), organisation, resume_id, invitation_id, signed, at
        await connection.execute(KEEP, *row)
        if there:
            about = f"resume {resume_id}" if resume_id else f"invitation {invitation_id}"
            told = {"asked_by": said["asked_by"], "receipt": said["receipt"], "again": True}
            await audit.add(connection, "person.erased", about, organisation=organisation, **told)
    return there


async def _lift_older(connection: Connection, resume_id: UUID, at: datetime) -> None:
    """Raises OnHold."""
    for hold in await holds.of_person(connection, resume_id):
        if hold.placed_at >= at + RECEIPT_S:
            raise OnHold
        await holds.lift(connection, hold.id)


async def receipts(
    on: Executor,
    before: UUID | None = None,
    limit: int | None = None,
    since: datetime | None = None,
) -> list[Receipt]:
    """The newest first, those older than ``before``."""
    return [Receipt(**row) for row in await on.fetch(RECEIPTS, before, since, limit)]


async def _deleted(
    connection: Connection, resume_id: UUID, interviews: list[UUID]
) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """How many of each kind, and the jobs."""
    subjects = [resume_id, *interviews]
    counts = {name: await connection.fetchval(query, subjects) for name, query in COUNTED.items()}
    jobs = await outbox.forget(connection, subjects)
    remembered = await connection.execute(FORGET, subjects)
    await connection.execute(DELETE_INTERVIEWS, resume_id)
    await connection.execute(DELETE_RESUME, resume_id)
    return {
        "resumes": 1,
        "interviews": len(interviews),
        **counts,
        "jobs": len(jobs),
        "remembered_requests": int(remembered.split()[-1]),
    }, jobs


async def receipt(
    connection: Connection, signer: Signer, organisation: UUID, claims: dict[str, Any]
) -> Receipt:
    """``claims`` signed and kept, in the transaction that deletes what they tell of."""
    receipt_id = await new_id(connection)
    made_at = await database_now(connection)
    said = {
        "receipt": str(receipt_id),
        "organisation": str(organisation),
        "at": made_at.isoformat(timespec="seconds"),
        **claims,
    }
    resume_id, invitation_id = _about(claims)
    signed = signer.sign(RECEIPT, said)
    await connection.execute(
        KEEP, receipt_id, organisation, resume_id, invitation_id, signed, made_at
    )
    return Receipt(receipt_id, resume_id, invitation_id, signed, made_at)


def _about(claims: dict[str, Any]) -> tuple[UUID | None, UUID | None]:
    """The résumé, or the invitation, that a receipt is about; neither: an organisation."""
    resume_id, invitation_id = (
        UUID(claims[one]) if claims.get(one) else None for one in ("resume", "invitation")
    )
    return resume_id, invitation_id
