"""Pages of other sites: which get in, what their browsers are told, and what stays shut to them."""

from __future__ import annotations

from typing import Any, Final

import asyncpg
import pytest

from server.store.scope import LOCAL
from tests.live import Viva
from tests.web.house import Company, company
from tests.web.test_client_secrets import PATH, SITE, connected

OTHER: Final = "https://elsewhere.example"
ALLOW: Final = "access-control-allow-origin"


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(viva: Viva, pool: asyncpg.Pool) -> Company:
    made = await company(pool, "Acme", LOCAL)
    answer = await viva.http.patch(
        "/v1/organisation", json={"allowed_origins": [SITE]}, headers=made.headers["admin"]
    )
    assert answer.json()["allowed_origins"] == [SITE]
    return made


async def secret(viva: Viva, house: Company) -> str:
    answer = await viva.http.post(PATH, json={}, headers=house.headers["candidate"])
    value: str = answer.json()["value"]
    return value


async def test_a_secret_connects_from_a_site_that_is_named(viva: Viva, house: Company) -> None:
    value = await secret(viva, house)
    for site in (OTHER, "null", f"{SITE}:444", SITE.replace("https", "http"), f"{SITE}.example"):
        assert await connected(viva, value, site=site) == 403, site
    first = await connected(viva, value, site=SITE)
    assert isinstance(first, dict), "and who was refused had not used it up"
    assert first["type"] == "session.created"


async def test_nothing_else_connects_from_there(viva: Viva, house: Company) -> None:
    """The interview's own token does not belong into a page of another site."""
    for header in (True, False):
        assert await connected(viva, house.token, site=SITE, header=header) == 403
        assert await connected(viva, house.token, site=SITE, header=header, ours=True) == 403
    assert await connected(viva, "wrong", site=SITE) == 403
    assert await connected(viva, "ek_wrong", site=SITE) == 403


async def test_a_page_there_makes_a_secret_by_a_token_and_never_by_a_cookie(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    order = {"interview_id": house.ids["interview_id"]}

    async def asked(who: str, site: str) -> tuple[int, str | None]:
        headers = {**house.headers.get(who, {}), "origin": site}
        answer = await viva.http.post(PATH, json=order, headers=headers)
        assert site == "null" or "origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers
        return answer.status_code, answer.headers.get(ALLOW)

    for who in ("candidate", "every key"):
        assert await asked(who, SITE) == (200, SITE)
        assert await asked(who, OTHER) == (403, None)
        assert (await asked(who, "null"))[0] == 403
    for who in ("admin", "recruiter", "nobody", "client secret"):
        assert await asked(who, SITE) == (401, None), who
    assert await asked("key to see", SITE) == (403, SITE), "a page may read why it is refused"
    await pool.execute("DELETE FROM users")
    assert await asked("nobody", SITE) == (401, None), "not where everything is open either"


async def test_a_site_is_one_organisations(viva: Viva, house: Company, pool: asyncpg.Pool) -> None:
    there = await company(pool, "Thereby")
    headers = {**there.headers["candidate"], "origin": SITE}
    answer = await viva.http.post(PATH, json={}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    assert ALLOW not in answer.headers
    value = await secret(viva, there)
    assert await connected(viva, value, site=SITE) == 403


async def test_a_browser_that_asks_first_is_told(viva: Viva, house: Company) -> None:
    asks = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-openai-agents-sdk,x-evil",
    }
    fine = await viva.http.options(PATH, headers={**asks, "origin": SITE})
    assert fine.status_code == 204
    assert fine.headers[ALLOW] == SITE
    assert fine.headers["access-control-allow-methods"] == "POST"
    sendable = fine.headers["access-control-allow-headers"].split(", ")
    assert sendable == ["authorization", "content-type", "x-openai-agents-sdk"]
    refused = await viva.http.options(PATH, headers={**asks, "origin": OTHER})
    assert (refused.status_code, ALLOW in refused.headers) == (204, False)
    told = await viva.http.options(PATH)
    assert (told.status_code, told.headers["allow"]) == (204, "OPTIONS, POST")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/interviews"), ("POST", "/v1/resumes"), ("PATCH", "/v1/organisation"),
     ("GET", PATH), ("OPTIONS", "/v1/interviews")],
)  # fmt: skip
async def test_every_other_address_stays_shut(
    viva: Viva, house: Company, method: str, path: str
) -> None:
    headers = {**house.headers["every key"], "origin": SITE}
    answer = await viva.http.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")
    assert ALLOW not in answer.headers


async def test_only_what_a_browser_sends_is_taken_for_a_site(viva: Viva, house: Company) -> None:
    fine: list[Any] = [
        [], ["https://a.example:8443"], ["http://localhost:3000"], ["http://127.0.0.1"],
    ]  # fmt: skip
    wrong: list[Any] = [
        ["*"], ["null"], ["https://A.example"], ["https://a.example/"], ["http://a.example"],
        ["https://a.example/path"], ["a.example"], ["https://*.example"], ["https://a.example:0443"],
        [SITE] * 21, SITE,
    ]  # fmt: skip
    for sites, status in [(one, 200) for one in fine] + [(one, 400) for one in wrong]:
        answer = await viva.http.patch(
            "/v1/organisation", json={"allowed_origins": sites}, headers=house.headers["admin"]
        )
        assert answer.status_code == status, sites


async def test_a_site_is_kept_as_its_browsers_say_it(viva: Viva, house: Company) -> None:
    sites = [f"{SITE}:443", SITE, "http://localhost:80", "http://localhost:8080"]
    answer = await viva.http.patch(
        "/v1/organisation", json={"allowed_origins": sites}, headers=house.headers["admin"]
    )
    kept = [SITE, "http://localhost", "http://localhost:8080"]
    assert answer.json()["allowed_origins"] == kept
