"""The interviewer's review: corrections with their history, until an interview is made."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from server.store import corrections, resumes
from tests.live import Viva
from tests.resumes import KOREAN_RESUME, ROLELESS_RESUME, resume_pdf

KEY = {"Authorization": "Bearer interviewers-only"}


pytestmark = pytest.mark.viva(interviewer_key="interviewers-only")


async def read_resume(viva: Viva, lines: list[str]) -> str:
    resume_id = await viva.upload(resume_pdf(lines))
    assert (await viva.read(resume_id))["status"] == "ready"
    return resume_id


async def correct(viva: Viva, resume_id: str, **order: Any) -> httpx.Response:
    order = {"by": "Kim Interviewer", **order}
    return await viva.http.patch(f"/resumes/{resume_id}", json=order, headers=KEY)


async def test_a_correction_keeps_the_old_value_who_and_when(viva: Viva) -> None:
    resume_id = await read_resume(viva, KOREAN_RESUME)
    answer = await correct(viva, resume_id, field="target_role", value="  클라우드  보안 엔지니어 ")
    (kept,) = answer.json()
    assert (kept["field"], kept["old_value"]) == ("target_role", "보안 엔지니어")
    assert (kept["new_value"], kept["corrected_by"]) == (
        "클라우드 보안 엔지니어",
        "Kim Interviewer",
    )
    assert kept["corrected_at"]
    header = (await viva.read(resume_id))["structured_data"]["header"]
    assert header["target_role"] == "클라우드 보안 엔지니어"
    assert header["target_role_source"] == "correction"
    assert header["target_role_evidence"] is None
    assert header["name"] == "최민지"
    created = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id})
    assert created.json()["target_role"] == "클라우드 보안 엔지니어"


async def test_after_an_interview_was_made_nothing_changes(viva: Viva) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    resume_id = await viva.upload(resume_pdf(KOREAN_RESUME))
    answer = await correct(viva, resume_id, field="target_role", value="백엔드")
    assert (answer.status_code, answer.json()["code"]) == (409, "resume_used")
    assert (await viva.show(ticket["interview_id"]))["target_role"] == "보안 엔지니어"
    assert (await viva.http.get(f"/resumes/{resume_id}/corrections")).json() == []


async def test_the_candidates_browser_may_not_correct(viva: Viva) -> None:
    resume_id = await read_resume(viva, KOREAN_RESUME)
    order = {"field": "target_role", "value": "백엔드", "by": "me"}
    for headers in ({}, {"Authorization": "Bearer guess"}):
        answer = await viva.http.patch(f"/resumes/{resume_id}", json=order, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "interviewer_only")


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"field": "target_role", "value": "x" * 81}, "value_too_long"),
        ({"field": "name", "value": "x" * 201}, "value_too_long"),
        ({"field": "target_role", "value": "일반"}, "no_role_is_null"),
        ({"field": "name", "value": "Kim", "by": " \u200b "}, "name_missing"),
        ({"field": "status", "value": "ready"}, "invalid_request"),
        ({"field": "name", "value": 7}, "invalid_request"),
    ],
)
async def test_what_may_not_be_written_is_refused(
    viva: Viva, order: dict[str, Any], code: str
) -> None:
    resume_id = await read_resume(viva, ROLELESS_RESUME)
    answer = await correct(viva, resume_id, **order)
    assert answer.json()["code"] == code
    assert (await viva.http.get(f"/resumes/{resume_id}/corrections")).json() == []


async def test_a_stated_role_can_be_emptied(viva: Viva) -> None:
    resume_id = await read_resume(viva, KOREAN_RESUME)
    await correct(viva, resume_id, field="target_role", value=None)
    created = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id})
    assert created.json()["target_role"] == "일반"


async def test_resumes_are_listed_with_what_was_understood(viva: Viva) -> None:
    resume_id = await read_resume(viva, KOREAN_RESUME)
    (listed,) = (await viva.http.get("/resumes")).json()
    assert (listed["id"], listed["name"], listed["used"]) == (resume_id, "최민지", False)


async def test_a_correction_and_an_interview_at_once_agree_on_the_role(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    read = (await viva.read(await read_resume(viva, KOREAN_RESUME)))["structured_data"]
    for number in range(8):
        async with pool.acquire() as connection, connection.transaction():
            made, _ = await resumes.add(connection, b"%%PDF-%d" % number, "cv.pdf")
            await resumes.mark_ready(connection, made, read)
        resume_id = str(made)

        async def change(resume_id: str = resume_id) -> str:
            answer = await correct(viva, resume_id, field="target_role", value="데이터 분석가")
            return "corrected" if answer.status_code == 200 else answer.json()["code"]

        async def create(resume_id: str = resume_id) -> str:
            answer = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id})
            role: str = answer.json()["target_role"]
            return role

        outcome, role = await asyncio.gather(change(), create())
        state = await viva.read(resume_id)
        assert role == state["structured_data"]["header"]["target_role"]
        assert (outcome == "corrected") == (role == "데이터 분석가")
        assert len(await corrections.of_resume(pool, state["id"])) == (outcome == "corrected")
