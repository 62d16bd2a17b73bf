"""Whom a restored backup brings back is deleted again, by the receipts that were kept elsewhere."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from server.assets import share
from server.store import (
    audit,
    backup,
    dissolution,
    erasure,
    guests,
    holds,
    invitations,
    openings,
    receipts,
    recordings,
    resumes,
)
from server.store.invitations import Person
from server.store.keys import Keys
from server.store.notices import Told
from server.store.openings import Opening
from server.store.pool import open_pool
from server.store.receipts import Applied
from server.store.scope import LOCAL, within
from server.store.sealed_file import SealedWriter, read_sealed
from server.store.signing import Forged, Signer
from tests.databases import AT_HOME, connected
from tests.interviewed import Held, held, recorded
from tests.web.house import company

KEYS = Keys((bytes(32),))
SIGNER, OTHER = Signer(KEYS), Signer(Keys((b"?" * 32,)))


async def kept(url: str) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, KEYS, backup.PURPOSE)
    async with connected(url) as connection:
        await backup.dump(connection, writer.write, "1", {})
    writer.close()
    return file.getvalue()


async def restored(content: bytes, url: str) -> asyncpg.Pool:
    pieces = read_sealed(io.BytesIO(content), KEYS, backup.PURPOSE)
    await backup.load(url, share("migrations"), backup.about(pieces), pieces)
    return await open_pool(url, max_size=2, scope=AT_HOME)


async def exported(pool: asyncpg.Pool) -> list[receipts.Told]:
    async with pool.acquire() as connection:
        return receipts.read(SIGNER, await receipts.export(connection, SIGNER))


async def sound(pool: asyncpg.Pool, made: Held) -> int:
    sql = "SELECT count(*) FROM recorded_chunks WHERE interview_id = $1"
    count: int = await pool.fetchval(sql, made.interview_id)
    return count


async def test_whoever_was_deleted_since_is_deleted_again(
    pool: asyncpg.Pool, database_url: str, empty_database_url: str
) -> None:
    gone, stays, released = [await held(pool, name=name) for name in ("Ada", "Bo", "Cy")]
    hold = await holds.place(pool, "a claim", resume_id=released.resume_id)
    assert hold is not None
    until = datetime.now(UTC) + timedelta(days=7)
    opening_id = await openings.add(pool, Opening("Data Engineer"))
    people = [Person("Dee", "dee@example.com"), Person("Eve", "eve@example.com")]
    late, guest = await invitations.add(pool, opening_id, people, until)
    content = await kept(database_url)

    await holds.lift(pool, hold.id)
    brought, _ = await resumes.add(pool, b"%PDF-late", "cv.pdf")
    await guests.bring_resume(pool, late.id, brought)
    for resume_id in (gone.resume_id, released.resume_id, brought):
        await erasure.erase(pool, resume_id, SIGNER, "candidate")
    await erasure.erase_guest(pool, guest.id, SIGNER, "candidate")
    told = await exported(pool)
    assert len(told) == 4

    again = await restored(content, empty_database_url)
    try:
        assert await resumes.get(again, gone.resume_id) is not None, "the backup has them"
        assert await receipts.apply(again, SIGNER, told) == Applied(people=4)
        for resume_id in (gone.resume_id, released.resume_id):
            assert await resumes.get(again, resume_id) is None
        assert await resumes.get(again, stays.resume_id) is not None
        assert await again.fetchval("SELECT count(*) FROM invitations") == 0
        assert await again.fetchval("SELECT count(*) FROM interviews") == 1
        signed = {one.signed for one in await erasure.receipts(again)}
        assert signed == {line for line, _, _ in told}, "the same receipts, so they stay good"
        newest, *_ = await audit.newest(again)
        assert (newest.action, newest.detail["again"]) == ("person.erased", True)
        assert await receipts.apply(again, SIGNER, told) == Applied(), "again is harmless"
    finally:
        await again.close()


async def test_a_recording_taken_back_since_is_deleted_again_and_a_younger_hold_heeded(
    pool: asyncpg.Pool, database_url: str, empty_database_url: str
) -> None:
    claimed = await held(pool, name="Di")
    withdrawn, deleted, kept_on = [await held(pool, name=name) for name in ("Ada", "Bo", "Cy")]
    for made in (withdrawn, deleted, kept_on):
        await recorded(pool, made)
    content = await kept(database_url)
    await recordings.withdraw(pool, withdrawn.interview_id, Told("1", "en", None, 30, 7))
    await recordings.delete(pool, deleted.interview_id)
    erased = await erasure.erase(pool, claimed.resume_id, SIGNER, "company")
    told = await exported(pool)
    again = await restored(content, empty_database_url)
    try:
        assert await sound(again, withdrawn) > 0
        await holds.place(again, "a claim", resume_id=claimed.resume_id)
        later = "UPDATE legal_holds SET placed_at = now() + interval '2 seconds'"
        await again.execute(later)
        on_hold = [str(erased.receipt.id)]
        applied = await receipts.apply(again, SIGNER, told)
        assert applied == Applied(recordings=2, held=on_hold)
        assert await resumes.get(again, claimed.resume_id) is not None
        assert [await sound(again, one) for one in (withdrawn, deleted)] == [0, 0]
        assert await sound(again, kept_on) > 0
        consent = await recordings.consent(again, withdrawn.interview_id)
        assert consent.given_at is None
        assert consent.withdrawn_at is not None
        applied = await receipts.apply(again, SIGNER, told)
        assert applied == Applied(held=on_hold), "again is harmless"
    finally:
        await again.close()


async def test_an_organisation_that_was_deleted_since_is_deleted_again(
    pool: asyncpg.Pool, database_url: str, empty_database_url: str
) -> None:
    harrow = await company(pool, "Harrow")
    await pool.execute("DELETE FROM legal_holds")
    content = await kept(database_url)
    with within(harrow.organisation):
        await dissolution.dissolve(pool, harrow.organisation, SIGNER)
    told = await exported(pool)
    again = await restored(content, empty_database_url)
    try:
        applied = await receipts.apply(again, SIGNER, told)
        assert (applied.people, applied.held) == (3, []), "a person, a guest, and the whole"
        left = await again.fetch("SELECT id FROM organisations")
        assert [row["id"] for row in left] == [LOCAL]
        assert await receipts.apply(again, SIGNER, told) == Applied()
    finally:
        await again.close()


def test_a_line_that_is_not_ours_is_named() -> None:
    signed = SIGNER.sign("viva-erasure-receipt", {"receipt": str(UUID(int=1))})
    assert len(receipts.read(SIGNER, [signed, "", f"{signed}\n"])) == 2
    with pytest.raises(Forged, match=r"^line 2: it was signed by a key"):
        receipts.read(SIGNER, [signed, OTHER.sign("viva-erasure-receipt", {})])
