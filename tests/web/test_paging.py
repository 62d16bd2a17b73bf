"""Lists come a page at a time, and nothing is repeated or missed while they grow."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.store import (
    corrections,
    interviews,
    invitations,
    openings,
    recordings,
    resumes,
    templates,
)
from server.store.invitations import Person
from server.store.notices import Told
from server.store.openings import Opening
from server.store.recordings import Chunk
from server.store.scope import LOCAL
from server.store.templates import StoredTemplate
from server.web.paging import Window
from server.web.problems import Problem
from tests.driver import lease
from tests.live import Viva, running
from tests.web.house import company

KEY = {"authorization": "Bearer interviewers-only"}


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    options: dict[str, Any] = {"interviewer_key": "interviewers-only"}
    async with running(database_url, redis_url, worker=False, **options) as system:
        yield system


async def page(viva: Viva, path: str, **asked: Any) -> dict[str, Any]:
    answer = await viva.http.get(path, params=asked, headers=KEY)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert set(found) == {"items", "next_cursor"}
    return found


async def walked(viva: Viva, path: str, limit: int) -> list[list[Any]]:
    """The items of every page."""
    found = await page(viva, path, limit=limit)
    pages = [found["items"]]
    while found["next_cursor"] is not None:
        found = await page(viva, path, limit=limit, cursor=found["next_cursor"])
        pages.append(found["items"])
    return pages


async def resume(pool: asyncpg.Pool, n: int) -> UUID:
    resume_id, _ = await resumes.add(pool, b"%%PDF-%d" % n, f"{n}.pdf")
    header = {"name": f"Kim {n}", "target_role": None}
    await resumes.mark_ready(pool, resume_id, {"header": header, "meta": {"language": "ko"}})
    return resume_id


async def interview(pool: asyncpg.Pool, resume_id: UUID) -> UUID:
    made = await interviews.create(pool, resume_id)
    assert made is not None
    return made.interview_id


async def test_resumes_newest_first_while_more_come(viva: Viva, pool: asyncpg.Pool) -> None:
    made = [str(await resume(pool, n)) for n in range(5)]
    first = await page(viva, "/v1/resumes", limit=2)
    await resume(pool, 5)
    second = await page(viva, "/v1/resumes", limit=2, cursor=first["next_cursor"])
    await resume(pool, 6)
    third = await page(viva, "/v1/resumes", limit=2, cursor=second["next_cursor"])
    seen = [one["id"] for found in (first, second, third) for one in found["items"]]
    assert seen == made[::-1]
    assert third["next_cursor"] is None
    assert [len(items) for items in await walked(viva, "/v1/resumes", 7)] == [7]


async def test_interviews_that_have_not_ended(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id = await resume(pool, 0)
    made = [str(await interview(pool, resume_id)) for _ in range(4)]
    first = await page(viva, "/v1/interviews", limit=2)
    last = UUID(first["items"][-1]["interview_id"])
    await pool.execute("UPDATE interviews SET status = 'ended' WHERE id = $1", last)
    second = await page(viva, "/v1/interviews", limit=2, cursor=first["next_cursor"])
    seen = [one["interview_id"] for one in first["items"] + second["items"]]
    assert seen == made[::-1]


async def test_what_belongs_to_one_resume(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id = await resume(pool, 0)
    await resumes.add_pages(pool, resume_id, [(n, 10.0, 20.0, b"webp") for n in (1, 2, 3)])
    for n in range(3):
        await corrections.correct(pool, resume_id, "name", f"Lee {n}", "Kim")
    found = await walked(viva, f"/v1/resumes/{resume_id}/pages", 2)
    assert [[one["page"] for one in items] for items in found] == [[1, 2], [3]]
    found = await walked(viva, f"/v1/resumes/{resume_id}/corrections", 1)
    assert [one["new_value"] for items in found for one in items] == ["Lee 0", "Lee 1", "Lee 2"]


async def test_recordings_by_turn_with_all_their_parts(viva: Viva, pool: asyncpg.Pool) -> None:
    interview_id = await interview(pool, await resume(pool, 0))
    await recordings.agree(pool, interview_id, Told("1", "en", None, 30, 7))
    epoch = await lease(pool, interview_id)
    for turn in (0, 1, 2):
        for n in (0, 1):
            chunk = Chunk(turn, n, 5_000 * n, 1_000, 0, True, b"sealed")
            assert await recordings.add(pool, [(interview_id, epoch, chunk)])
    found = await walked(viva, f"/v1/interviews/{interview_id}/recordings", 2)
    assert [[one["turn"] for one in items] for items in found] == [[0, 1], [2]]
    assert [len(one["parts"]) for items in found for one in items] == [2, 2, 2]
    assert [one["loudness"] for items in found for one in items] == [None] * 3


async def test_templates_the_default_first_then_by_name(viva: Viva, pool: asyncpg.Pool) -> None:
    (default,) = await templates.every(pool)
    for name in ("b", "가", "A", "c"):
        await pool.execute(
            "INSERT INTO templates (name, languages, minutes, pace, follow_ups, stages)"
            " SELECT $1, languages, minutes, pace, follow_ups, stages FROM templates LIMIT 1",
            name,
        )
    whole: list[StoredTemplate] = await templates.every(pool)
    assert whole[0].id == default.id
    for limit in (1, 2, 5):
        found = await walked(viva, "/v1/templates", limit)
        assert [one["id"] for items in found for one in items] == [str(one.id) for one in whole]


async def ids(viva: Viva, path: str, name: str = "id", **asked: Any) -> list[str]:
    return [one[name] for one in (await page(viva, path, **asked))["items"]]


async def test_resumes_by_what_became_of_them(viva: Viva, pool: asyncpg.Pool) -> None:
    used, ready = [await resume(pool, n) for n in range(2)]
    queued, _ = await resumes.add(pool, b"%PDF-queued", "queued.pdf")
    failed, _ = await resumes.add(pool, b"%PDF-failed", "failed.pdf")
    await resumes.mark_failed(pool, failed, "unreadable", "no")
    await interview(pool, used)
    await pool.execute("UPDATE resumes SET created_at = '2020-01-01' WHERE id = $1", ready)
    newer = "2021-01-01T00:00:00Z"
    for asked, wanted in (
        ({"status": "queued"}, [queued]),
        ({"status": "failed"}, [failed]),
        ({"status": "ready"}, [ready, used]),
        ({"used": "true"}, [used]),
        ({"used": "false"}, [failed, queued, ready]),
        ({"status": "ready", "used": "false", "created_since": newer}, []),
        ({"created_since": newer}, [failed, queued, used]),
    ):
        assert await ids(viva, "/v1/resumes", **asked) == [str(one) for one in wanted], asked
    walked_ids = [await ids(viva, "/v1/resumes", used="false", limit=2)]
    first = await page(viva, "/v1/resumes", used="false", limit=2)
    walked_ids.append(
        await ids(viva, "/v1/resumes", used="false", limit=2, cursor=first["next_cursor"])
    )
    assert walked_ids == [[str(failed), str(queued)], [str(ready)]]
    answer = await viva.http.get("/v1/resumes", params={"status": "lost"}, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_openings_and_who_is_invited_by_how_it_stands(viva: Viva, pool: asyncpg.Pool) -> None:
    here, closed = [await openings.add(pool, Opening(title)) for title in "ab"]
    await pool.execute("UPDATE openings SET created_at = '2020-01-01' WHERE id = $1", here)
    until = datetime.now(UTC) + timedelta(days=7)
    people = [Person(name, None) for name in ("Ada", "Bo")]
    invited, revoked = await invitations.add(pool, here, people, until)
    await invitations.revoke(pool, revoked.id)
    await openings.close(pool, closed, closed=True)
    assert await ids(viva, "/v1/openings", closed="true") == [str(closed)]
    assert await ids(viva, "/v1/openings", closed="false") == [str(here)]
    since = "2021-01-01T00:00:00+09:00"
    assert await ids(viva, "/v1/openings", created_since=since) == [str(closed)]
    path = f"/v1/openings/{here}/invitations"
    assert await ids(viva, path, state="invited") == [str(invited.id)]
    assert await ids(viva, path, state="revoked") == [str(revoked.id)]
    assert await ids(viva, path, state="live") == []


async def test_what_an_organisation_manages(viva: Viva, pool: asyncpg.Pool) -> None:
    house = await company(pool, "Hereby", LOCAL)
    own = house.headers["admin"]

    async def found(path: str, name: str = "id", **asked: str) -> list[Any]:
        answer = await viva.http.get(path, params=asked, headers=own)
        assert answer.status_code == 200, answer.text
        return [one[name] for one in answer.json()["items"]]

    assert await found("/v1/members", "role", role="viewer", joined="true") == ["viewer"]
    assert await found("/v1/members", joined="false") == [house.ids["member_id"]]
    assert await found("/v1/keys", expired="true") == []
    await pool.execute("UPDATE api_keys SET expires_at = now() WHERE id = $1", house.ids["key_id"])
    assert await found("/v1/keys", expired="true") == [house.ids["key_id"]]
    assert house.ids["key_id"] not in await found("/v1/keys", expired="false")
    hook = house.ids["webhook_id"]
    assert await found("/v1/webhooks", event="report.ready", enabled="true") == [hook]
    assert await found("/v1/webhooks", event="interview.ended") == []
    assert await found("/v1/webhooks", enabled="false") == []
    told, path = house.ids["delivery_id"], f"/v1/webhooks/{hook}/deliveries"
    assert await found(path, event="webhook.test", outcome="waiting") == [told]
    assert await found(path, outcome="delivered") == []
    assert await found(path, event="report.ready") == []
    assert await found(path, since="2021-01-01T00:00:00Z") == [told]
    assert await found(path, since="2100-01-01T00:00:00Z") == []


async def test_receipts_since_a_day(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id = await resume(pool, 0)
    answer = await viva.http.delete(f"/v1/resumes/{resume_id}", headers=KEY)
    assert answer.status_code == 200, answer.text
    assert len(await ids(viva, "/v1/receipts", since="2021-01-01T00:00:00Z")) == 1
    assert await ids(viva, "/v1/receipts", since="2100-01-01T00:00:00Z") == []


async def test_engines(viva: Viva) -> None:
    found = await walked(viva, "/v1/engines", 3)
    assert [[one["role"] for one in items] for items in found] == [
        ["vad", "echo", "stt"],
        ["turn", "llm", "tts"],
    ]


async def test_lists_from_before_v1_are_whole(viva: Viva, pool: asyncpg.Pool) -> None:
    made = [str(await resume(pool, n)) for n in range(60)]
    for asked in ({}, {"limit": 2}):
        listed = (await viva.http.get("/resumes", params=asked)).json()
        assert [one["id"] for one in listed] == made[::-1]
    assert [len(items) for items in await walked(viva, "/v1/resumes", 50)] == [50, 10]
    assert (await viva.http.get("/engines")).json() == (await page(viva, "/v1/engines"))["items"]


@pytest.mark.parametrize("limit", [0, 101, -1, "x"])
async def test_a_limit_out_of_bounds_is_refused(viva: Viva, limit: object) -> None:
    answer = await viva.http.get("/v1/resumes", params={"limit": str(limit)})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert "limit" in answer.json()["detail"]


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "§", "AAAA", encoded("null x"), encoded('"no id"'), encoded("[true, 1]"), "A" * 5000],
)
async def test_a_cursor_that_was_never_answered_is_refused(viva: Viva, cursor: str) -> None:
    for path in ("/v1/resumes", "/v1/interviews", "/v1/templates"):
        answer = await viva.http.get(path, params={"cursor": cursor}, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")


async def test_a_forged_place_harms_nothing(viva: Viva, pool: asyncpg.Pool) -> None:
    resume_id = await resume(pool, 0)
    pages = f"/v1/resumes/{resume_id}/pages"
    for path, place in ((pages, str(10**30)), ("/v1/templates", '[false, "\\u0000"]')):
        answer = await viva.http.get(path, params={"cursor": encoded(place)}, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")


def test_the_last_page_says_so_also_when_it_is_full() -> None:
    window = Window(None, 2)
    assert window.page([1, 2], lambda n: n).next_cursor is None
    cursor = window.page([1, 2, 3], lambda n: n).next_cursor
    assert Window(cursor, 2).after(int) == 2
    with pytest.raises(Problem, match="invalid_cursor"):
        Window(cursor, 2).after(str)
