"""An organisation's settings, and what they change for its members."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pyotp
import pytest

from server.store import sessions
from server.store.scope import LOCAL, within
from server.web.principal import COOKIE, CSRF_HEADER
from tests.live import Viva
from tests.web.house import Company, company

pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def asks(
    viva: Viva, house: Company, method: str, path: str, who: str = "admin", **more: Any
) -> httpx.Response:
    headers = house.headers[who]
    return await viva.http.request(method, f"/v1{path}", headers=headers, **more)


async def test_settings_are_kept_and_what_is_wrong_is_refused(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    changed = {
        "name": "Acme", "address": "1 Road", "contact": "hr@acme.example",
        "join_domain": "acme.example", "resumes_per_day": 50, "upload_bytes_per_day": 10**9,
        "cloud_voice": True,
    }  # fmt: skip
    told = (await asks(viva, house, "PATCH", "/organisation", json=changed)).json()
    assert changed.items() <= told.items()
    cleared = {"join_domain": None, "resumes_per_day": None, "contact": ""}
    told = (await asks(viva, house, "PATCH", "/organisation", json=cleared)).json()
    assert cleared.items() <= told.items()
    assert told["name"] == "Acme"
    assert (told["mail"], told["provider"]) == (False, None)
    for wrong in (
        {"name": ""}, {"name": "a\nb"}, {"join_domain": "ACME"}, {"resumes_per_day": -1},
        {"join_domain": "a b.example"}, {"contact": "x" * 301}, {"codes_required": "yes"},
    ):  # fmt: skip
        refused = await asks(viva, house, "PATCH", "/organisation", json=wrong)
        assert refused.status_code == 400, wrong
    there = await company(pool, "Thereby")
    wanted = {"join_domain": "x.example"}
    took = await asks(viva, there, "PATCH", "/organisation", json=wanted)
    assert took.status_code == 200
    taken = await asks(viva, house, "PATCH", "/organisation", json=wanted)
    assert (taken.status_code, taken.json()["code"]) == (409, "domain_taken")


async def test_where_codes_are_required_nothing_goes_without(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    order = {"codes_required": True}
    assert (await asks(viva, house, "PATCH", "/organisation", json=order)).status_code == 200
    for who, path in (("admin", "/members"), ("viewer", "/interviews"), ("viewer", "/resumes")):
        refused = await asks(viva, house, "GET", path, who)
        assert (refused.status_code, refused.json()["code"]) == (403, "codes_first")
    me = (await asks(viva, house, "GET", "/session", "viewer")).json()
    assert (me["codes_missing"], me["rights"]) == (True, [])
    offered = (await asks(viva, house, "POST", "/codes", "viewer")).json()
    code = pyotp.TOTP(offered["secret"]).now()
    set_up = {"secret": offered["secret"], "code": code}
    assert (await asks(viva, house, "PUT", "/codes", "viewer", json=set_up)).status_code == 204
    assert (await asks(viva, house, "GET", "/interviews", "viewer")).status_code == 200
    # A provider asks for what it asks.
    with within(LOCAL):
        token = await sessions.begin(pool, house.users["recruiter"], "x", "provider")
        found = await sessions.find(pool, token)
    assert found is not None
    headers = {"cookie": f"{COOKIE}={token}", CSRF_HEADER: found.csrf}
    assert (await viva.http.get("/v1/interviews", headers=headers)).status_code == 200
    # Nor is whoever is at the machine itself locked out.
    with within(LOCAL):
        here = await pool.fetchval(
            "INSERT INTO users (name, role, joined_at) VALUES ('x', 'admin', now()) RETURNING id"
        )
        token = await sessions.begin(pool, here, "x", "link")
    me = await viva.http.get("/v1/members", headers={"cookie": f"{COOKIE}={token}"})
    assert me.status_code == 200
