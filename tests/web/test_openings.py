"""Openings over HTTP: written with care, closed rather than lost."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from server.store.scope import LOCAL
from tests.live import Viva
from tests.web.house import Company, company

NURSE: dict[str, Any] = {
    "title": " Ward nurse ",
    "team": "Ward 7",
    "deadline": "2030-01-31T17:00:00+09:00",
    "competencies": [{"name": "Handover", "weight": 3}],
    "questions": [
        {"stage": "experience", "text": {"en": "How do you hand over a patient?"}, "rubric": ["a"]}
    ],
    "company": [{"topic": "shifts", "text": {"en": "Three nights a week."}}],
}


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def ask(
    viva: Viva, house: Company, method: str, path: str, who: str = "recruiter", **more: Any
) -> httpx.Response:
    headers = {**house.headers[who], **more.pop("headers", {})}
    return await viva.http.request(method, f"/v1/openings{path}", headers=headers, **more)


async def test_it_is_written_once_changed_and_closed(viva: Viva, house: Company) -> None:
    key = {"idempotency-key": str(uuid4())}
    made = await ask(viva, house, "POST", "", json=NURSE, headers=key)
    assert made.status_code == 201, made.text
    again = await ask(viva, house, "POST", "", json=NURSE, headers=key)
    assert again.json() == made.json()
    opening = made.json()["opening"]
    assert (opening["title"], opening["deadline"]) == ("Ward nurse", "2030-01-31T08:00:00Z")
    assert opening["questions"][0]["rubric"] == ["a"]
    path = f"/{made.json()['id']}"
    changed = await ask(viva, house, "PUT", path, json={**NURSE, "title": "병동 간호사"})
    assert changed.json()["opening"]["title"] == "병동 간호사"
    for closed in (True, False):
        answer = await ask(viva, house, "POST", f"{path}/closed", json={"closed": closed})
        assert (answer.json()["closed_at"] is not None) is closed
    listed = (await ask(viva, house, "GET", "", "viewer")).json()["items"]
    assert [one["id"] for one in listed] == [made.json()["id"], house.ids["opening_id"]]
    assert (await ask(viva, house, "DELETE", path)).status_code == 204
    gone = await ask(viva, house, "GET", path)
    assert (gone.status_code, gone.json()["code"]) == (404, "opening_not_found")


async def test_whoever_was_invited_keeps_it(viva: Viva, house: Company) -> None:
    answer = await ask(viva, house, "DELETE", f"/{house.ids['opening_id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "opening_invited")


FAULTY: list[tuple[dict[str, Any], int, str]] = [
    ({"title": " "}, 400, "invalid_request"),
    ({"title": "x" * 201}, 400, "invalid_request"),
    ({"deadline": "2030-01-31T17:00:00"}, 400, "invalid_request"),
    ({"competencies": [{"name": "x", "weight": 0}]}, 400, "invalid_request"),
    ({"template_id": str(uuid4())}, 404, "template_not_found"),
    ({"languages": ["tlh"]}, 422, "template_languages"),
    (
        {"questions": [{"stage": "closing", "text": {"en": "Are you pregnant?"}}]},
        422,
        "question_forbidden",
    ),
    ({"company": [{"topic": "", "text": {"en": "x"}}]}, 422, "company_topic"),
]


async def test_what_is_wrong_is_told_and_nothing_is_kept(viva: Viva, house: Company) -> None:
    for change, status, code in FAULTY:
        answer = await ask(viva, house, "POST", "", json={**NURSE, **change})
        assert (answer.status_code, answer.json()["code"]) == (status, code), change
    assert len((await ask(viva, house, "GET", "")).json()["items"]) == 1


async def test_its_author_is_warned(viva: Viva, house: Company) -> None:
    leading = {"stage": "experience", "text": {"en": "You surely love night shifts, don't you?"}}
    answer = await ask(viva, house, "POST", "", json={**NURSE, "questions": [leading]})
    assert [one["question"] for one in answer.json()["warnings"]] == [1]
