"""Signing in and out, links, passwords and one-time codes, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pyotp
import pytest
from redis.asyncio import Redis

from server.identity import accounts as identity
from server.identity.principal import OF_ROLE
from server.store import accounts, links
from server.store.scope import LOCAL, within
from server.store.sealing import Seal
from server.web.principal import COOKIE, CSRF_HEADER
from tests.live import TLS, Viva, running
from tests.web.house import company

GOOD, OTHER = "plum tractor vivid harbour", "seven quiet lanterns drift"
EMAIL = "kim@example.org"


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def browser(viva: Viva) -> AsyncIterator[httpx.AsyncClient]:
    async with client(viva) as opened:
        yield opened


def client(viva: Viva) -> httpx.AsyncClient:
    """One that keeps cookies; every error it gets must stand in OpenAPI."""
    hooks = viva.http.event_hooks
    return httpx.AsyncClient(base_url=viva.base, event_hooks=hooks, verify=TLS, timeout=60)


async def token_for(pool: asyncpg.Pool, kind: links.Kind, email: str = EMAIL) -> str:
    """Of a link for this member, who is invited where they are not there."""
    with within(LOCAL):
        found = await accounts.by_email(pool, email)
        user_id = found[0].id if found else await accounts.invite(pool, email, "Kim", "recruiter")
        return await links.add(pool, kind, user_id)


async def follow(browser: httpx.AsyncClient, token: str, password: str | None) -> httpx.Response:
    asked = {"token": token, "password": password}
    return await browser.post("/v1/links/follow", json=asked)


async def joined(browser: httpx.AsyncClient, pool: asyncpg.Pool, email: str = EMAIL) -> None:
    answer = await follow(browser, await token_for(pool, "join", email), GOOD)
    assert (answer.status_code, answer.json()) == (200, {"signed_in": True}), answer.text


async def sign_in(browser: httpx.AsyncClient, password: str, **more: Any) -> httpx.Response:
    shown = {"email": EMAIL, "password": password, **more}
    return await browser.post("/v1/session", json=shown)


async def proof(browser: httpx.AsyncClient) -> dict[str, str]:
    return {CSRF_HEADER: (await browser.get("/v1/session")).json()["csrf"]}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_who_is_invited_joins_signs_out_and_in(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    token = await token_for(pool, "join")
    read = await browser.post("/v1/links/read", json={"token": token})
    told = {"kind": "join", "organisation": "local", "email": EMAIL, "name": "Kim"}
    assert (read.json(), read.headers["cache-control"]) == (told, "no-store")
    assert code(await follow(browser, token, None)) == (422, "password_needed")
    assert code(await follow(browser, token, "password12345")) == (422, "password_easy")
    answer = await follow(browser, token, GOOD)
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in (f"{COOKIE}=", "HttpOnly", "SameSite=strict", "Path=/"))
    assert "Secure" not in cookie, "over http no browser would send it"
    me = (await browser.get("/v1/session")).json()
    assert (me["kind"], me["role"], me["email"]) == ("member", "recruiter", EMAIL)
    assert me["rights"] == sorted(OF_ROLE["recruiter"])
    assert (await browser.get("/v1/interviews")).status_code == 200
    assert code(await follow(browser, token, GOOD)) == (410, "link_over")
    assert code(await viva.http.get("/v1/interviews")) == (401, "not_signed_in")

    cookies = dict(browser.cookies)
    gone = await browser.delete("/v1/session", headers=await proof(browser))
    assert gone.status_code == 204
    assert not browser.cookies
    kept = await viva.http.get("/v1/interviews", headers={"cookie": f"{COOKIE}={cookies[COOKIE]}"})
    assert kept.status_code == 401, "a cookie that somebody kept opens nothing"
    assert code(await sign_in(browser, OTHER)) == (401, "wrong_credentials")
    assert (await sign_in(browser, GOOD, email="KIM@example.org")).status_code == 204
    assert (await browser.get("/v1/interviews")).status_code == 200


async def test_too_many_attempts_are_refused_for_the_account_and_from_the_address(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "FOR_ACCOUNT", 2)
    monkeypatch.setattr(identity, "FROM_ADDRESS", 5)
    await joined(browser, pool)
    for _ in range(2):
        assert code(await sign_in(browser, OTHER)) == (401, "wrong_credentials")
    late = await sign_in(browser, GOOD)
    assert code(late) == (429, "too_many_attempts")
    assert 800 < int(late.headers["retry-after"]) <= 900
    assert (await browser.get("/v1/session")).json()["kind"] == "member", "who is in stays in"
    for n in range(3):
        await sign_in(browser, OTHER, email=f"nobody{n}@example.org")
    assert code(await sign_in(browser, OTHER, email="somebody@example.org"))[0] == 429
    await pool.execute("UPDATE sign_in_attempts SET at = at - interval '15 minutes'")
    assert (await sign_in(browser, GOOD)).status_code == 204


async def test_a_redis_that_is_away_locks_nobody_out(
    database_url: str, redis_url: str, pool: asyncpg.Pool
) -> None:
    async with running(database_url, redis_url, worker=False) as viva, client(viva) as browser:
        await joined(browser, pool)
        async with Redis.from_url(redis_url) as redis:
            await redis.execute_command("CLIENT PAUSE", "6000", "ALL")
        async with asyncio.timeout(5.5):
            assert (await sign_in(browser, GOOD)).status_code == 204
            assert (await browser.get("/v1/interviews")).status_code == 200


async def test_a_new_password_by_link_ends_every_session_and_is_no_way_round_codes(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await joined(browser, pool)
    secret = (await browser.post("/v1/codes", headers=await proof(browser))).json()["secret"]
    now = datetime.now(UTC)
    first = pyotp.TOTP(secret).at(now)
    for wrong in ({"password": OTHER, "code": first}, {"password": GOOD, "code": "000000x"}):
        asked = {"secret": secret, **wrong}
        refused = await browser.put("/v1/codes", json=asked, headers=await proof(browser))
        assert code(refused) == (401, "wrong_credentials")
    asked = {"password": GOOD, "secret": secret, "code": first}
    set_up = await browser.put("/v1/codes", json=asked, headers=await proof(browser))
    assert set_up.status_code == 204, set_up.text
    assert (await browser.get("/v1/session")).json()["codes"] is True
    sealed = await pool.fetchval("SELECT totp FROM users WHERE totp IS NOT NULL")
    assert secret.encode() not in sealed

    answer = await follow(browser, await token_for(pool, "reset"), OTHER)
    assert answer.json() == {"signed_in": False}
    assert (await browser.get("/v1/session")).status_code == 401
    assert code(await sign_in(browser, GOOD)) == (401, "wrong_credentials")
    assert code(await sign_in(browser, OTHER)) == (401, "code_needed")
    assert code(await sign_in(browser, OTHER, code=first)) == (401, "wrong_credentials")
    later = pyotp.TOTP(secret).at(now + timedelta(seconds=30))
    assert (await sign_in(browser, OTHER, code=later)).status_code == 204
    off = {"password": OTHER, "secret": None}
    assert (
        await browser.put("/v1/codes", json=off, headers=await proof(browser))
    ).status_code == 204
    assert (await sign_in(browser, OTHER)).status_code == 204


async def test_codes_whose_key_is_gone_are_told_of_and_taken_by_an_administrator(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await joined(browser, pool)
    secret = (await browser.post("/v1/codes", headers=await proof(browser))).json()["secret"]
    now = datetime.now(UTC)
    asked = {"password": GOOD, "secret": secret, "code": pyotp.TOTP(secret).at(now)}
    await browser.put("/v1/codes", json=asked, headers=await proof(browser))
    user = await pool.fetchval("SELECT id FROM users WHERE totp IS NOT NULL")
    other = Seal(b"x" * 32).close(secret.encode(), "wherever")
    await pool.execute("UPDATE users SET totp = $2 WHERE id = $1", user, other)
    assert code(await sign_in(browser, OTHER, code="123456")) == (401, "wrong_credentials")
    later = pyotp.TOTP(secret).at(now + timedelta(seconds=30))
    assert code(await sign_in(browser, GOOD, code=later)) == (409, "codes_unreadable")

    house = await company(pool, "Acme", LOCAL)
    headers = house.headers["admin"]
    taking = f"/v1/members/{user}/codes"
    for who, status in (("recruiter", 403), ("viewer", 403), ("admin", 204)):
        answer = await viva.http.delete(taking, headers=house.headers[who])
        assert answer.status_code == status, who
    nobody = await viva.http.delete(f"/v1/members/{uuid4()}/codes", headers=headers)
    assert code(nobody) == (404, "member_not_found")
    assert await pool.fetchval("SELECT totp FROM users WHERE id = $1", user) is None
    told = "SELECT count(*) FROM audit WHERE action LIKE 'member.codes%' AND subject = $1"
    assert await pool.fetchval(told, f"user {user}") == 1
    assert (await sign_in(browser, GOOD)).status_code == 204


async def test_ones_own_sessions_are_listed_and_ended(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await joined(browser, pool)
    async with client(viva) as phone:
        phone.headers["user-agent"] = "a phone"
        assert (await sign_in(phone, GOOD)).status_code == 204
        page = (await browser.get("/v1/sessions?limit=1")).json()
        (there,) = page["items"]
        assert (there["agent"], there["this"]) == ("a phone", False)
        rest = (await browser.get(f"/v1/sessions?cursor={page['next_cursor']}")).json()["items"]
        assert [one["this"] for one in rest] == [True]
        ending = f"/v1/sessions/{there['id']}/end"
        left_open = await browser.post(ending, json={}, headers=await proof(browser))
        assert code(left_open) == (401, "wrong_credentials")
        assert (await phone.get("/v1/session")).status_code == 200
        asked = {"password": GOOD}
        ended = await browser.post(ending, json=asked, headers=await proof(browser))
        assert ended.status_code == 204
        again = await browser.post(ending, json=asked, headers=await proof(browser))
        assert again.status_code in {204, 404}, "twice is no harm"
        assert (await phone.get("/v1/session")).status_code == 401
        assert (await sign_in(phone, GOOD)).status_code == 204
        wrong = await browser.put(
            "/v1/password", json={"old": OTHER, "new": OTHER}, headers=await proof(browser)
        )
        assert code(wrong) == (401, "wrong_credentials")
        changed = await browser.put(
            "/v1/password", json={"old": GOOD, "new": OTHER}, headers=await proof(browser)
        )
        assert changed.status_code == 204
        assert (await phone.get("/v1/session")).status_code == 401
        assert (await browser.get("/v1/session")).status_code == 200


async def test_a_link_is_expired_forged_or_anothers(
    browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    token = await token_for(pool, "join")
    for forged in ("x", token[:-1], token.swapcase(), f"{token}a"):
        assert code(await follow(browser, forged, GOOD)) == (404, "link_unknown")
    await pool.execute("UPDATE links SET expires_at = now()")
    for path in ("/v1/links/read", "/v1/links/follow"):
        answer = await browser.post(path, json={"token": token, "password": GOOD})
        assert code(answer) == (410, "link_over")
    newer = await token_for(pool, "join")
    assert code(await follow(browser, token, GOOD)) == (404, "link_unknown")
    await pool.execute("UPDATE users SET removed_at = now()")
    assert code(await follow(browser, newer, GOOD)) == (404, "link_unknown")


async def test_the_person_at_this_machine_signs_in_once(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    assert (await viva.http.get("/v1/session")).json()["kind"] == "anybody"
    assert (await viva.http.get("/v1/interviews")).status_code == 200
    with within(LOCAL):
        token = await links.add(pool, "sign_in", None)
    both = await asyncio.gather(*(follow(browser, token, None) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [200, 410]
    me = (await browser.get("/v1/session")).json()
    assert (me["role"], me["email"], me["organisation"]) == ("admin", None, "local")
    assert (await viva.http.get("/v1/interviews")).status_code == 401
    with within(LOCAL):
        again = await links.add(pool, "sign_in", None)
    assert (await follow(browser, again, None)).status_code == 200
    assert await pool.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_over_tls_the_cookie_is_this_hosts_only(scheme: str) -> None:
    from litestar.testing import RequestFactory

    from server.web.signing_in import session_cookie

    request = RequestFactory(server="x.example", port=443).get("/")
    request.scope["scheme"] = scheme
    cookie = session_cookie(request, "token").to_header(header="")
    assert ("__Host-" in cookie, "Secure" in cookie) == (scheme == "https", scheme == "https")
