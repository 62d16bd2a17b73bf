"""The log only grows, and whatever is done to it behind its back is found."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.store import audit, corrections
from server.store.audit import Entry, Wanted
from server.store.scope import LOCAL, everywhere, within
from tests.databases import connected

SWAP = """
UPDATE audit a SET subject = b.subject, detail = b.detail, at = b.at FROM audit b
WHERE (a.n, b.n) IN ((2, 3), (3, 2))
"""
ONE_MORE = """
INSERT INTO audit SELECT organisation_id, 6, at, actor, action, subject, detail, hash
FROM audit WHERE n = 5
"""
BEHIND_ITS_BACK = "SET session_replication_role = replica"


async def add(pool: asyncpg.Pool, many: int = 5) -> list[Entry]:
    for n in range(many):
        await audit.add(pool, "thing.seen", f"thing {n}", count=n)
    return (await audit.newest(pool))[::-1]


async def verdict(pool: asyncpg.Pool, *heads: str) -> audit.Verdict:
    async with pool.acquire() as connection:
        (one,) = await audit.verify(connection, heads)
    return one


async def test_entries_follow_one_another(pool: asyncpg.Pool) -> None:
    entries = await add(pool)
    assert [one.n for one in entries] == [1, 2, 3, 4, 5]
    assert entries[3].detail == {"count": 3}
    assert entries[0].actor == "viva"
    told = await verdict(pool, entries[2].hash, "ab" * 32)
    assert (told.entries, told.broken, told.head) == (5, None, entries[-1].hash)
    assert told.found == {entries[2].hash}


@pytest.mark.parametrize(
    ("done", "first"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE n = 3", 3),
        ("UPDATE audit SET at = at + interval '1 us' WHERE n = 2", 2),
        ("UPDATE audit SET detail = '{\"count\": 1}' WHERE n = 1", 1),
        ("UPDATE audit SET hash = set_byte(hash, 7, get_byte(hash, 7) # 1) WHERE n = 4", 4),
        ("DELETE FROM audit WHERE n = 1", 1),
        ("DELETE FROM audit WHERE n = 3", 3),
        ("DELETE FROM audit WHERE n = 5", 5),
        ("DELETE FROM audit", 1),
        ("DELETE FROM audit_heads", 5),
        (SWAP, 2),
        (ONE_MORE, 6),
    ],
)
async def test_what_was_done_to_it_is_found(
    pool: asyncpg.Pool, database_url: str, done: str, first: int
) -> None:
    await add(pool)
    async with connected(database_url) as connection:
        await connection.execute(BEHIND_ITS_BACK)
        await connection.execute(done)
    found = (await verdict(pool)).broken
    assert found is not None
    assert found[0] == first


async def test_a_head_kept_elsewhere_tells_of_what_was_cut_off_cleanly(
    pool: asyncpg.Pool, database_url: str
) -> None:
    entries = await add(pool)
    async with connected(database_url) as connection:
        await connection.execute(BEHIND_ITS_BACK)
        await connection.execute("DELETE FROM audit WHERE n > 3")
        await connection.execute(
            "UPDATE audit_heads SET n = 3, hash = $1", bytes.fromhex(entries[2].hash)
        )
    told = await verdict(pool, entries[4].hash)
    assert told.broken is None, "of itself it looks whole"
    assert told.found == set()


@pytest.mark.parametrize("statement", ["UPDATE audit SET n = 9", "DELETE FROM audit"])
async def test_nobody_changes_it(pool: asyncpg.Pool, database_url: str, statement: str) -> None:
    await add(pool)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only grows"):
        await pool.execute(statement)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only grows"):
        await pool.execute("TRUNCATE audit")
    for role in ("viva_app", "viva_system"):
        async with connected(database_url) as connection:
            await connection.execute(f"SET ROLE {role}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_those_who_write_at_once_write_one_chain(pool: asyncpg.Pool) -> None:
    async def some(who: int) -> None:
        for n in range(10):
            async with pool.acquire() as connection, connection.transaction():
                await audit.add(connection, "thing.done", f"thing {who}", n=n)

    await asyncio.gather(*(some(who) for who in range(4)))
    told = await verdict(pool)
    assert (told.entries, told.broken) == (40, None)


async def test_what_is_undone_leaves_no_entry(pool: asyncpg.Pool, resume_id: UUID) -> None:
    before = len(await audit.newest(pool))
    async with pool.acquire() as connection:
        undone = connection.transaction()
        await undone.start()
        await audit.add(connection, "thing.done", "thing")
        await undone.rollback()
    await corrections.correct(pool, resume_id, "name", "김민지", "Lee")
    newest, *rest = await audit.newest(pool)
    assert len(rest) == before
    assert (newest.action, newest.subject) == ("resume.corrected", f"resume {resume_id}")
    assert newest.detail == {"field": "name"}
    assert (await verdict(pool)).broken is None


async def test_whoever_looks_again_and_again_has_one_entry(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for actor in ("user 1", "user 2", "user 1"):
        with within(LOCAL, actor):
            await audit.seen(pool, "resume.seen", "resume 1")
    assert [one.actor for one in await audit.about(pool, ["resume 1"])] == ["user 1", "user 2"]
    monkeypatch.setattr(audit, "SEEN_AGAIN", timedelta())
    with within(LOCAL, "user 1"):
        await audit.seen(pool, "resume.seen", "resume 1")
    assert len(await audit.about(pool, ["resume 1"])) == 3


async def test_entries_are_found_by_what_is_wanted_of_them(pool: asyncpg.Pool) -> None:
    for actor in ("user 1", "user 2"):
        with within(LOCAL, actor):
            await audit.add(pool, "thing.seen", f"thing of {actor}")
            await audit.add(pool, "thing.done", "thing 3")

    async def found(**wanted: Any) -> list[int]:
        return [one.n for one in await audit.newest(pool, wanted=Wanted(**wanted))]

    assert await found() == [4, 3, 2, 1]
    assert await found(action="thing.seen") == [3, 1]
    assert await found(actor="user 1") == [2, 1]
    assert await found(subject="thing 3", actor="user 2") == [4]
    last = (await audit.newest(pool))[0].at
    assert await found(since=last) == [4]
    assert await found(since=last + timedelta(seconds=1)) == []


async def test_each_organisation_has_its_own(pool: asyncpg.Pool, database_url: str) -> None:
    with everywhere():
        other: UUID = await pool.fetchval(
            "INSERT INTO organisations (name) VALUES ('Other') RETURNING id"
        )
        await audit.add(pool, "thing.done", "thing", organisation=other)
    await add(pool, 2)
    async with pool.acquire() as connection:
        told = {one.organisation: one for one in await audit.verify(connection)}
    assert {one: told[one].entries for one in told} == {other: 1, LOCAL: 2}
    with within(other):
        (only,) = await audit.newest(pool)
    assert only.subject == "thing"
