"""The report over HTTP, and the cards of those who rate by it."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from server.evidence.level import Suggestion
from server.store.scope import LOCAL
from tests.interviewed import Held, held
from tests.live import Viva
from tests.web.house import Company, company, member
from workers.report import write_report
from workers.tools import Tools

DATA, DECIDES = "Keeps data correct", "Decides and gives reasons"
RATED = {"ratings": [{"competency": DATA, "level": "yes"}, {"competency": DECIDES, "level": "no"}]}


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


@pytest.fixture
async def made(pool: asyncpg.Pool, house: Company) -> Held:
    return await held(pool)


async def write(pool: asyncpg.Pool, made: Held) -> None:
    await write_report({"tools": Tools(pool, None, None, 5)}, str(made.interview_id))
    one = {"level": "yes", "agree": 7, "runs": 7, "spread": {"yes": 7}, "sentences": [4]}
    await pool.execute(
        "UPDATE reports SET criteria = jsonb_set(criteria, '{0,suggestion}', $1)", one
    )


class Desk:
    """One person at one interview."""

    def __init__(self, viva: Viva, house: Company, made: Held, who: str) -> None:
        self.viva, self.headers = viva, house.headers[who]
        self.path = f"/v1/interviews/{made.interview_id}"

    async def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        url = f"{self.path}{path}"
        return await self.viva.http.request(method, url, json=body, headers=self.headers)

    async def report(self) -> dict[str, Any]:
        said: dict[str, Any] = (await self.ask("GET", "/report")).json()
        return said

    async def cards(self) -> dict[str, Any]:
        said: dict[str, Any] = (await self.ask("GET", "/scorecards")).json()
        return said

    async def submit(self) -> None:
        quote = (await self.report())["criteria"][0]["lines"][1]["statements"][0]["id"]
        assert (await self.ask("PUT", "/scorecard", RATED)).is_success
        opened = await self.ask("POST", "/scorecard/opened", {"statement_id": quote})
        assert opened.json()["missing"] == {"unrated": [], "unheard": []}
        assert (await self.ask("POST", "/scorecard/submission")).is_success


async def test_a_report_is_told_as_far_as_it_is_there(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    desk = Desk(viva, house, made, "interviewer")
    assert (await desk.report())["state"] == "queued"
    assert (await desk.ask("PUT", "/scorecard", RATED)).json()["code"] == "report_not_ready"
    await pool.execute("UPDATE jobs SET failed_at = now(), error = '{}'")
    assert (await desk.report())["state"] == "failed"
    again = await desk.ask("POST", "/report")
    assert (again.status_code, again.json()["state"]) == (202, "queued")
    await write(pool, made)
    report = await desk.report()
    assert (report["state"], report["version"], report["engine"]) == ("ready", 1, None)
    assert [one["text"] for one in report["topics"]][:2] == [
        "What do you do now?",
        "When the same event arrived twice, how did you keep the result right?",
    ]
    data = report["criteria"][0]
    assert (data["name"], data["questions"], data["probes"], data["asked"]) == (DATA, 1, 1, True)
    (statement,) = data["lines"][1]["statements"]
    assert statement["quote"] == "The report was right on the first day."
    assert report["questions"][0]["text"] == "Is the rota weekly?"
    assert report["trouble"]["doubted"] == 1


async def test_the_suggestion_comes_after_the_rating_and_to_who_rated(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    desk, other = (Desk(viva, house, made, who) for who in ("interviewer", "recruiter"))
    assert (await desk.report())["criteria"][0]["suggestion"] is None
    await desk.ask("PUT", "/scorecard", {"ratings": [{"competency": DATA, "level": None}]})
    assert (await desk.report())["criteria"][0]["suggestion"] is None
    await desk.ask("PUT", "/scorecard", RATED)
    shown = (await desk.report())["criteria"][0]["suggestion"]
    assert Suggestion(**shown).level == "yes"
    assert (await other.report())["criteria"][0]["suggestion"] is None


async def test_nobody_submits_without_a_level_and_a_quote_of_each(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    desk = Desk(viva, house, made, "interviewer")
    refused = await desk.ask("POST", "/scorecard/submission")
    assert (refused.status_code, refused.json()["code"]) == (409, "scorecard_incomplete")
    await desk.ask("PUT", "/scorecard", {"ratings": [{"competency": DATA, "level": "yes"}]})
    refused = await desk.ask("POST", "/scorecard/submission")
    assert refused.json()["detail"] == (
        f"Before it can be submitted: rate: {DECIDES}; open a quote of: {DATA}."
    )
    unknown = await desk.ask("PUT", "/scorecard", {"ratings": [{"competency": "Charm"}]})
    assert unknown.json()["code"] == "competency_unknown"
    wrong = await desk.ask("POST", "/scorecard/opened", {"statement_id": str(made.interview_id)})
    assert wrong.json()["code"] == "quote_not_found"
    level = {"ratings": [{"competency": DATA, "level": "hire"}]}
    assert (await desk.ask("PUT", "/scorecard", level)).status_code == 400


async def test_others_cards_are_seen_after_ones_own(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    first, second = (Desk(viva, house, made, who) for who in ("interviewer", "recruiter"))
    await first.submit()
    before = await second.cards()
    assert [(one["name"], one["card"]) for one in before["others"]] == [("Acme", None)]
    assert before["own"] == []
    await second.submit()
    (seen,) = (await second.cards())["others"]
    assert [one["level"] for one in seen["card"]["ratings"]] == ["yes", "no"]
    viewer = await Desk(viva, house, made, "viewer").cards()
    assert [one["card"] for one in viewer["others"]] == [None, None]
    await first.ask("PUT", "/scorecard", {**RATED, "summary": "again"})
    assert [one["version"] for one in (await first.cards())["own"]] == [1, 2]
    assert len((await second.cards())["others"]) == 1, "a draft is nobody else's"


async def test_who_rates_is_a_person(viva: Viva, house: Company, made: Held) -> None:
    answer = await Desk(viva, house, made, "every key").ask("PUT", "/scorecard", RATED)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_notes_stand_on_their_second(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await member(pool, house, "interviewer", "another")
    desk, other = (Desk(viva, house, made, who) for who in ("interviewer", "another"))
    assert (await desk.ask("POST", "/notes", {})).json()["code"] == "note_empty"
    note = (await desk.ask("POST", "/notes", {"at_ms": 4_000, "text": " own idea? "})).json()
    assert (note["at_ms"], note["text"], note["name"]) == (4_000, "own idea?", "Acme")
    await desk.ask("POST", "/notes", {"at_ms": 5_000})
    assert [one["text"] for one in (await other.ask("GET", "/notes")).json()["items"]] == [
        "own idea?", "",
    ]  # fmt: skip
    refused = await other.ask("DELETE", f"/notes/{note['id']}")
    assert refused.json()["code"] == "note_not_yours"
    assert (await desk.ask("DELETE", f"/notes/{note['id']}")).status_code == 204
    assert len((await other.ask("GET", "/notes")).json()["items"]) == 1


async def test_a_person_decides_on_a_card_and_may_take_it_back(
    viva: Viva, house: Company, made: Held, pool: asyncpg.Pool
) -> None:
    await write(pool, made)
    desk = Desk(viva, house, made, "interviewer")
    decision = {"outcome": "decline", "reason": " No result was told. "}
    early = await desk.ask("POST", "/decision", decision)
    assert (early.status_code, early.json()["code"]) == (409, "decision_early")
    await desk.submit()
    assert (await desk.ask("POST", "/decision", {**decision, "reason": " "})).status_code == 400
    assert (await desk.ask("POST", "/decision", decision)).is_success
    await Desk(viva, house, made, "recruiter").ask(
        "POST", "/decision", {"outcome": "open", "reason": "A second look."}
    )
    told = (await desk.cards())["decisions"]
    assert [(one["outcome"], one["reason"], one["cards"], one["name"]) for one in told] == [
        ("decline", "No result was told.", 1, "Acme"), ("open", "A second look.", 1, "Acme"),
    ]  # fmt: skip
