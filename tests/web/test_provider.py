"""Signing in by a provider of OpenID Connect, a real one in a thread."""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from server.identity import accounts as identity
from server.identity.provider import NotVouched, Provider
from server.store import accounts, organisations
from server.store.scope import LOCAL, within
from tests.live import TLS, Viva, free_port, running
from tests.web.test_accounts import EMAIL, client, code, proof

with warnings.catch_warnings():  # it uses what Authlib will drop
    warnings.simplefilter("ignore")
    from oidc_provider_mock import run_server_in_thread

# What the provider in its thread uses is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

KIM = {"email": EMAIL, "email_verified": True, "name": "Kim"}


@contextmanager
def provided(port: int) -> Iterator[str]:
    """A provider with keys of its own; its issuer."""
    with run_server_in_thread(port=port):
        yield f"http://localhost:{port}"


@pytest.fixture
def issuer() -> Iterator[str]:
    with provided(free_port()) as running:
        yield running


@pytest.fixture
async def viva(database_url: str, redis_url: str, issuer: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, worker=False, **settings(issuer)) as system:
        yield system


def settings(issuer: str) -> dict[str, Any]:
    return {
        "oidc_issuer": issuer, "oidc_client_id": "viva", "oidc_client_secret": SecretStr("key"),
        "oidc_name": "Example",
    }  # fmt: skip


async def signs_in_there(
    location: str, claims: dict[str, Any], subject: str = "u1"
) -> dict[str, str]:
    """What the provider adds to the address to which it sends the browser back."""
    parts = urlsplit(location)
    issuer = f"{parts.scheme}://{parts.netloc}"
    async with httpx.AsyncClient(verify=TLS) as there:
        await there.put(f"{issuer}/users/{subject}", json=claims)
        answer = await there.post(location, data={"sub": subject})
    back = urlsplit(answer.headers["location"])
    assert back.path == "/sign-in"
    return {name: one for name, (one,) in parse_qs(back.query).items()}


async def tried(
    browser: httpx.AsyncClient, claims: dict[str, Any], subject: str = "u1", **changed: str
) -> httpx.Response:
    begun = await browser.post("/v1/session/provider/begin")
    assert begun.status_code == 200, begun.text
    answer = await signs_in_there(begun.json()["location"], claims, subject)
    return await browser.post("/v1/session/provider", json={**answer, **changed})


async def invited(pool: asyncpg.Pool, email: str = EMAIL) -> None:
    with within(LOCAL):
        await accounts.invite(pool, email, "Kim", "recruiter")


@pytest.fixture
async def browser(viva: Viva) -> AsyncIterator[httpx.AsyncClient]:
    async with client(viva) as opened:
        yield opened


