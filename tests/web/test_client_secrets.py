"""A page connects by a client secret: which it is given by whom, what it opens, and how often."""

from __future__ import annotations

import asyncio
import json
from time import time
from typing import Any, Final

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.store import client_secrets
from server.store.scope import LOCAL
from tests.live import Viva
from tests.web.house import Company, company

SITE: Final = "https://jobs.acme.example"
PATH: Final = "/v1/realtime/client_secrets"


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def make(viva: Viva, house: Company, who: str, **order: Any) -> httpx.Response:
    return await viva.http.post(PATH, json=order, headers=house.headers[who])


async def connected(
    viva: Viva, value: str, *, site: str | None = None, header: bool = False, ours: bool = False
) -> dict[str, Any] | int:
    """The first event, or the code by which the connection was refused."""
    url = viva.base.replace("http", "ws") + "/v1/realtime?model=gpt-realtime"
    by = [] if header else [f"openai-insecure-api-key.{value}"]
    protocols: Any = ["viva.v1" if ours else "realtime", *by]
    sent = {"authorization": f"Bearer {value}"} if header else {}
    origin: Any = site
    try:
        async with connect(
            url, subprotocols=protocols, additional_headers=sent, origin=origin
        ) as socket:
            first: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 20))
            return first
    except InvalidStatus as refused:
        return refused.response.status_code
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


async def test_it_has_openais_shape_and_opens_the_interview_once(
    viva: Viva, house: Company
) -> None:
    interview_id = house.ids["interview_id"]
    for who, order in (("candidate", {}), ("every key", {"interview_id": interview_id})):
        for header in (True, False):
            answer = await make(viva, house, who, **order)
            assert answer.status_code == 200, answer.text
            made = answer.json()
            assert set(made) == {"value", "expires_at", "session"}
            assert made["value"].startswith("ek_")
            assert 590 < made["expires_at"] - time() < 610
            assert made["session"]["id"] == f"sess_{interview_id}"
            first = await connected(viva, made["value"], header=header)
            assert isinstance(first, dict)
            assert (first["type"], first["session"]["model"]) == ("session.created", "gpt-realtime")
            assert await connected(viva, made["value"], header=header) == 401
    page = (await make(viva, house, "candidate")).json()["value"]
    first = await connected(viva, page, ours=True)
    assert isinstance(first, dict)
    assert first["type"] == "session.created"
    assert await connected(viva, page, ours=True) == 4401


async def test_two_that_come_at_once_do_not_both_get_in(viva: Viva, house: Company) -> None:
    value = (await make(viva, house, "candidate")).json()["value"]
    came = await asyncio.gather(*(connected(viva, value) for _ in range(3)))
    assert sum(isinstance(one, dict) for one in came) == 1
    assert {one for one in came if isinstance(one, int)} <= {401, 4401}


async def test_what_the_session_was_made_with_holds_from_the_beginning(
    viva: Viva, house: Company
) -> None:
    ulaw = {"type": "audio/pcmu"}
    session = {
        "type": "realtime",
        "model": "gpt-realtime",
        "instructions": "You are a pirate.",
        "audio": {"input": {"format": ulaw, "turn_detection": None}, "output": {"format": ulaw}},
    }
    made = (await make(viva, house, "candidate", session=session)).json()
    assert made["session"]["audio"]["input"]["format"] == ulaw
    assert made["session"]["instructions"] == "", "what the interview fixes stays"
    first = await connected(viva, made["value"])
    assert isinstance(first, dict)
    sound = first["session"]["audio"]
    assert (sound["input"]["format"], sound["output"]["format"]) == (ulaw, ulaw)
    assert sound["input"]["turn_detection"] is None


async def test_it_lasts_as_long_as_was_asked(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    order = {"expires_after": {"anchor": "created_at", "seconds": 10}}
    made = (await make(viva, house, "candidate", **order)).json()
    assert 5 < made["expires_at"] - time() <= 11
    await pool.execute("UPDATE client_secrets SET expires_at = now()")
    assert await connected(viva, made["value"]) == 401
    for wrong in ({"seconds": 9}, {"seconds": 7_201}, {"anchor": "now", "seconds": 60}):
        refused = await make(viva, house, "candidate", expires_after=wrong)
        assert refused.status_code == 400, wrong


async def test_what_cannot_be_made_is_refused(
    viva: Viva, house: Company, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await company(pool, "Thereby")

    async def code(who: str, **order: Any) -> tuple[int, str]:
        answer = await make(viva, house, who, **order)
        return answer.status_code, answer.json()["code"]

    assert await code("every key") == (422, "interview_unnamed")
    foreign = there.ids["interview_id"]
    assert await code("every key", interview_id=foreign) == (404, "interview_not_found")
    assert await code("candidate", interview_id=foreign) == (404, "interview_not_found")
    wrong = {"audio": {"input": {"format": {"type": "audio/opus"}}}}
    assert await code("candidate", session=wrong) == (422, "session_invalid")
    assert await code("candidate", session={"type": "transcription"}) == (422, "session_invalid")
    monkeypatch.setattr(client_secrets, "MOST", 1)
    assert await code("candidate") == (409, "client_secrets_many")
    await pool.execute("UPDATE interviews SET status = 'ended', end_reason = 'complete'")
    assert await code("candidate") == (409, "interview_ended")


async def test_it_opens_nothing_but_the_connection(viva: Viva, house: Company) -> None:
    value = (await make(viva, house, "candidate")).json()["value"]
    by = {"authorization": f"Bearer {value}"}
    own = f"/v1/interviews/{house.ids['interview_id']}"
    for method, path in (("GET", f"{own}/answers"), ("DELETE", own), ("POST", PATH)):
        refused = await viva.http.request(method, path, headers=by, json={})
        assert refused.status_code == 403, path
    url = viva.base.replace("http", "ws") + "/v1/rehearsal"
    protocols: Any = ["viva.rehearsal.v1"]
    async with connect(url, subprotocols=protocols, additional_headers=by) as socket:
        await asyncio.wait_for(socket.wait_closed(), 20)
    assert socket.close_code == 4401
    assert isinstance(await connected(viva, value), dict), "and none of that used it up"
