"""Calls as OpenAI's API has them: who may make and end one, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg
import httpx
import pytest

from server.store.scope import LOCAL
from tests.live import Viva, free_port, running
from tests.rtc.conftest import holder
from tests.rtc.peer import peer
from tests.web.house import Company, company
from tests.web.test_metrics import value

PATH: Final = "/v1/realtime/calls"
SECRETS: Final = "/v1/realtime/client_secrets"
SITE: Final = "https://jobs.acme.example"
SDP: Final = {"content-type": "application/sdp"}

pytestmark = pytest.mark.engine


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, worker=False) as system:
        yield system


@pytest.fixture
async def house(viva: Viva, pool: asyncpg.Pool) -> Company:
    made = await company(pool, "Acme", LOCAL)
    sites = {"allowed_origins": [SITE]}
    await viva.http.patch("/v1/organisation", json=sites, headers=made.headers["admin"])
    return made


async def asked(viva: Viva, house: Company, who: str, sdp: str, **more: str) -> httpx.Response:
    headers = {**SDP, **house.headers.get(who, {}), **more}
    return await viva.http.post(PATH, content=sdp, headers=headers)


async def secret(viva: Viva, house: Company, **order: Any) -> str:
    answer = await viva.http.post(SECRETS, json=order, headers=house.headers["candidate"])
    value: str = answer.json()["value"]
    return value


async def test_where_no_calls_are_held_that_is_said(viva: Viva, house: Company) -> None:
    async with peer() as caller:
        sdp = await caller.offer()
    refused = await asked(viva, house, "candidate", sdp)
    assert (refused.status_code, refused.json()["code"]) == (503, "calls_away")


async def test_what_is_refused(viva: Viva, house: Company, redis_url: str) -> None:
    port = str(free_port())
    own = {"VIVA_RTC_SESSIONS": "1", "VIVA_RTC_METRICS": port}
    counted = {cause: _refused(cause) for cause in ("offer", "full")}
    async with holder(viva, redis_url, **own), peer() as caller, httpx.AsyncClient() as http:
        sdp = await caller.offer()
        for who, status, code in (
            ("nobody", 401, "not_signed_in"),
            ("admin", 403, "candidate_only"),
            ("every key", 403, "candidate_only"),
            ("colleague", 403, "candidate_only"),
        ):
            refused = await asked(viva, house, who, sdp)
            assert (refused.status_code, refused.json()["code"]) == (status, code), who
        for wrong in ("", "nothing", "v=0", sdp.replace("m=audio", "m=video")):
            refused = await asked(viva, house, "candidate", wrong)
            assert (refused.status_code, refused.json()["code"]) == (422, "offer_refused"), wrong
        json = {"content-type": "application/json"}
        refused = await asked(viva, house, "candidate", sdp, **json)
        assert refused.json()["code"] == "offer_refused"
        first = await asked(viva, house, "candidate", sdp)
        assert first.status_code == 201, first.text
        full = await asked(viva, house, "candidate", sdp)
        assert (full.status_code, full.json()["code"]) == (503, "server_full")
        assert int(full.headers["retry-after"]) > 0
        assert (await asked(viva, house, "client secret", sdp)).status_code == 503
        assert _refused("offer") == counted["offer"] + 5
        assert _refused("full") == counted["full"] + 2
        assert "\nviva_calls 1.0\n" in (await http.get(f"http://127.0.0.1:{port}/metrics")).text


def _refused(cause: str) -> float:
    """How often, as it is measured."""
    return value("viva_calls_refused_total", cause=cause)


async def test_from_a_page_of_another_site_to_the_hanging_up(
    viva: Viva, house: Company, redis_url: str, pool: asyncpg.Pool
) -> None:
    ulaw = {"type": "audio/pcmu"}
    session = {"audio": {"input": {"format": ulaw, "turn_detection": None}}}
    value = await secret(viva, house, session=session)
    origin = {"origin": SITE}
    async with holder(viva, redis_url), peer() as caller:
        foreign = {"origin": "https://elsewhere.example"}
        assert (await caller.call(viva.http, value, foreign)).status_code == 403
        assert (await caller.call(viva.http, house.token, origin)).status_code == 401
        answer = await caller.call(viva.http, value, origin)
        assert answer.status_code == 201, answer.text
        assert answer.headers["access-control-allow-origin"] == SITE
        assert "Location" in answer.headers["access-control-expose-headers"]
        created = await caller.event("session.created")
        sound = created["session"]["audio"]["input"]
        assert sound["turn_detection"] is None, "what the secret was made with holds"
        assert sound["format"]["type"] == "audio/pcm", "and sound is agreed in SDP"
        again = await viva.http.post(
            PATH, content="v=0", headers={**SDP, "authorization": f"Bearer {value}"}
        )
        assert again.status_code == 401, "it counts once"
        there = await company(pool, "Thereby")
        hangup = f"{answer.headers['location']}/hangup"
        for who in (there.headers["candidate"], there.headers["every key"]):
            unknown = await viva.http.post(hangup, headers=who)
            assert (unknown.status_code, unknown.json()["code"]) == (404, "call_not_found")
        assert not caller.closed.is_set()
        done = await viva.http.post(hangup, headers=house.headers["candidate"])
        assert done.status_code == 204
        await asyncio.wait_for(caller.closed.wait(), 20)
        again = await viva.http.post(hangup, headers=house.headers["every key"])
        assert again.status_code == 204, "again is harmless"
    assert await pool.fetchval("SELECT status FROM interviews WHERE id = $1", house.ids[
        "interview_id"
    ]) == "live", "the interview stays open"  # fmt: skip


async def test_an_interview_that_is_over_is_not_called(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    await pool.execute("UPDATE interviews SET status = 'ended', end_reason = 'complete'")
    refused = await asked(viva, house, "candidate", "v=0")
    assert (refused.status_code, refused.json()["code"]) == (409, "interview_ended")
