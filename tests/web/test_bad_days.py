"""Clocks that jump, and an organisation that goes while its interviews run."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pyotp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.identity import codes
from server.store import links, sessions
from server.store.scope import LOCAL, everywhere, within
from server.web import watch
from tests.live import Viva
from tests.web.house import Company, company

DELETION = "/v1/organisation/deletion"


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def there(pool: asyncpg.Pool) -> Company:
    await company(pool, "Hereby", LOCAL)
    return await company(pool, "Thereby")


async def test_an_organisation_is_deleted_while_its_interviews_run(
    viva: Viva, there: Company, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_AGAIN_S", 0.05)
    url = viva.base.replace("http", "ws")
    watched = f"{url}/v1/interviews/{there.ids['interview_id']}/watch"
    candidate, viewer = there.headers["candidate"], there.headers["viewer"]
    offered: Any = ["realtime", "viva.v1"]
    async with (
        connect(f"{url}/v1/realtime", subprotocols=offered, additional_headers=candidate) as talk,
        connect(watched, additional_headers=viewer) as look,
    ):
        await talk.recv()
        asked = {"name": "not it"}
        admin = there.headers["admin"]
        wrong = await viva.http.post(DELETION, json=asked, headers=admin)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "organisation_name")
        asked = {"name": there.marker}
        held = await viva.http.post(DELETION, json=asked, headers=admin)
        assert (held.status_code, held.json()["code"]) == (409, "on_hold")
        with within(there.organisation):
            await pool.execute("UPDATE legal_holds SET lifted_by = 'x', lifted_at = now()")
        gone = await viva.http.post(DELETION, json=asked, headers=admin)
        assert gone.status_code == 200, gone.text
        told = await _until_ended(talk)
        assert told["reason"] == "erased", "the candidate is told why"
        receipt = {"receipt": gone.json()["signed"]}
        read = await viva.http.post("/v1/receipts/verify", json=receipt)
        assert read.json()["said"]["whole"] is True
        await asyncio.wait_for(look.wait_closed(), 20)
        assert look.close_code == 4401
    viva.http.cookies.clear()
    for headers in there.headers.values():
        late = await viva.http.get("/v1/interviews", headers=headers)
        assert late.status_code == 401, "nobody of it is known any more"
    again = connect(f"{url}/v1/realtime", subprotocols=offered, additional_headers=candidate)
    async with again as talk:
        with suppress(ConnectionClosed):
            await asyncio.wait_for(talk.recv(), 20)
        assert talk.close_code == 4401
    assert (await viva.http.get("/health/live")).status_code == 200


async def _until_ended(talk: Any) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while True:
            message = await talk.recv()
            event = json.loads(message) if isinstance(message, str) else {}
            if event.get("type") == "viva.ended":
                return event


async def test_the_servers_own_organisation_is_not_deleted(viva: Viva, pool: asyncpg.Pool) -> None:
    here = await company(pool, "Hereby", LOCAL)
    name = await pool.fetchval("SELECT name FROM organisations WHERE id = $1", LOCAL)
    for who, status in (("recruiter", 403), ("every key", 403), ("admin", 409)):
        headers = here.headers[who]
        answer = await viva.http.post(DELETION, json={"name": name}, headers=headers)
        assert answer.status_code == status, who
    assert answer.json()["code"] == "organisation_local"


async def test_what_expires_does_so_by_the_one_clock_of_the_database(pool: asyncpg.Pool) -> None:
    """That of the server may jump: it is asked for no session and no link."""
    with within(LOCAL):
        user = await pool.fetchval(
            "INSERT INTO users (name, role, joined_at) VALUES ('x', 'admin', now()) RETURNING id"
        )
        token = await sessions.begin(pool, user, "x")
        link = await links.add(pool, "sign_in", None)
    with everywhere():
        assert await sessions.find(pool, token) is not None
        # A clock that goes back makes nothing live for ever: what was begun later than now lasts
        # no longer than what is told of it.
        await pool.execute("UPDATE sessions SET seen_at = seen_at + interval '1 day'")
        assert await sessions.find(pool, token) is not None
        await pool.execute("UPDATE sessions SET expires_at = now()")
        assert await sessions.find(pool, token) is None
        await pool.execute("UPDATE links SET expires_at = now()")
        found = await links.find(pool, link)
    assert found is not None
    assert found.expired


def test_a_code_is_not_taken_again_when_the_clock_goes_back() -> None:
    secret, _ = codes.offered("x")
    now = datetime.now(UTC)
    code = pyotp.TOTP(secret).at(now)
    step = codes.step(secret, code, now, None)
    assert step is not None
    assert codes.step(secret, code, now - timedelta(seconds=30), step) is None
