"""Who was deleted is nowhere: not in the database, Redis, the logs, nor in any file afterwards."""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from server.assets import share
from server.embedded import Embedded
from server.store.migrations import migrate
from server.store.scrub import scrub
from tests.databases import connected
from tests.live import Viva, browser, running, until
from tests.resumes import resume_pdf

pytestmark = pytest.mark.database

NAME, ROLE, SAID = "Quillon Vantreight", "Zephyrine Operator", "I polished the brontide valves."
MARKS = [text.encode() for text in ("Quillon", "Vantreight", "Zephyrine", "brontide", "cv-7731")]
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


async def rows(connection: asyncpg.Connection) -> bytes:
    """Every row of every table, as text."""
    said = []
    for (table,) in await connection.fetch(TABLES):
        said += [str(tuple(row.values())) for row in await connection.fetch(f"TABLE {table}")]
    return "\n".join(said).encode()


async def kept_in(redis_url: str) -> bytes:
    """Every key of Redis and what is in it."""
    async with Redis.from_url(redis_url) as redis:
        found = [(key, await redis.dump(key)) async for key in redis.scan_iter()]
    return repr(found).encode()


def in_files(folder: Path, marks: list[bytes]) -> set[tuple[str, bytes]]:
    found = set()
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found |= {(str(path.relative_to(folder)), mark) for mark in marks if mark in content}
    return found


async def an_interview_is_held(viva: Viva, connection: asyncpg.Connection) -> dict[str, str]:
    lines = [f"Name: {NAME}", f"Applied position: {ROLE}", "Experience", "2019 - 2024 Acme"]
    file = {"file": ("cv-7731.pdf", resume_pdf(lines))}
    once = {"idempotency-key": "one"}
    accepted = await viva.http.post("/v1/resumes", files=file, headers=once)
    resume_id = accepted.json()["id"]
    assert (await viva.read(resume_id))["status"] == "ready"
    order = {"field": "headline", "value": f"The {ROLE}", "by": "Lee"}
    key = {"authorization": "Bearer interviewers"}
    assert (await viva.http.patch(f"/v1/resumes/{resume_id}", json=order, headers=key)).is_success
    made = await viva.http.post(
        "/v1/interviews/realtime",
        json={"resume_id": resume_id},
        headers={"idempotency-key": "two"},
    )
    ticket: dict[str, str] = {**made.json(), "resume_id": resume_id}
    own = {"authorization": f"Bearer {ticket['token']}"}
    consent = f"/v1/interviews/{ticket['interview_id']}/consent"
    agreed = {"recording": True, "notice": {"version": "1", "language": "en"}}
    assert (await viva.http.post(consent, json=agreed, headers=own)).is_success
    return ticket


async def some(rows: Awaitable[list[asyncpg.Record]]) -> list[asyncpg.Record] | None:
    return await rows or None


async def test_nothing_is_left_but_the_receipt(
    short_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Embedded(short_folder) as servers:
        await migrate(servers.database_url, share("migrations"))
        async with (
            connected(servers.database_url) as connection,
            running(
                servers.database_url, servers.redis_url,
                interviewer_key="interviewers", recording="consent",
            ) as viva,
        ):  # fmt: skip
            ticket = await an_interview_is_held(viva, connection)
            async with browser(ticket) as client:
                await client.hear_question(1)
                await client.say(bytes(32_000) + b"\1\2" * 16_000, speed=4)
                said = {"type": "input_text", "text": SAID}
                item = {"type": "message", "role": "user", "content": [said]}
                await client.send(type="conversation.item.create", item=item)
                await client.event("viva.question", turn=2)
                chunks = "SELECT sealed FROM recording_chunks"
                sound = await until(lambda: some(connection.fetch(chunks)))
                marks = MARKS + [row["sealed"][:48] for row in sound]
                await connection.execute("ANALYZE")
                stats = "SELECT count(*) FROM pg_stats WHERE pg_stats::text LIKE $1"
                assert await connection.fetchval(stats, "%Vantreight%"), "it is there too"
                await connection.execute("CHECKPOINT")
                before = {mark for _, mark in in_files(short_folder, marks)}
                assert len(before) > 4, "what is looked for can be found"
                assert b"Vantreight" in await rows(connection)

                own = {"authorization": f"Bearer {ticket['token']}"}
                where = f"/v1/interviews/{ticket['interview_id']}"
                answer = await viva.http.delete(where, headers=own)
                assert answer.status_code == 200, answer.text
                ended = await client.event("viva.ended")
                assert ended["reason"] == "erased"
                await client.socket.wait_closed()
                assert client.socket.close_code == 1000
            receipt = answer.json()["signed"]
            shown = await viva.http.post("/v1/receipts/verify", json={"receipt": receipt})
            said = shown.json()["said"]
            assert (said["asked_by"], said["resume"]) == ("candidate", ticket["resume_id"])
            counted = said["deleted"]
            assert counted["resumes"] == counted["interviews"] == counted["resume_files"] == 1
            assert counted["answers"] >= 1
            assert counted["recording_chunks"] >= len(sound)
            assert counted["remembered_requests"] == 2
            assert (await viva.http.delete(where, headers=own)).status_code in (401, 403)
            everything = await rows(connection)
            assert [mark for mark in MARKS if mark in everything] == []
            await until(lambda: _quiet(servers.redis_url))
            assert [mark for mark in MARKS if mark in await kept_in(servers.redis_url)] == []
            await scrub(connection)
            await connection.execute("CHECKPOINT")
            assert in_files(short_folder, marks) == set()
        assert in_files(short_folder, marks) == set()
    logged = "".join(capfd.readouterr())
    assert [mark for mark in MARKS if mark.decode() in logged] == []


async def _quiet(redis_url: str) -> bool | None:
    """Once no job is carried any more."""
    async with Redis.from_url(redis_url) as redis:
        return True if not await redis.keys("arq:job:*") else None
