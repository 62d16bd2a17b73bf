"""The results of an opening as a file that a spreadsheet program opens."""

from __future__ import annotations

import csv
import io

import asyncpg
import pytest

from server.store import decisions
from server.store.scope import LOCAL
from server.store.scorecards import Author
from tests.live import Viva
from tests.server.store.test_results import CARD, NOW, an_opening
from tests.web.house import Company, company

pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def test_it_is_opened_by_who_may_take_it_out(
    viva: Viva, house: Company, pool: asyncpg.Pool
) -> None:
    opening_id, made = await an_opening(pool)
    await pool.execute("UPDATE invitations SET name = '=HYPERLINK(1)' WHERE name = 'Lee'")
    await pool.execute(CARD, made.interview_id, "user a", 1, "yes", NOW)
    path = f"/v1/openings/{opening_id}/results"
    assert (await viva.http.get(path, headers=house.headers["viewer"])).status_code == 403
    recruiter = {**house.headers["recruiter"], "accept-language": "ko"}
    first = await viva.http.get(path, headers=recruiter)
    assert first.headers["content-type"] == "text/csv; charset=utf-8"
    assert first.content.startswith("\ufeff이름,".encode())
    await decisions.decide(pool, made.interview_id, Author("user a"), "decline", "not shown")
    answer = await viva.http.get(path, headers={**recruiter, "accept-language": "en"})
    text = io.StringIO(answer.content.decode("utf-8-sig"), newline="")
    yuna, lee = csv.DictReader(text)
    assert (yuna["Name"], yuna["Keeps data correct"]) == ("Yuna Seo", "Yes (user a)")
    assert (yuna["Decision"], yuna["Decided by"], yuna["Follow-ups"]) == (
        "Does not go on",
        "user a",
        "1",
    )
    assert yuna["Words in doubt"] == "1"
    assert (lee["Name"], lee["State"]) == ("'=HYPERLINK(1)", "Invited")
