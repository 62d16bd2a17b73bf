"""A request that creates something is done once for each Idempotency-Key."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf

AUTHORISED = {"authorization": "Bearer interviewers-only"}
TEMPLATE = {"name": "Once", "stages": [{"name": "knowledge"}], "minutes": 20}


pytestmark = pytest.mark.viva(interviewer_key="interviewers-only")


async def ready(viva: Viva) -> str:
    resume_id = await viva.upload(resume_pdf(KOREAN_RESUME))
    assert (await viva.read(resume_id))["status"] == "ready"
    return resume_id


async def create(viva: Viva, resume_id: str, key: str | None, **more: Any) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    path = more.pop("path", "/v1/interviews/realtime")
    return await viva.http.post(path, json={"resume_id": resume_id, **more}, headers=headers)


async def test_the_same_request_is_answered_the_same(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id, key = await ready(viva), str(uuid4())
    first = await create(viva, resume_id, key)
    assert first.status_code == 201
    for path in ("/v1/interviews/realtime", "/interviews/realtime"):
        again = await create(viva, resume_id, key, path=path)
        assert (again.status_code, again.json()) == (201, first.json())
    assert (await create(viva, resume_id, f'"{key}"')).json() == first.json()
    assert await pool.fetchval("SELECT count(*) FROM interviews") == 1
    assert (await create(viva, resume_id, None)).json() != first.json()
    assert (await create(viva, resume_id, str(uuid4()))).json() != first.json()
    assert await pool.fetchval("SELECT count(*) FROM interviews") == 3


async def test_another_request_under_the_key_is_refused(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id, key = await ready(viva), str(uuid4())
    first = await create(viva, resume_id, key)
    other = await create(viva, resume_id, key, position="백엔드")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await pool.fetchval("SELECT count(*) FROM interviews") == 1
    assert (await create(viva, resume_id, key)).json() == first.json()


async def test_two_at_once_create_one(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id, key = await ready(viva), str(uuid4())
    answers = await asyncio.gather(*(create(viva, resume_id, key) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert await pool.fetchval("SELECT count(*) FROM interviews") == 1


async def test_what_was_refused_may_be_tried_again(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id, key = await ready(viva), str(uuid4())
    await pool.execute("UPDATE resumes SET status = 'queued'")
    refused = await create(viva, resume_id, key)
    assert (refused.status_code, refused.json()["code"]) == (409, "resume_not_ready")
    await pool.execute("UPDATE resumes SET status = 'ready'")
    assert (await create(viva, resume_id, key)).status_code == 201


async def test_the_first_may_take_its_time(viva: Viva, pool: asyncpg.Pool) -> None:
    """The résumé's row is held, so the first request cannot end before the second one gives up."""
    resume_id, key = await ready(viva), str(uuid4())
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM resumes WHERE id = $1 FOR UPDATE", UUID(resume_id))
        first = asyncio.create_task(create(viva, resume_id, key))
        while not await pool.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
        ):
            await asyncio.sleep(0.01)
        second = asyncio.create_task(create(viva, resume_id, key))
        await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED, timeout=1)
        assert not second.done()
    assert (await first).status_code == 201
    assert (await second).json() == (await first).json()


async def test_an_upload(viva: Viva, pool: asyncpg.Pool) -> None:
    key = {"Idempotency-Key": str(uuid4())}

    async def upload(content: bytes) -> httpx.Response:
        files = {"file": ("cv.pdf", content)}
        return await viva.http.post("/v1/resumes", files=files, headers=key)

    first = await upload(resume_pdf(ENGLISH_RESUME))
    await viva.read(first.json()["id"])
    again = await upload(resume_pdf(ENGLISH_RESUME))
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.json()["status"] == "queued", "as it was answered, not as it is now"
    other = await upload(resume_pdf(KOREAN_RESUME))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await pool.fetchval("SELECT count(*) FROM resumes") == 1


async def test_a_template(viva: Viva, pool: asyncpg.Pool) -> None:
    headers = {**AUTHORISED, "Idempotency-Key": "adding-once"}

    async def add(**changes: Any) -> httpx.Response:
        return await viva.http.post("/v1/templates", json=TEMPLATE | changes, headers=headers)

    first = await add()
    assert first.status_code == 201
    again = await add()
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await add(minutes=40)).json()["code"] == "idempotency_key_reused"
    assert await pool.fetchval("SELECT count(*) FROM templates WHERE NOT is_default") == 1
    answer = await viva.http.post("/v1/templates", json=TEMPLATE, headers=AUTHORISED)
    assert (answer.status_code, answer.json()["code"]) == (409, "template_name_taken")


async def test_the_key_opens_nothing_without_the_right_to_ask(viva: Viva) -> None:
    key = {"Idempotency-Key": "adding-once"}
    await viva.http.post("/v1/templates", json=TEMPLATE, headers={**AUTHORISED, **key})
    answer = await viva.http.post("/v1/templates", json=TEMPLATE, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (403, "interviewer_only")


async def test_after_a_day_the_key_is_new_again(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id, key = await ready(viva), str(uuid4())
    first = await create(viva, resume_id, key)
    kept = await pool.fetchval("SELECT expires_at - now() FROM idempotency_keys")
    assert 23 < kept.total_seconds() / 3_600 <= 24
    await create(viva, resume_id, str(uuid4()))
    await pool.execute("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
    second = await create(viva, resume_id, key)
    assert second.json()["interview_id"] != first.json()["interview_id"]
    assert await pool.fetchval("SELECT count(*) FROM idempotency_keys") == 1, "old ones are removed"


async def test_neither_key_nor_token_can_be_read_from_the_database(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    resume_id, key = await ready(viva), str(uuid4())
    ticket = (await create(viva, resume_id, key)).json()
    (row,) = await pool.fetch("SELECT * FROM idempotency_keys")
    kept = b"".join(value for value in row.values() if isinstance(value, bytes))
    for secret in (key, ticket["token"], ticket["interview_id"]):
        assert secret.encode() not in kept


@pytest.mark.parametrize("key", ["", "x" * 256, "\x7f"])
async def test_a_key_that_is_none_is_refused(viva: Viva, key: str) -> None:
    answer = await create(viva, str(uuid4()), key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert "dempotency" in answer.json()["detail"]


async def test_a_hold_and_a_step_are_made_once(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id = await ready(viva)
    made = (await create(viva, resume_id, None)).json()
    for path, said, count in (
        (f"/v1/resumes/{resume_id}/holds", {"reason": "A court asks."}, "legal_holds"),
        (
            f"/v1/interviews/{made['interview_id']}/steps",
            {"step": "time", "minutes": 5},
            "steps",
        ),
    ):
        headers = {**AUTHORISED, "Idempotency-Key": str(uuid4())}
        first, again = [await viva.http.post(path, json=said, headers=headers) for _ in range(2)]
        assert first.status_code == again.status_code < 300, first.text
        assert first.json() == again.json()
        assert await pool.fetchval(f"SELECT count(*) FROM {count}") == 1
