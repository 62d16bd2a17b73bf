"""An organisation is deleted: everybody in it, then the rest, and what stays."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import audit, dissolution, erasure, holds, resumes
from server.store.dissolution import COUNTED, STAYS, WITH_PEOPLE, NotThis
from server.store.erasure import NobodyThere
from server.store.holds import OnHold
from server.store.keys import Keys
from server.store.scope import LOCAL, everywhere, within
from server.store.signing import ERASURE, Signer
from tests.web.house import Company, company

SIGNER = Signer(Keys((bytes(32),)))
TABLES = """
SELECT relname AS name FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attname = 'organisation_id'
"""


@pytest.fixture
async def there(pool: asyncpg.Pool) -> Company:
    await company(pool, "Hereby", LOCAL)
    return await company(pool, "Thereby")


async def tables(pool: asyncpg.Pool) -> set[str]:
    with everywhere():
        return {row["name"] for row in await pool.fetch(TABLES)}


async def lift(pool: asyncpg.Pool, of: Company) -> None:
    with within(of.organisation):
        await holds.lift(pool, UUID(of.ids["hold_id"]))


async def rows(pool: asyncpg.Pool, organisation: UUID) -> dict[str, int]:
    """By table how many are its own."""
    with everywhere():
        counts = {
            name: await pool.fetchval(
                f"SELECT count(*) FROM {name} WHERE organisation_id = $1",
                organisation,
            )
            for name in await tables(pool)
        }
    return {name: count for name, count in counts.items() if count}


async def test_of_every_table_it_is_known_what_becomes_of_it(pool: asyncpg.Pool) -> None:
    assert await tables(pool) == {*COUNTED, *WITH_PEOPLE, *STAYS}


async def test_nothing_is_left_but_receipts_and_the_log(pool: asyncpg.Pool, there: Company) -> None:
    here = await rows(pool, LOCAL)
    await lift(pool, there)
    with within(there.organisation, "user x"):
        done = await dissolution.dissolve(pool, there.organisation, SIGNER)
    assert set(await rows(pool, there.organisation)) == set(STAYS)
    assert await rows(pool, LOCAL) == here, "another organisation is as it was"
    with everywhere():
        assert await pool.fetchval("SELECT count(*) FROM organisations") == 1
        kept = await erasure.receipts(pool)
        async with pool.acquire() as connection:
            verdicts = await audit.verify(connection)
        told = await pool.fetch(
            "SELECT action, actor FROM audit WHERE organisation_id = $1 ORDER BY n DESC LIMIT 1",
            there.organisation,
        )
    assert [one.broken for one in verdicts] == [None, None]
    assert [tuple(row) for row in told] == [("organisation.erased", "user x")]
    said = SIGNER.verify(ERASURE, done.receipt.signed)
    assert (said["organisation"], said["whole"]) == (str(there.organisation), True)
    assert said["deleted"]["people"] == 2, "one with a résumé, and one who was invited"
    assert said["deleted"]["users"] == 5
    assert done.receipt.id in {one.id for one in kept}
    assert len([one for one in kept if one.resume_id or one.invitation_id]) == 2
    assert "Thereby" not in str(kept)
    assert len(done.jobs) >= 2, "the plan of the interview, and a mail"


async def test_a_hold_stops_it_and_keeps_everything(pool: asyncpg.Pool, there: Company) -> None:
    before = await rows(pool, there.organisation)
    with within(there.organisation), pytest.raises(OnHold):
        await dissolution.dissolve(pool, there.organisation, SIGNER)
    assert await rows(pool, there.organisation) == before
    await lift(pool, there)
    with within(there.organisation):
        kept, _ = await resumes.add(pool, b"%PDF-2", "other.pdf")
        assert await holds.place(pool, "a court", resume_id=kept) is not None
        with pytest.raises(OnHold):
            await dissolution.dissolve(pool, there.organisation, SIGNER)
    assert (await rows(pool, there.organisation))["resumes"] == 2


async def test_the_servers_own_stays(pool: asyncpg.Pool, there: Company) -> None:
    before = await rows(pool, LOCAL)
    with within(LOCAL), pytest.raises(NotThis):
        await dissolution.dissolve(pool, LOCAL, SIGNER)
    assert await rows(pool, LOCAL) == before


async def test_twice_is_once(pool: asyncpg.Pool, there: Company) -> None:
    await lift(pool, there)
    with within(there.organisation):
        await dissolution.dissolve(pool, there.organisation, SIGNER)
        with pytest.raises(NobodyThere):
            await dissolution.dissolve(pool, there.organisation, SIGNER)
