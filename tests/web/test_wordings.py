"""Own wording over HTTP: seen, changed, refused with its place, as a file, and brought back."""

from __future__ import annotations

import tomllib
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from server.language import overlay
from server.language.pack import shipped
from server.store.scope import LOCAL
from tests.live import Viva
from tests.web.house import Company, company

PACK = overlay.texts(shipped().by_language["ko"])
FIRST, LEAD = "families/nursing: question[0].text", "speech: bridge.next[0]"
RUBRIC = "families/nursing: competency.knowledge.lines[0].text"
OTHER = "담당하신 환자의 상태가 갑자기 나빠졌을 때 무엇부터 확인하셨나요?"


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


async def call(
    viva: Viva, house: Company, method: str, path: str = "", who: str = "recruiter", **more: Any
) -> httpx.Response:
    return await viva.http.request(
        method, f"/v1/wordings/ko{path}", headers=house.headers[who], **more
    )


async def change(
    viva: Viva, house: Company, texts: dict[str, str | None], who: str = "recruiter"
) -> dict[str, Any]:
    answer = await call(viva, house, "PATCH", who=who, json={"texts": texts})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def own(viva: Viva, house: Company) -> dict[str, str]:
    shown = (await call(viva, house, "GET")).json()
    assert {one["place"]: one["pack"] for one in shown["texts"]} == PACK
    assert shown["stale"] == []
    return {one["place"]: one["own"] for one in shown["texts"] if one["own"] is not None}


async def test_texts_are_changed_and_reset_one_by_one(viva: Viva, house: Company) -> None:
    assert await own(viva, house) == {}
    made = await change(viva, house, {FIRST: f" {OTHER} ", RUBRIC: "먼저 볼 것을 안다"})
    assert (made["own"], made["warnings"]) == (2, [])
    await change(viva, house, {LEAD: "다음으로 넘어갈게요."}, "admin")
    expected = {FIRST: OTHER, RUBRIC: "먼저 볼 것을 안다", LEAD: "다음으로 넘어갈게요."}
    assert await own(viva, house) == expected
    shown = (await call(viva, house, "GET")).json()
    assert shown["made_by"] == "Acme"
    assert shown["families"]["families/nursing"]
    again = await change(viva, house, {LEAD: "다음으로 넘어갈게요."})
    assert again["version"] == shown["version"], "the same again is no new version"
    await change(viva, house, {FIRST: None, LEAD: PACK[LEAD], RUBRIC: None})
    assert await own(viva, house) == {}
    english = await viva.http.get("/v1/wordings/en", headers=house.headers["recruiter"])
    assert [one for one in english.json()["texts"] if one["own"]], "another language is as it was"


async def test_who_may_and_what_is_not_there(viva: Viva, house: Company) -> None:
    for who in ("interviewer", "viewer", "key to see", "candidate"):
        for method, path in (("GET", ""), ("PATCH", ""), ("PUT", "/file")):
            answer = await call(viva, house, method, path, who, json={"texts": {}})
            assert answer.status_code == 403, (who, method)
    headers = house.headers["recruiter"]
    nowhere = await viva.http.get("/v1/wordings/xx", headers=headers)
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "language_not_found")
    gone = await call(viva, house, "POST", f"/versions/{uuid4()}/again")
    assert (gone.status_code, gone.json()["code"]) == (404, "version_not_found")


WRONG: list[tuple[dict[str, str], str]] = [
    ({FIRST: "왜요? 어떻게요?"}, "wording_several"),
    ({FIRST: "   "}, "wording_empty"),
    ({LEAD: "“다음” 질문입니다."}, "wording_quoted"),
    ({FIRST: PACK["families/nursing: question[1].text"]}, "wording_twice"),
    ({FIRST: "결혼은 하셨나요?"}, "wording_private"),
    ({"speech: opening.text": "안녕하세요."}, "wording_unknown"),
    ({FIRST: "왜요? 어떻게요?", LEAD: ""}, "wording_faulty"),
]


async def test_what_is_wrong_is_told_with_its_place_and_nothing_changes(
    viva: Viva, house: Company
) -> None:
    for texts, code in WRONG:
        answer = await call(viva, house, "PATCH", json={"texts": {RUBRIC: "먼저 볼 것", **texts}})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        for place in texts:
            assert place in answer.json()["detail"]
    assert await own(viva, house) == {}


async def test_what_had_better_be_looked_at_again_is_saved_and_told(
    viva: Viva, house: Company
) -> None:
    made = await change(
        viva, house, {FIRST: "간호 업무 경험을 간단히 말씀해 주시면 좋을 것 같습니다"}
    )
    assert [(one["place"], one["code"]) for one in made["warnings"]] == [(FIRST, "not_a_question")]
    assert FIRST in await own(viva, house)


async def test_all_of_it_is_a_file_and_comes_back_from_one(viva: Viva, house: Company) -> None:
    first = await change(viva, house, {FIRST: OTHER})
    file = await call(viva, house, "GET", "/file")
    assert file.headers["content-disposition"] == 'attachment; filename="viva-wording-ko.toml"'
    assert f"# {PACK[FIRST]}" in file.text
    read = tomllib.loads(file.text)
    assert {f"{name}: {key}": text for name, table in read.items() for key, text in table.items()} \
        == {**PACK, FIRST: OTHER}  # fmt: skip
    same = await call(viva, house, "PUT", "/file", json={"toml": file.text})
    assert (same.json()["version"], same.json()["own"]) == (first["version"], 1)
    told = '["speech"]\n"bridge.next[0]" = "다음 질문이에요."\n'
    put = await call(viva, house, "PUT", "/file", json={"toml": told})
    assert put.json()["own"] == 1
    assert await own(viva, house) == {LEAD: "다음 질문이에요."}, "what is left out is the pack's"
    for toml, code in (
        ("= x", "wording_file"),
        ('speech = "x"', "wording_file"),
        ('[speech]\n"bridge.next[0]" = 1', "wording_file"),
        ('[speech]\n"bridge.next[0]" = "\\u0000"', "wording_file"),
        ('[speech]\n"bridge.nxt[0]" = "x"', "wording_unknown"),
    ):
        refused = await call(viva, house, "PUT", "/file", json={"toml": toml})
        assert (refused.status_code, refused.json()["code"]) == (422, code), toml
    versions = (await call(viva, house, "GET", "/versions")).json()["items"]
    assert [one["texts"] for one in versions] == [1, 1]
    back = await call(viva, house, "POST", f"/versions/{versions[1]['id']}/again")
    assert back.status_code == 200, back.text
    assert await own(viva, house) == {FIRST: OTHER}
    assert len((await call(viva, house, "GET", "/versions")).json()["items"]) == 3
