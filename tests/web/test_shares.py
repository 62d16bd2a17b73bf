"""A colleague reads what was shared by the link, and nothing else, until it ends."""

from __future__ import annotations

from datetime import datetime

import asyncpg
import pytest

from server.store.scope import LOCAL
from tests.interviewed import Held, held
from tests.live import Viva
from tests.web.house import Company, company
from tests.web.test_reports import Desk, write

pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


@pytest.fixture
async def made(pool: asyncpg.Pool, house: Company) -> Held:
    found = await held(pool)
    await write(pool, found)
    return found


async def test_what_is_shared_and_what_is_not(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    first, second = (Desk(viva, house, made, who) for who in ("interviewer", "recruiter"))
    await first.submit()
    assert (await first.ask("POST", "/shares", {"name": "Kim"})).status_code == 403
    early = await second.ask("POST", "/shares", {"name": "Kim", "judgement": True})
    assert early.json()["code"] == "cards_first", "nobody shares others' cards with themselves"
    for wrong in ({"name": ""}, {"name": " "}, {"name": "x", "days": 0}, {"name": "x", "days": 31}):
        assert (await second.ask("POST", "/shares", wrong)).status_code == 400
    plain = (await second.ask("POST", "/shares", {"name": "Kim", "days": 2})).json()
    await second.submit()
    whole = (await second.ask("POST", "/shares", {"name": "Lee", "judgement": True})).json()
    lasts = [datetime.fromisoformat(plain["share"][one]) for one in ("made_at", "expires_at")]
    assert (lasts[1] - lasts[0]).days == 2

    def by(link: str) -> dict[str, str]:
        return {"authorization": f"Bearer {link.partition('#link=')[2]}"}

    shown = (await viva.http.get("/v1/shared", headers=by(plain["link"]))).json()
    assert shown["report"]["candidate_name"] == "Yuna Seo"
    assert [one["suggestion"] for one in shown["report"]["criteria"]] == [None, None, None]
    assert (shown["cards"], shown["decisions"], shown["judgement"]) == ([], [], False)
    shown = (await viva.http.get("/v1/shared", headers=by(whole["link"]))).json()
    assert len(shown["cards"]) == 2
    other = await viva.http.get(f"{second.path}/report", headers=by(whole["link"]))
    assert (other.status_code, other.json()["code"]) == (403, "interviewer_only")
    (listed, _) = (await second.ask("GET", "/shares")).json()["items"]
    assert (listed["name"], listed["opened"]) == ("Lee", 1)
    assert "token" not in str(listed)
    gone = await second.ask("DELETE", f"/shares/{listed['id']}")
    assert gone.status_code == 204
    assert (await viva.http.get("/v1/shared", headers=by(whole["link"]))).status_code == 401
    unknown = await second.ask("DELETE", f"/shares/{made.interview_id}")
    assert unknown.json()["code"] == "share_not_found"
