"""A person is deleted whole or not at all, and the receipt says what was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.core.events import InterviewStarted
from server.jobs import PARSE_RESUME
from server.store import (
    audit,
    corrections,
    erasure,
    facts,
    holds,
    interviews,
    invitations,
    openings,
    outbox,
    resumes,
)
from server.store.erasure import COUNTED, NobodyThere
from server.store.facts import OutOfTurn
from server.store.holds import OnHold
from server.store.invitations import Person
from server.store.keys import Keys
from server.store.openings import Opening
from server.store.scope import LOCAL, within
from server.store.signing import Signer
from tests.driver import lease

SIGNER = Signer(Keys((bytes(32),)))
GO_WITH = """
SELECT child.relname FROM pg_constraint
JOIN pg_class child ON child.oid = conrelid JOIN pg_class parent ON parent.oid = confrelid
WHERE contype = 'f' AND parent.relname IN ('resumes', 'interviews')
"""
COUNTED_ELSEWHERE = {"interviews", "legal_holds"}


async def test_every_table_that_goes_with_a_person_is_counted(pool: asyncpg.Pool) -> None:
    """Whoever makes such a table names it in ``erasure``, so that the receipt tells of it."""
    tables = {row["relname"] for row in await pool.fetch(GO_WITH)}
    assert tables - COUNTED_ELSEWHERE == set(COUNTED)


async def test_all_of_it_goes_and_nothing_of_anybody_else(
    pool: asyncpg.Pool, resume_id: UUID
) -> None:
    await corrections.correct(pool, resume_id, "name", "김민지", "Lee")
    await resumes.add_pages(pool, resume_id, [(1, 595.0, 842.0, b"picture")])
    made = [await interviews.create(pool, resume_id) for _ in range(2)]
    other, _ = await resumes.add(pool, b"%PDF-other", "cv.pdf")
    assert made[0] is not None
    epoch = await lease(pool, made[0].interview_id)
    await facts.append(
        pool, made[0].interview_id, epoch, 1, [InterviewStarted("Data Engineer", "en")]
    )
    async with pool.acquire() as connection:
        await outbox.add(connection, PARSE_RESUME, resume_id)
    erased = await erasure.erase(pool, resume_id, SIGNER, "company")
    said = SIGNER.verify(erasure.RECEIPT, erased.receipt.signed)
    assert said["deleted"] == {
        **dict.fromkeys(COUNTED, 0),
        "resumes": 1, "resume_files": 1, "resume_pages": 1, "resume_corrections": 1,
        "interviews": 2, "facts": 1, "leases": 1, "standings": 2, "jobs": 4,
        "remembered_requests": 0,
    }  # fmt: skip
    assert said["resume"] == str(resume_id)
    assert len(erased.jobs) == 4
    assert [one.id for one in await erasure.receipts(pool)] == [erased.receipt.id]
    assert await resumes.get(pool, resume_id) is None
    assert await resumes.get(pool, other) is not None
    newest, *_ = await audit.newest(pool)
    assert (newest.action, newest.subject) == ("person.erased", f"resume {resume_id}")
    with pytest.raises(NobodyThere):
        await erasure.erase(pool, resume_id, SIGNER, "company")
    with pytest.raises(OutOfTurn):
        await facts.append(pool, made[0].interview_id, epoch, 2, [InterviewStarted("x", "en")])


async def test_another_organisations_person_is_not_there(
    pool: asyncpg.Pool, resume_id: UUID, database_url: str
) -> None:
    async with pool.acquire() as connection:
        await connection.execute("SET ROLE viva_app")
        await connection.execute(f"SELECT set_config('viva.organisation', '{uuid4()}', false)")
        with pytest.raises(NobodyThere):
            await erasure.erase(connection, resume_id, SIGNER, "company")


async def test_a_hold_stops_it_and_the_database_itself_does(
    pool: asyncpg.Pool, resume_id: UUID, interview_id: UUID
) -> None:
    with within(LOCAL, "user 7"):
        hold = await holds.place(pool, "a claim", interview_id=interview_id)
    assert hold is not None
    assert (hold.placed_by, hold.resume_id) == ("user 7", resume_id)
    with pytest.raises(OnHold):
        await erasure.erase(pool, resume_id, SIGNER, "candidate")
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool.execute("DELETE FROM interviews")
    assert await interviews.exists(pool, interview_id)
    whole = await holds.place(pool, "another", resume_id=resume_id)
    assert await holds.lift(pool, hold.id)
    assert await holds.lift(pool, hold.id), "twice is once"
    assert not await holds.lift(pool, uuid4())
    assert await holds.of_person(pool, resume_id) == [whole]
    assert whole is not None
    await pool.execute("DELETE FROM interviews")
    with pytest.raises(asyncpg.RestrictViolationError):
        await pool.execute("DELETE FROM resumes")
    await holds.lift(pool, whole.id)
    await erasure.erase(pool, resume_id, SIGNER, "candidate")
    actions = [one.action for one in await audit.newest(pool)]
    assert actions[:5] == [
        "person.erased", "hold.lifted", "hold.lifted", "hold.placed", "hold.placed",
    ]  # fmt: skip


async def test_whoever_gave_nothing_yet_is_deleted_by_their_invitation(
    pool: asyncpg.Pool,
) -> None:
    until = datetime.now(UTC) + timedelta(days=7)
    opening_id = await openings.add(pool, Opening("Data Engineer"))
    (added,) = await invitations.add(pool, opening_id, [Person("Kim", "kim@example.com")], until)
    receipt = await erasure.erase_guest(pool, added.id, SIGNER, "candidate")
    said = SIGNER.verify(erasure.RECEIPT, receipt.signed)
    assert (said["invitation"], said["deleted"]) == (str(added.id), {"invitations": 1})
    assert await invitations.find(pool, added.token) is None
    assert await erasure.receipts(pool) == [receipt]
    with pytest.raises(NobodyThere):
        await erasure.erase_guest(pool, added.id, SIGNER, "candidate")
