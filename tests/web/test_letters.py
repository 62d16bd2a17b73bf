"""Links that are mailed: to colleagues who are invited, and to whoever forgot their password."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from server.store import openings
from server.store.openings import Opening
from server.store.scope import LOCAL
from tests.live import Viva, running, until
from tests.mailbox import Mailbox, mailbox
from tests.web.house import Company, company
from tests.web.test_accounts import EMAIL, GOOD, OTHER, client, code, joined, sign_in


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as opened:
        yield opened


@pytest.fixture
async def viva(database_url: str, redis_url: str, box: Mailbox) -> AsyncIterator[Viva]:
    smtp = SecretStr(f"smtp://127.0.0.1:{box.port}")
    async with running(database_url, redis_url, smtp_url=smtp) as system:
        yield system


async def mailed(box: Mailbox, count: int = 1) -> list[str]:
    async def texts() -> list[str] | None:
        return box.texts if len(box.mails) >= count else None

    found: list[str] = await until(texts)
    return found


def token(text: str) -> str:
    (found,) = re.findall(r"/sign-in#link=(\S+)", text)
    return str(found)


async def asks(viva: Viva, house: Company, method: str, path: str, **more: Any) -> httpx.Response:
    headers = {**house.headers["admin"], **more.pop("headers", {})}
    return await viva.http.request(method, f"/v1{path}", headers=headers, **more)


async def test_a_colleague_is_invited_by_mail_in_the_language_of_who_invites(
    viva: Viva, box: Mailbox, pool: asyncpg.Pool
) -> None:
    house = await company(pool, "Acme", LOCAL)
    await pool.execute("DELETE FROM jobs")  # the house has a mail of its own
    order = {"email": "Lee@example.org", "name": "Lee", "role": "viewer"}
    korean = {"accept-language": "ko-KR,ko;q=0.9"}
    made = await asks(viva, house, "POST", "/members", json=order, headers=korean)
    assert made.status_code == 201, made.text
    assert made.json()["link"] is None, "nobody else learns it"
    (text,) = await mailed(box)
    assert "Lee 님, 안녕하세요." in text
    assert box.recipients == [["lee@example.org"]]
    answer = await viva.http.post("/v1/links/follow", json={"token": token(text), "password": GOOD})
    assert answer.json() == {"signed_in": True}
    viva.http.cookies.clear()

    async def sent() -> bool | None:
        told = await asks(viva, house, "GET", f"/mails/{made.json()['mail_id']}")
        return True if told.json() == {"state": "sent", "failure": None} else None

    assert await until(sent)
    member = made.json()["member_id"]
    shown = await asks(viva, house, "POST", f"/members/{member}/link?way=link")
    assert shown.json()["mail_id"] is None
    assert "#link=" in shown.json()["link"], "where mail does not arrive there is another way"
    await asks(viva, house, "POST", f"/members/{member}/link")
    assert "new password" in (await mailed(box, 2))[1]


async def test_whoever_forgot_their_password_is_mailed_a_link_and_nobody_learns_more(
    viva: Viva, box: Mailbox, pool: asyncpg.Pool
) -> None:
    async with client(viva) as browser:
        assert (await browser.get("/v1/session/ways")).json()["forgotten"] is True
        await joined(browser, pool)
        browser.cookies.clear()
        answers = [
            await browser.post("/v1/password/forgotten", json={"email": email})
            for email in ("nobody@example.org", EMAIL.upper())
        ]
        assert [(one.status_code, one.text) for one in answers] == [(204, "")] * 2
        (text,) = await mailed(box)
        assert box.recipients == [[EMAIL]]
        followed = await browser.post(
            "/v1/links/follow", json={"token": token(text), "password": OTHER}
        )
        assert followed.json() == {"signed_in": False}
        assert (await sign_in(browser, OTHER)).status_code == 204
        for _ in range(2):
            await browser.post("/v1/password/forgotten", json={"email": EMAIL})
        late = await browser.post("/v1/password/forgotten", json={"email": EMAIL})
        assert code(late) == (429, "too_many_attempts")


async def test_an_administrator_tries_the_mail(
    viva: Viva, box: Mailbox, pool: asyncpg.Pool
) -> None:
    house = await company(pool, "Acme", LOCAL)
    await pool.execute("DELETE FROM jobs")
    answer = await asks(viva, house, "POST", "/organisation/mail-test")
    assert answer.status_code == 202
    await mailed(box)
    assert box.recipients == [["admin@acme.example"]]


async def test_without_a_mail_server_links_are_told(
    database_url: str, redis_url: str, pool: asyncpg.Pool
) -> None:
    house = await company(pool, "Acme", LOCAL)
    async with running(database_url, redis_url, worker=False) as viva:
        assert (await viva.http.get("/v1/session/ways")).json()["forgotten"] is False
        forgotten = await viva.http.post("/v1/password/forgotten", json={"email": EMAIL})
        assert code(forgotten) == (409, "no_mail_server")
        order = {"email": "lee@example.org", "name": "Lee", "role": "viewer", "way": "mail"}
        assert code(await asks(viva, house, "POST", "/members", json=order))[1] == "no_mail_server"
        told = await asks(viva, house, "POST", "/members", json={**order, "way": None})
        assert "#link=" in told.json()["link"]
        tried = await asks(viva, house, "POST", "/organisation/mail-test")
        assert code(tried) == (409, "no_mail_server")


async def test_whoever_is_invited_to_an_interview_has_the_link_by_mail(
    viva: Viva, box: Mailbox, pool: asyncpg.Pool
) -> None:
    house = await company(pool, "Acme", LOCAL)
    await pool.execute("DELETE FROM jobs")
    opening_id = await openings.add(pool, Opening("간호사", languages=("ko",)))
    place = f"/openings/{opening_id}/invitations"
    people = [{"name": "이민지", "email": "Minji@example.org"}, {"name": "Lee"}]
    made = await asks(viva, house, "POST", place, json={"people": people})
    minji, lee = made.json()["invited"]
    assert (minji["link"], lee["mail_id"]) == (None, None)
    assert lee["link"].startswith(f"{viva.base}/invitation#link=")
    (text,) = await mailed(box)
    assert "이민지 님, 안녕하세요." in text
    assert "간호사" in text
    assert box.recipients == [["Minji@example.org"]]
    renewed = await asks(viva, house, "POST", f"{place}/{minji['id']}/link")
    assert renewed.json()["link"] is None
    _, newer = await mailed(box, 2)
    for mail, state in ((text, "replaced"), (newer, "opened")):
        (found,) = re.findall(r"/invitation#link=(\S+)", mail)
        shown = await viva.http.get("/v1/invitation", headers={"authorization": f"Bearer {found}"})
        assert shown.json()["state"] == state
    assert await mail_states(viva, house, place, 2) == [("sent", None), None]
    box.answer = "550 5.1.1 unknown"
    await asks(viva, house, "POST", f"{place}/{minji['id']}/link")
    refused: States = [("failed", "recipient_refused"), None]
    assert await until(lambda: becomes(viva, house, place, refused))
    told = await asks(viva, house, "POST", f"{place}/{minji['id']}/link?way=link")
    assert told.json()["mail_id"] is None
    assert await mail_states(viva, house, place, 2) == [None, None]


States = list[tuple[str, str | None] | None]


async def mail_states(viva: Viva, house: Company, place: str, count: int) -> States:
    """As a recruiter reads them, once none is waiting."""

    async def settled() -> States | None:
        headers = house.headers["recruiter"]
        items = (await viva.http.get(f"/v1{place}", headers=headers)).json()["items"]
        assert len(items) == count
        found = [one["mail"] and (one["mail"]["state"], one["mail"]["failure"]) for one in items]
        return None if ("waiting", None) in found else found

    states: States = await until(settled)
    return states


async def becomes(viva: Viva, house: Company, place: str, states: States) -> bool | None:
    return await mail_states(viva, house, place, len(states)) == states or None
