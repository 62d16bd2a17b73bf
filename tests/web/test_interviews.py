"""Creating interviews: one source of the role, and the database that keeps it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.language.speech import NO_ROLE
from server.store import interviews, resumes
from tests.live import Viva, running, until
from tests.resumes import KOREAN_RESUME, ROLELESS_RESUME, resume_pdf


async def test_the_answer_has_what_a_client_needs(viva: Viva) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    assert set(ticket) == {"interview_id", "target_role", "language", "token", "websocket_url"}
    assert (ticket["target_role"], ticket["language"]) == ("보안 엔지니어", "ko")
    assert ticket["websocket_url"] == viva.base.replace("http", "ws") + "/v1/realtime"


async def test_the_plan_is_written_from_the_interview_alone(viva: Viva) -> None:
    ticket = await viva.interview(KOREAN_RESUME)

    async def planned() -> list[dict[str, Any]] | None:
        return (await viva.show(ticket["interview_id"]))["questions"] or None

    questions = await until(planned)
    assert [question["ordinal"] for question in questions] == [1, 2, 3, 4, 5, 6, 7]
    assert [question["kind"] for question in questions] == ["opening"] + ["planned"] * 6
    assert "보안 엔지니어" in questions[0]["text"]
    assert len({question["text"] for question in questions}) == 7
    assert {question["turn"] for question in questions} == {None}
    assert {(question["evidence"], question["line"]) for question in questions} == {(None, None)}


async def test_a_resume_without_a_role_makes_a_general_interview(viva: Viva) -> None:
    resume_id = await viva.upload(resume_pdf(ROLELESS_RESUME))
    state = await viva.read(resume_id)
    assert state["structured_data"]["header"]["target_role"] is None
    order = {"resume_id": resume_id, "position": "백엔드"}
    answer = await viva.http.post("/interviews/realtime", json=order)
    assert answer.json()["target_role"] == NO_ROLE == "일반"
    assert "일반" not in (await viva.http.get(f"/resumes/{resume_id}")).text


async def test_a_resume_still_being_read_is_a_conflict(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url, worker=False) as viva:
        resume_id = await viva.upload(resume_pdf(KOREAN_RESUME))
        answer = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id})
        assert answer.status_code == 409
        assert answer.json()["code"] == "resume_not_ready"
        assert f"GET /resumes/{resume_id}" in answer.json()["detail"]


async def test_open_interviews_are_listed(viva: Viva) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    (listed,) = (await viva.http.get("/interviews")).json()
    assert listed["interview_id"] == ticket["interview_id"]
    assert (listed["candidate_name"], listed["status"], listed["turns"]) == ("최민지", "created", 0)
    missing = await viva.http.get("/interviews/00000000-0000-0000-0000-000000000000")
    assert missing.json()["code"] == "interview_not_found"


async def test_whatever_the_position_the_role_is_the_resumes(viva: Viva) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    resume_id = (await viva.http.post(
        "/resumes", files={"file": ("cv.pdf", resume_pdf(KOREAN_RESUME))}
    )).json()["id"]  # fmt: skip
    assert ticket["target_role"] == "보안 엔지니어"

    positions = st.text() | st.sampled_from(
        ["백엔드", "일반", "보안 엔지니어'; --", "\x00", "null"]
    )

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(position=positions)
    def check(position: str) -> None:
        order = {"resume_id": resume_id, "position": position}
        answer = client.post("/interviews/realtime", json=order)
        assert answer.status_code == 201
        seen.append(answer.json()["interview_id"])
        assert answer.json()["target_role"] == "보안 엔지니어"

    seen: list[str] = []
    with httpx.Client(base_url=viva.base, timeout=60) as client:
        await asyncio.to_thread(check)
    assert len(seen) >= 60
    for interview_id in seen:
        assert (await viva.show(interview_id))["target_role"] == "보안 엔지니어"


@pytest.mark.parametrize("position", [None, 7, {"a": [1]}, ["백엔드"], True])
async def test_a_position_of_any_shape_is_ignored(viva: Viva, position: object) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    resume = (await viva.http.post(
        "/resumes", files={"file": ("cv.pdf", resume_pdf(KOREAN_RESUME))}
    )).json()  # fmt: skip
    order = {"resume_id": resume["id"], "position": position, "target_role": "백엔드"}
    answer = await viva.http.post("/interviews/realtime?target_role=x", json=order)
    assert answer.json()["target_role"] == ticket["target_role"]


async def _interview(pool: asyncpg.Pool) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    header = {"name": "Kim", "target_role": "보안 엔지니어"}
    await resumes.mark_ready(pool, resume_id, {"header": header, "meta": {"language": "ko"}})
    created = await interviews.create(pool, resume_id)
    assert created is not None
    return created.interview_id
