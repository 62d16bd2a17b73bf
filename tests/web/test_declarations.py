"""Candidates declare after the interview; what comes out are numbers, for administrators."""

from __future__ import annotations

import asyncpg
import pytest

from server.store.scope import LOCAL
from tests.interviewed import held
from tests.live import Viva
from tests.web.house import Company, company

pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def test_it_is_declared_after_the_end_and_counted(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    made, early = await held(pool), await held(pool, over=False)
    own = {"authorization": f"Bearer {made.token}"}
    where = f"/v1/interviews/{made.interview_id}/declaration"
    refused = await viva.http.put(
        f"/v1/interviews/{early.interview_id}/declaration",
        json={"sex": "male"},
        headers={"authorization": f"Bearer {early.token}"},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "declared_early")
    for wrong in ({"sex": "x"}, {"race": "human"}):
        assert (await viva.http.put(where, json=wrong, headers=own)).status_code == 400
    said = await viva.http.put(where, json={"sex": "female", "race": "asian"}, headers=own)
    assert said.json() == {"declared": True}
    assert (await viva.http.get(where, headers=own)).text == '{"declared":true}', "never what"
    assert (await viva.http.get(where, headers=house.headers["admin"])).status_code == 403
    counted = await viva.http.get("/v1/impact", headers=house.headers["admin"])
    assert counted.json() == {"decided": 0, "selected": 0, "tables": []}
    assert (
        await viva.http.get("/v1/impact", headers=house.headers["recruiter"])
    ).status_code == 403
    assert (await viva.http.delete(where, headers=own)).status_code == 204
    assert (await viva.http.get(where, headers=own)).json() == {"declared": False}
