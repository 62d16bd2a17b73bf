"""Inviting over HTTP: one or ten thousand, all or nobody, and what becomes of a link."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from server.embedded import Embedded
from server.store.pool import open_pool
from server.store.scope import LOCAL
from tests.databases import AT_HOME, Kept
from tests.live import Viva, running
from tests.web.house import Company, company

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def acme(embedded: Embedded, shared: Kept) -> AsyncIterator[tuple[Viva, Company]]:
    """One server and one company for all of them: each has an opening of its own."""
    url, redis_url = await shared.fresh(), embedded.redis_url.replace("db=0", "db=1")
    async with Redis.from_url(redis_url) as client:
        await client.flushdb()
    async with (
        await open_pool(url, max_size=2, scope=AT_HOME) as pool,
        running(url, redis_url, worker=False) as system,
    ):
        yield system, await company(pool, "Acme", LOCAL)


@pytest.fixture
def viva(acme: tuple[Viva, Company]) -> Viva:
    return acme[0]


@pytest_asyncio.fixture(loop_scope="module")
async def house(acme: tuple[Viva, Company]) -> Company:
    viva, made = acme
    headers, pilot = made.headers["recruiter"], {"title": "Pilot", "contact": "crew"}
    opened = await viva.http.post("/v1/openings", json=pilot, headers=headers)
    made.ids["opening_id"] = opened.json()["id"]
    return made


async def ask(
    viva: Viva, house: Company, method: str, path: str = "", **more: Any
) -> httpx.Response:
    headers = {**house.headers["recruiter"], **more.pop("headers", {})}
    place = f"/v1/openings/{house.ids['opening_id']}/invitations{path}"
    return await viva.http.request(method, place, headers=headers, **more)


def by(link: str) -> dict[str, str]:
    return {"authorization": f"Bearer {link.partition('#link=')[2]}"}


async def test_people_are_invited_by_links_that_are_told_once(viva: Viva, house: Company) -> None:
    key = {"idempotency-key": str(uuid4())}
    people = [
        {"name": "Kim", "email": "Kim@Example.org", "resume_id": house.ids["resume_id"]},
        {"name": "이민지"},
    ]
    order = {"people": people, "days": 3}
    made = await ask(viva, house, "POST", json=order, headers=key)
    assert made.status_code == 201, made.text
    assert (await ask(viva, house, "POST", json=order, headers=key)).json() == made.json()
    kim, minji = made.json()["invited"]
    assert kim["link"].startswith(f"{viva.base}/invitation#link=vivaguest_")
    listed = (await ask(viva, house, "GET")).json()["items"]
    assert [(one["id"], one["state"]) for one in listed] == [
        (kim["id"], "invited"),
        (minji["id"], "invited"),
    ]
    assert listed[0]["target_role"] == "Acme engineer"  # and not the opening's title
    assert "vivaguest_" not in str(listed)
    shown = await viva.http.get("/v1/invitation", headers=by(minji["link"]))
    assert (shown.json()["name"], shown.json()["title"]) == ("이민지", "Pilot")
    assert (await ask(viva, house, "GET")).json()["items"][1]["state"] == "opened"


async def test_ten_thousand_at_once_keep_nobody_else_waiting(viva: Viva, house: Company) -> None:
    people = [{"name": f"No. {at}", "email": f"{at}@example.org"} for at in range(10_000)]
    one_too_many = await ask(viva, house, "POST", json={"people": [*people, {"name": "x"}]})
    assert (one_too_many.status_code, one_too_many.json()["code"]) == (422, "invitations_many")
    inviting = asyncio.create_task(ask(viva, house, "POST", json={"people": people}))
    answered = 0
    while not inviting.done():
        assert (await viva.http.get("/health/live")).status_code == 200
        answered += 1
    made = await inviting
    assert made.status_code == 201, made.text
    assert len({one["link"] for one in made.json()["invited"]}) == 10_000
    assert answered > 3
    twice = await ask(viva, house, "POST", json={"people": people[5:]})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_invited")
    assert "1, 2, 3" in twice.json()["detail"]


FAULTY: list[tuple[dict[str, Any], int, str]] = [
    ({"people": []}, 422, "invitations_none"),
    ({"people": [{"email": "nobody"}]}, 400, "invalid_request"),
    ({"people": [{"name": "x"}], "days": 0}, 400, "invalid_request"),
    ({"people": [{"resume_id": str(uuid4())}]}, 422, "invitation_resume"),
    ({"people": [{"email": "a@b.c"}, {"email": "A@b.C"}]}, 409, "already_invited"),
    ({"people": [{"name": "a\0b"}]}, 400, "invalid_request"),
]


async def test_what_is_wrong_is_told_and_nobody_is_invited(viva: Viva, house: Company) -> None:
    for order, status, code in FAULTY:
        answer = await ask(viva, house, "POST", json=order)
        assert (answer.status_code, answer.json()["code"]) == (status, code), order
    assert (await ask(viva, house, "GET")).json()["items"] == []


async def test_nobody_is_invited_to_what_is_closed(viva: Viva, house: Company) -> None:
    place = f"/v1/openings/{house.ids['opening_id']}/closed"
    headers = house.headers["recruiter"]
    await viva.http.post(place, headers=headers, json={"closed": True})
    answer = await ask(viva, house, "POST", json={"people": [{"name": "x"}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "opening_closed")


async def invited(viva: Viva, house: Company) -> dict[str, str]:
    made = await ask(viva, house, "POST", json={"people": [{"name": "Kim"}]})
    one: dict[str, str] = made.json()["invited"][0]
    return one


async def test_a_link_is_renewed_and_revoked(viva: Viva, house: Company) -> None:
    one = await invited(viva, house)
    renewed = await ask(viva, house, "POST", f"/{one['id']}/link")
    assert renewed.status_code == 201
    old = await viva.http.get("/v1/invitation", headers=by(one["link"]))
    assert old.json() | {"state": "replaced", "contact": "crew", "name": ""} == old.json()
    assert "Kim" not in old.text
    new = renewed.json()["link"]
    assert (await viva.http.get("/v1/invitation", headers=by(new))).json()["name"] == "Kim"
    assert (await ask(viva, house, "DELETE", f"/{one['id']}")).status_code == 204
    for link, code in ((one["link"], "invitation_replaced"), (new, "invitation_revoked")):
        answer = await viva.http.put(
            "/v1/invitation/person", headers=by(link), json={"wanted": True}
        )
        assert (answer.status_code, answer.json()["code"]) == (410, code)


async def test_the_date_is_moved(viva: Viva, house: Company) -> None:
    one = await invited(viva, house)
    path, now = f"/{one['id']}", datetime.now(UTC)
    none = await ask(viva, house, "PATCH", path, json={"answer": "granted"})
    assert (none.status_code, none.json()["code"]) == (409, "wish_answered")
    past = await ask(viva, house, "PATCH", path, json={"expires_at": now.isoformat()})
    assert (past.status_code, past.json()["code"]) == (422, "invitation_past")
    at = now + timedelta(days=40)
    wish = {"at": at.isoformat(), "note": "an operation"}
    asked = await viva.http.put("/v1/invitation/date", headers=by(one["link"]), json=wish)
    assert asked.json()["wish"]["answer"] is None
    (listed,) = (await ask(viva, house, "GET")).json()["items"]
    assert listed["wish"]["note"] == "an operation"
    granted = await ask(viva, house, "PATCH", path, json={"answer": "granted"})
    assert granted.json()["wish"]["answer"] == "granted"
    until = datetime.fromisoformat(granted.json()["expires_at"])
    assert until == at + timedelta(days=1)
    again = await ask(viva, house, "PATCH", path, json={"answer": "declined"})
    assert (again.status_code, again.json()["code"]) == (409, "wish_answered")


async def test_an_invitation_is_to_its_own_opening_only(viva: Viva, house: Company) -> None:
    one = await invited(viva, house)
    other = f"/v1/openings/{uuid4()}/invitations/{one['id']}"
    answer = await viva.http.delete(other, headers=house.headers["recruiter"])
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_not_found")


async def test_the_company_gives_the_resume_until_there_is_an_interview(
    viva: Viva, house: Company
) -> None:
    one = await invited(viva, house)
    path, given = f"/{one['id']}", {"resume_id": house.ids["resume_id"]}
    wrong = await ask(viva, house, "PATCH", path, json={"resume_id": str(uuid4())})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invitation_resume")
    answer = await ask(viva, house, "PATCH", path, json=given)
    assert (answer.json()["attached"], answer.json()["target_role"]) == (True, "Acme engineer")
    entered = await viva.http.post("/v1/invitation/interview", headers=by(one["link"]))
    assert entered.status_code == 200
    late = await ask(viva, house, "PATCH", path, json=given)
    assert (late.status_code, late.json()["code"]) == (409, "interview_begun")


async def test_nothing_is_mailed_without_a_mail_server(viva: Viva, house: Company) -> None:
    one = await invited(viva, house)
    order = {"people": [{"email": "kim@example.org"}], "way": "mail"}
    for path, body in (("", order), (f"/{one['id']}/link?way=mail", None)):
        answer = await ask(viva, house, "POST", path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "no_mail_server")
    assert len((await ask(viva, house, "GET")).json()["items"]) == 1
