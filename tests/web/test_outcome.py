"""What a candidate sees after the interview, and what people let them see and write to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.store.scope import LOCAL
from tests.interviewed import Held, held
from tests.live import Viva
from tests.web.house import Company, company
from tests.web.test_reports import DATA, DECIDES, Desk, write

pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


@pytest.fixture
async def made(pool: asyncpg.Pool, house: Company) -> Held:
    return await held(pool)


class Own:
    """The candidate, by their token."""

    def __init__(self, viva: Viva, made: Held) -> None:
        self.http, self.of = viva.http, f"/v1/interviews/{made.interview_id}"
        self.headers = {"authorization": f"Bearer {made.token}"}

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.http.request(
            method, f"{self.of}{path}", json=body, headers=self.headers
        )
        return answer.json()


async def test_nothing_but_how_far_it_is_before_the_release(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    own, desk = Own(viva, made), Desk(viva, house, made, "interviewer")
    told = await own.ask("GET", "/outcome")
    assert (told["status"], told["released"], told["looked_at"]) == ("received", None, None)
    assert (told["result_until"], told["result_by"]) == (None, "")
    promised = {"result_days": 10, "result_by": "Ms Han"}
    await pool.execute("UPDATE interviews SET opening = $1", promised)
    told = await own.ask("GET", "/outcome")
    until, ended = (datetime.fromisoformat(told[name]) for name in ("result_until", "ended_at"))
    assert (until - ended, told["result_by"]) == (timedelta(days=10), "Ms Han")
    line = {"turn": 1, "first": 3, "last": 4, "said": "the digest team."}
    assert (await own.ask("POST", "/disputes", line))["code"] == "not_released"
    assert (await own.ask("PUT", "/review", {}))["code"] == "not_released"
    letter = await desk.ask("POST", "/letter/sending", {"text": "Hello."})
    assert letter.json()["code"] == "not_released"
    assert (await desk.ask("PUT", "/release", {"released": True})).json()["code"] == "not_allowed"
    await desk.submit()
    assert (await own.ask("GET", "/outcome"))["status"] == "looked_at"


async def test_after_it_their_words_the_reasons_and_letters(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    own, desk = Own(viva, made), Desk(viva, house, made, "recruiter")
    assert (await desk.ask("GET", "/release")).json()["begun"] == "", "nobody has rated yet"
    await desk.submit()
    await desk.ask("POST", "/decision", {"outcome": "decline", "reason": "No reasons were told."})
    shown = (await desk.ask("PUT", "/release", {"released": True})).json()
    assert f"showed:\n- {DATA}\n\nWhat" in shown["begun"]
    assert f"hear:\n- {DECIDES}\n\nWe do not go on" in shown["begun"]
    await desk.ask("PUT", "/letter", {"text": "Dear Yuna,"})
    told = await own.ask("GET", "/outcome")
    assert (told["status"], told["released"]["letters"]) == ("decided", [])
    await desk.ask("POST", "/letter/sending", {"text": "Dear Yuna, thank you."})
    released = (await own.ask("GET", "/outcome"))["released"]
    assert [one["text"] for one in released["letters"]] == ["Dear Yuna, thank you."]
    decision = released["decision"]
    assert (decision["outcome"], decision["by"], decision["people"]) == ("decline", "Acme", 1)
    data = next(one for one in released["criteria"] if one["name"] == DATA)
    assert data == {
        "name": DATA, "asked": True, "quotes": ["The report was right on the first day."],
    }  # fmt: skip
    assert [one["turn"] for one in released["talk"]] == [1, 2, 3, 4, 5]
    assert "Says what came of it" not in str(released), "rubrics are not told"
    assert "level" not in str(released), "nor what each person gave"


async def test_a_disputed_line_marks_what_rests_on_it(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    own, desk = Own(viva, made), Desk(viva, house, made, "recruiter")
    await desk.ask("PUT", "/release", {"released": True})
    line = {"turn": 3, "first": 3, "last": 3, "said": "light"}
    told = await own.ask("POST", "/disputes", line)
    turn = next(one for one in told["released"]["talk"] if one["turn"] == 3)
    assert turn["sentences"][0]["text"] == "The report was right on the first day."
    assert turn["sentences"][0]["said"] == ["light"]
    nowhere = await own.ask("POST", "/disputes", {**line, "last": 80})
    assert nowhere["code"] == "line_not_found"
    report = await desk.report()
    assert [one["said"] for one in report["amendments"]] == ["light"]
    (statement,) = report["criteria"][0]["lines"][1]["statements"]
    assert statement["disputed"] == ["light"]
    asked = await own.ask("PUT", "/review", {"reason": "It was misheard."})
    assert asked["review_asked_at"] is not None
    standing = (await desk.ask("GET", "/release")).json()["standing"]
    assert (standing["review_reason"], standing["reviewed"]) == ("It was misheard.", False)


async def test_whoever_was_invited_is_told_by_mail(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    """Where this server sends mail; here it does not, and says so."""
    invitation = UUID(house.ids["invitation_id"])
    await pool.execute(
        "UPDATE invitations SET interview_id = $1, resume_id = $2 WHERE id = $3",
        made.interview_id, made.resume_id, invitation,
    )  # fmt: skip
    desk = Desk(viva, house, made, "recruiter")
    assert (await desk.ask("GET", "/release")).json()["mailed"] is False


async def test_what_rested_on_a_line_that_is_put_right_is_stale(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    desk = Desk(viva, house, made, "interviewer")
    await desk.submit()
    line = {"turn": 3, "first": 1, "last": 1, "said": "ledger"}
    assert (await desk.ask("POST", "/corrections", line)).status_code == 202
    wrong = await desk.ask("POST", "/corrections", {**line, "last": 80})
    assert wrong.json()["code"] == "line_not_found"
    await write(pool, made)
    report = await desk.report()
    (statement,) = report["criteria"][0]["lines"][1]["statements"]
    assert (report["version"], statement["quote"]) == (2, "The ledger was right on the first day.")
    assert statement["start_ms"] is not None
    assert (await desk.cards())["stale"] == [DATA]
    (amended,) = report["amendments"]
    assert (amended["heard"], amended["said"], amended["name"]) == ("report", "ledger", "Acme")
