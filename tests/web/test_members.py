"""Members and keys over HTTP: invited, changed, removed, and never without an administrator."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from server.store.scope import LOCAL
from tests.live import Viva
from tests.web.house import Company, company

pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def as_admin(
    viva: Viva, house: Company, method: str, path: str, **more: Any
) -> httpx.Response:
    headers = {**house.headers["admin"], **more.pop("headers", {})}
    return await viva.http.request(method, f"/v1{path}", headers=headers, **more)


async def test_a_colleague_is_invited_and_joins(viva: Viva, house: Company) -> None:
    order = {"email": "Lee@Example.org", "name": "Lee", "role": "interviewer"}
    key = {"idempotency-key": str(uuid4())}
    made = await as_admin(viva, house, "POST", "/members", json=order, headers=key)
    assert made.status_code == 201
    again = await as_admin(viva, house, "POST", "/members", json=order, headers=key)
    assert again.json() == made.json()
    twice = await as_admin(viva, house, "POST", "/members", json=order)
    assert (twice.status_code, twice.json()["code"]) == (409, "member_there")
    base, _, token = made.json()["link"].partition("#link=")
    assert base == f"{viva.base}/sign-in"
    asked = {"token": token, "password": "plum tractor vivid harbour"}
    answer = await viva.http.post("/v1/links/follow", json=asked)
    assert answer.json() == {"signed_in": True}
    people = (await as_admin(viva, house, "GET", "/members")).json()["items"]
    (lee,) = [one for one in people if one["email"] == "lee@example.org"]
    assert lee["joined_at"] is not None
    renewed = await as_admin(viva, house, "POST", f"/members/{lee['id']}/link")
    token = renewed.json()["link"].partition("#link=")[2]
    read = await viva.http.post("/v1/links/read", json={"token": token})
    assert read.json()["kind"] == "reset"
    viva.http.cookies.clear()


async def test_there_is_always_an_administrator(viva: Viva, house: Company) -> None:
    admin = house.users["admin"]
    for method, more in (("PATCH", {"json": {"role": "viewer"}}), ("DELETE", {})):
        answer = await as_admin(viva, house, method, f"/members/{admin}", **more)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    viewer = house.users["viewer"]
    up = await as_admin(viva, house, "PATCH", f"/members/{viewer}", json={"role": "admin"})
    assert up.json()["role"] == "admin"
    down = await as_admin(viva, house, "PATCH", f"/members/{admin}", json={"role": "viewer"})
    assert down.status_code == 200
    refused = await as_admin(viva, house, "GET", "/members")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_who_is_removed_is_out_at_once(viva: Viva, house: Company) -> None:
    out = house.headers["recruiter"]
    assert (await viva.http.get("/v1/interviews", headers=out)).status_code == 200
    path = f"/members/{house.users['recruiter']}"
    assert (await as_admin(viva, house, "DELETE", path)).status_code == 204
    assert (await viva.http.get("/v1/interviews", headers=out)).status_code == 401
    again = await as_admin(viva, house, "DELETE", path)
    assert (again.status_code, again.json()["code"]) == (404, "member_not_found")


async def test_a_key_does_what_it_is_for_until_it_is_revoked(viva: Viva, house: Company) -> None:
    order = {"name": "careers site", "scopes": ["prepare"], "days": 30}
    made = (await as_admin(viva, house, "POST", "/keys", json=order)).json()
    bearer = {"authorization": f"Bearer {made['token']}"}
    assert (await viva.http.get("/v1/session", headers=bearer)).json()["rights"] == ["prepare"]
    assert (await viva.http.get("/v1/interviews", headers=bearer)).status_code == 403
    listed = (await as_admin(viva, house, "GET", "/keys")).json()["items"]
    assert made["token"] not in str(listed)
    assert listed[0]["used_at"] is not None
    path = f"/keys/{made['key']['id']}"
    assert (await as_admin(viva, house, "DELETE", path)).status_code == 204
    assert (await viva.http.get("/v1/session", headers=bearer)).status_code == 401
    too_much = {"name": "x", "scopes": ["manage"]}
    assert (await as_admin(viva, house, "POST", "/keys", json=too_much)).status_code == 400


async def test_an_organisation_is_renamed(viva: Viva, house: Company) -> None:
    for name, status in (("Acme Korea", 200), ("", 400), ("a\x00b", 400)):
        answer = await as_admin(viva, house, "PATCH", "/organisation", json={"name": name})
        assert answer.status_code == status
    shown = (await as_admin(viva, house, "GET", "/organisation")).json()
    assert (shown["id"], shown["name"]) == (str(LOCAL), "Acme Korea")


async def test_an_administrator_signs_somebody_out(viva: Viva, house: Company) -> None:
    member = house.users["viewer"]
    assert (await viva.http.get("/v1/interviews", headers=house.headers["viewer"])).is_success
    gone = await as_admin(viva, house, "DELETE", f"/members/{member}/sessions")
    assert gone.status_code == 204
    late = await viva.http.get("/v1/interviews", headers=house.headers["viewer"])
    assert late.status_code == 401