async def test_a_member_signs_in(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await invited(pool)
    assert (await browser.get("/v1/session/ways")).json()["provider"] == "Example"
    answer = await tried(browser, KIM)
    assert answer.status_code == 204, answer.text
    me = (await browser.get("/v1/session")).json()
    assert (me["email"], me["role"]) == (EMAIL, "recruiter")
    assert not [name for name in browser.cookies if "attempt" in name], "it is used up"
    await browser.delete("/v1/session", headers=await proof(browser))
    # Their address may change, or go to somebody else: who they are to the provider stays.
    assert (await tried(browser, {**KIM, "email": "kim.new@example.org"})).status_code == 204
    assert (await browser.get("/v1/session")).json()["email"] == EMAIL
    browser.cookies.clear()
    assert code(await tried(browser, KIM, "u2")) == (403, "no_account")


async def test_nobody_gets_in_who_is_not_a_member(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code(await tried(browser, KIM)) == (403, "no_account")
    await invited(pool)
    unsure = {**KIM, "email_verified": False}
    assert code(await tried(browser, unsure)) == (403, "address_not_verified")
    await pool.execute("UPDATE users SET removed_at = now()")
    assert code(await tried(browser, KIM)) == (403, "no_account")
    assert await pool.fetchval("SELECT count(*) FROM sessions") == 0
    assert await pool.fetchval("SELECT count(*) FROM users") == 1
    assert "kim" not in "".join(capsys.readouterr()).lower()


async def test_an_organisation_takes_in_its_domain_as_viewers(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    with within(LOCAL):
        await organisations.change(pool, LOCAL, {"join_domain": "example.org"})
    assert (await tried(browser, KIM)).status_code == 204
    me = (await browser.get("/v1/session")).json()
    assert (me["email"], me["role"], me["name"]) == (EMAIL, "viewer", "Kim")
    other = {**KIM, "email": "kim@sub.example.org"}
    assert code(await tried(browser, other, "u3")) == (403, "no_account")
    await pool.execute("UPDATE users SET removed_at = now()")
    assert code(await tried(browser, KIM)) == (403, "no_account"), "who was removed stays out"


async def test_an_answer_is_of_one_attempt_of_one_browser(
    viva: Viva, browser: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await invited(pool)
    refused = (401, "not_vouched")
    assert code(await tried(browser, KIM, state="another")) == refused
    assert code(await tried(browser, KIM, code="another")) == refused
    begun = await browser.post("/v1/session/provider/begin")
    answer = await signs_in_there(begun.json()["location"], KIM)
    async with client(viva) as other:  # to whom somebody sent the link
        assert code(await other.post("/v1/session/provider", json=answer)) == refused
        other.cookies.set("viva_attempt", "AAAA")
        assert code(await other.post("/v1/session/provider", json=answer)) == refused
    assert (await browser.post("/v1/session/provider", json=answer)).status_code == 204
    assert code(await browser.post("/v1/session/provider", json=answer)) == refused


async def test_a_token_for_somebody_else_is_not_ours(
    database_url: str, redis_url: str, pool: asyncpg.Pool, issuer: str
) -> None:
    """The code was given to one nonce: an attempt with another is refused."""
    begun = Provider(issuer, "viva", "key", "x")
    back = "http://localhost/sign-in"
    location, attempt = await begun.begin(back)
    query = {name: one for name, (one,) in parse_qs(urlsplit(location).query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest())
    assert query["code_challenge"] == challenge.decode().rstrip("=")
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"] == back
    answer = await signs_in_there(location, KIM)
    _, other = await begun.begin(back)
    forged = type(attempt)(attempt.state, other.nonce, attempt.verifier, attempt.until)
    with pytest.raises(NotVouched) as refused:
        await begun.finish(forged, answer["state"], answer["code"], back)
    assert refused.value.code == "claims"


async def test_the_provider_takes_new_keys_and_may_be_away(
    database_url: str, redis_url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await invited(pool)
    port = free_port()
    options = settings(f"http://localhost:{port}")
    server = running(database_url, redis_url, worker=False, **options)
    async with server as viva, client(viva) as browser:
        away = await browser.post("/v1/session/provider/begin")
        assert code(away) == (502, "provider_away")
        for _ in range(2):  # each time with other keys
            with provided(port):
                assert (await tried(browser, KIM)).status_code == 204
        with provided(port):
            begun = await browser.post("/v1/session/provider/begin")
            answer = await signs_in_there(begun.json()["location"], KIM)
        late = await browser.post("/v1/session/provider", json=answer)
        assert code(late) == (502, "provider_away")
        monkeypatch.setattr(identity, "FROM_ADDRESS", 1)
        with provided(port):
            await pool.execute("UPDATE users SET removed_at = now()")
            await tried(browser, KIM)
            assert code(await tried(browser, KIM))[0] == 429


async def test_without_a_provider_there_is_none(
    database_url: str, redis_url: str, pool: asyncpg.Pool
) -> None:
    async with running(database_url, redis_url, worker=False) as viva:
        assert (await viva.http.get("/v1/session/ways")).json()["provider"] is None
        answer = await viva.http.post("/v1/session/provider/begin")
        assert code(answer) == (409, "no_provider")
