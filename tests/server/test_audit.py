"""``viva audit verify`` says whether the log is whole, and what its head is."""

from __future__ import annotations

import json

import asyncpg
import pytest

from server.audit import verify
from server.store import audit
from tests.databases import connected


async def test_it_tells_the_head_and_the_first_broken_entry(
    pool: asyncpg.Pool, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(3):
        await audit.add(pool, "thing.done", f"thing {n}")
    assert await verify(database_url, []) == 0
    said = capsys.readouterr().out
    assert "3 entries, whole" in said
    head = said.split("head ")[1].strip()
    assert await verify(database_url, [head.upper()]) == 0
    assert await verify(database_url, [head], as_json=True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["whole"]
    assert [one["head"] for one in told["organisations"]] == [head]
    assert await verify(database_url, ["00" * 32]) == 1
    assert f"head {'00' * 32}: in no log" in capsys.readouterr().out
    async with connected(database_url) as connection:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("UPDATE audit SET subject = 'thing x' WHERE n = 2")
    assert await verify(database_url, [head]) == 1
    said = capsys.readouterr().out
    assert "broken: entry 2 was changed, or what was before it" in said
    assert f"head {head}: in no log" in said
