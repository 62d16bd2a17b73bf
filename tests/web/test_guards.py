"""Who may connect: refusals that a browser can read, and nobody else's interview."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.store import interviews, resumes
from tests.live import Viva, running

KEY = "interviewers-only"


pytestmark = pytest.mark.viva(worker=False, interviewer_key=KEY)


async def created(pool: asyncpg.Pool) -> tuple[UUID, str]:
    """An interview and its candidate's token."""
    resume_id, _ = await resumes.add(pool, b"%PDF-", "a.pdf")
    header = {"name": "Kim", "target_role": None}
    await resumes.mark_ready(pool, resume_id, {"header": header, "meta": {"language": "ko"}})
    made = await interviews.create(pool, resume_id)
    assert made is not None
    return made.interview_id, made.token


async def refused(viva: Viva, offered: list[Any], **options: Any) -> tuple[int, str, str | None]:
    """Close code, reason, and the subprotocol that was selected before."""
    url = viva.base.replace("http", "ws") + "/v1/realtime"
    async with connect(url, subprotocols=offered or None, **options) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason, socket.subprotocol


@pytest.mark.parametrize("token", ["", "wrong", KEY])
async def test_a_socket_opens_to_a_candidate_only(viva: Viva, token: str) -> None:
    code, reason, selected = await refused(
        viva, ["realtime", "viva.v1", f"openai-insecure-api-key.{token}"]
    )
    assert (code, selected) == (4401, "viva.v1")
    assert "token" in reason
    headers = {"Authorization": f"Bearer {token}"}
    for offered in (["realtime"], []):
        with pytest.raises(InvalidStatus) as unmade:
            await refused(viva, offered, additional_headers=headers)
        answer = unmade.value.response
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        problem = json.loads(answer.body)
        assert problem["code"] == "not_signed_in"
        assert "token" in problem["detail"]


@pytest.mark.parametrize(
    ("offered", "more", "query", "says"),
    [
        ([], {"OpenAI-Beta": "realtime=v1"}, "", "beta_api_shape_disabled"),
        (["realtime", "openai-beta.realtime-v1"], {}, "", "beta_api_shape_disabled"),
        ([], {}, "?intent=transcription", "invalid_value"),
    ],
)
async def test_who_speaks_what_is_not_spoken_here_is_told_once_and_for_good(
    viva: Viva, pool: asyncpg.Pool, offered: Any, more: dict[str, str], query: str, says: str
) -> None:
    _, token = await created(pool)
    url = viva.base.replace("http", "ws") + "/v1/realtime" + query
    headers = {"Authorization": f"Bearer {token}"} | more
    async with connect(url, subprotocols=offered or None, additional_headers=headers) as socket:
        error = json.loads(await socket.recv())["error"]
        assert error["code"] == says
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4400, error["message"])


async def test_an_interview_that_has_ended_stays_so(viva: Viva, pool: asyncpg.Pool) -> None:
    interview_id, token = await created(pool)
    await pool.execute("UPDATE interviews SET status = 'ended' WHERE id = $1", interview_id)
    headers = {"Authorization": f"Bearer {token}"}
    code, reason, _ = await refused(viva, ["realtime"], additional_headers=headers)
    assert (code, reason) == (4409, "this interview has ended")


async def test_a_header_and_a_subprotocol_open_it(viva: Viva, pool: asyncpg.Pool) -> None:
    _, token = await created(pool)
    url = viva.base.replace("http", "ws") + "/v1/realtime"
    headers = {"Authorization": f"bearer {token}"}
    async with connect(url, additional_headers=headers) as socket:
        assert b"session.created" in (await socket.recv(decode=False))
    offered: list[Any] = [f"openai-insecure-api-key.{token}"]
    async with connect(url, subprotocols=offered) as socket:
        assert b"session.created" in (await socket.recv(decode=False))


@pytest.mark.parametrize("prefix", ["", "/v1"])
async def test_another_candidates_token_is_no_key(
    viva: Viva, pool: asyncpg.Pool, prefix: str
) -> None:
    own, token = await created(pool)
    other, _ = await created(pool)
    headers = {"Authorization": f"Bearer {token}"}
    for path, status, code in (
        (f"/interviews/{own}/consent", 200, None),
        (f"/interviews/{other}/consent", 403, "candidate_only"),
        (f"/interviews/{own}/recordings", 403, "interviewer_only"),
        ("/templates", 403, "interviewer_only"),
    ):
        answer = await viva.http.get(prefix + path, headers=headers)
        assert (answer.status_code, answer.json().get("code") if code else None) == (status, code)
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = await viva.http.get(f"{prefix}/interviews/{own}/consent", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "candidate_only")
    assert (await viva.http.get(f"{prefix}/templates", headers=headers)).status_code == 200


@pytest.mark.parametrize("key", [None, ""])
async def test_without_a_key_on_the_server_nobody_is_an_interviewer(
    database_url: str, redis_url: str, key: str | None
) -> None:
    async with running(database_url, redis_url, worker=False, interviewer_key=key) as viva:
        for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Bearer None"}):
            answer = await viva.http.get("/v1/templates", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "interviewer_only")
