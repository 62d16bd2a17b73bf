"""What candidates declare is counted and never read, and goes with them."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
import pytest

from server.evidence.impact import Declared
from server.store import audit, decisions, declarations, erasure
from server.store.declarations import NotOver
from server.store.keys import Keys
from server.store.scope import LOCAL
from server.store.scorecards import Author
from server.store.signing import Signer
from tests.interviewed import held

CARD = """
INSERT INTO scorecards (interview_id, author, version, report_version, submitted_at)
VALUES ($1, 'user a', 1, 1, now())
"""


async def test_it_is_declared_changed_and_taken_back(pool: asyncpg.Pool) -> None:
    of = (await held(pool)).interview_id
    before = len(await audit.newest(pool))
    await declarations.declare(pool, of, "female", None)
    assert await declarations.declared(pool, of)
    await declarations.declare(pool, of, None, "asian")
    assert await pool.fetchval("SELECT count(*) FROM declarations") == 1
    await declarations.declare(pool, of, None, None)
    assert not await declarations.declared(pool, of)
    await declarations.declare(pool, of, "male", "white")
    await declarations.withdraw(pool, of)
    assert not await declarations.declared(pool, of)
    assert len(await audit.newest(pool)) == before, "nothing of it stands in the log"


async def test_not_before_the_end(pool: asyncpg.Pool) -> None:
    with pytest.raises(NotOver):
        await declarations.declare(pool, (await held(pool, over=False)).interview_id, "male", None)
    with pytest.raises(NotOver):
        await declarations.declare(pool, uuid4(), "male", None)


async def test_it_comes_out_counted_by_the_last_decision(pool: asyncpg.Pool) -> None:
    lee = Author("user a")
    for outcomes, sex in (
        (("advance",), "female"),
        (("advance", "decline"), "female"),
        (("open",), "male"),
        (("decline",), None),
    ):
        of = (await held(pool)).interview_id
        await pool.execute(CARD, of)
        for outcome in outcomes:
            await decisions.decide(pool, of, lee, outcome, "x")  # type: ignore[arg-type]
        if sex:
            await declarations.declare(pool, of, sex, None)  # type: ignore[arg-type]
    counted = await declarations.counted(pool, None)
    assert sorted(counted, key=str) == [
        Declared("female", None, selected=False, people=1),
        Declared("female", None, selected=True, people=1),
        Declared(None, None, selected=False, people=1),
    ]
    assert await declarations.counted(pool, uuid4()) == []


async def test_the_application_can_read_none(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    await declarations.declare(pool, made.interview_id, "female", "asian")
    async with pool.acquire() as connection:
        for role in ("viva_app", "viva_system"):
            await connection.execute(f"SET ROLE {role}")
            await connection.execute(f"SELECT set_config('viva.organisation', '{LOCAL}', false)")
            for query in (
                "SELECT * FROM declarations",
                "SELECT sex FROM declarations",
                "SELECT race FROM declarations",
                "SELECT 1 FROM declarations WHERE sex = 'female'",
                "DELETE FROM declarations RETURNING sex",
                "UPDATE declarations SET race = NULL",
            ):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(query)
            assert await declarations.declared(connection, made.interview_id)
        await connection.execute("SET ROLE viva_app")
        await connection.execute(f"SELECT set_config('viva.organisation', '{uuid4()}', false)")
        assert await declarations.counted(connection, None) == []
        await connection.execute("RESET ROLE")


async def test_it_goes_with_the_person(pool: asyncpg.Pool) -> None:
    made = await held(pool)
    await declarations.declare(pool, made.interview_id, "other", None)
    await erasure.erase(pool, made.resume_id, Signer(Keys((bytes(32),))), "candidate")
    assert await pool.fetchval("SELECT count(*) FROM declarations") == 0
