"""Consent, an interview that is recorded, and its sound over HTTP."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from server.engines.opus import FRAME_MS
from server.store import recordings
from tests.engines.test_opus import decoded, likeness
from tests.live import Viva, browser, running, until
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence

pytestmark = pytest.mark.engine

KEY = {"Authorization": "Bearer interviewers-only"}
ANSWER = recording("two_cities.wav", seconds=8.0) + silence(5.0)


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(
        database_url, redis_url, interviewer_key="interviewers-only", recording="consent"
    ) as system:
        yield system


def own(ticket: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {ticket['token']}"}


async def consent(
    viva: Viva, ticket: dict[str, Any], recording: bool, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await viva.http.post(
        f"/interviews/{ticket['interview_id']}/consent",
        json={"recording": recording},
        headers=own(ticket) if headers is None else headers,
    )


async def answer_aloud(viva: Viva, ticket: dict[str, Any], pool: asyncpg.Pool) -> dict[str, Any]:
    """Answer the first question with ANSWER; the answer as the interview shows it, once the last
    of its sound is stored."""
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
        await candidate.say(ANSWER, speed=5)
        await candidate.event("viva.question", turn=2)
        await candidate.send(type="viva.end")
        await candidate.event("viva.ended")

    async def left() -> bool | None:
        return await pool.fetchval("SELECT bool_and(holder IS NULL) FROM leases") or None

    await until(left)
    shown = await viva.show(ticket["interview_id"])
    answer: dict[str, Any] = shown["answers"][0]
    return answer


async def recorded(viva: Viva, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    path = f"/interviews/{ticket['interview_id']}/recordings"
    rows: list[dict[str, Any]] = (await viva.http.get(path, headers=KEY)).json()
    return rows


async def test_an_answer_can_be_heard_again_at_every_word(viva: Viva, pool: asyncpg.Pool) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    assert (await consent(viva, ticket, True)).json()["recording"] is True
    answer = await answer_aloud(viva, ticket, pool)
    row = next(row for row in await recorded(viva, ticket) if row["answer_id"] == answer["id"])
    (part,) = row["parts"]
    assert (row["turn"], row["lost_ms"], part["offset_ms"]) == (1, 0, 0)
    assert len(b64decode(row["loudness"])) * FRAME_MS == row["duration_ms"]
    path = f"/interviews/{ticket['interview_id']}/answers/{answer['id']}/recording"
    whole = await viva.http.get(path, headers=KEY)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/ogg")
    heard = decoded(whole.content)
    assert abs(len(heard) / 16 - row["duration_ms"]) <= FRAME_MS
    # The answer's audio began at 0 on the clock: the client sent none while it listened.
    first_ms = answer["timings"]["speech_start_ms"] - part["start_ms"]
    assert first_ms >= 0
    assert likeness(ANSWER[part["start_ms"] * 32 :], heard) > 0.9

    middle = await viva.http.get(path, headers={**KEY, "Range": "bytes=100-299"})
    assert (middle.status_code, middle.content) == (206, whole.content[100:300])
    assert middle.headers["content-range"] == f"bytes 100-299/{len(whole.content)}"
    tail = await viva.http.get(path, headers={**KEY, "Range": "bytes=-50"})
    assert (tail.status_code, tail.content) == (206, whole.content[-50:])
    same = {"Range": "bytes=-50", "If-Range": whole.headers["etag"]}
    assert (await viva.http.get(path, headers={**KEY, **same})).content == whole.content[-50:]
    grown = {"Range": "bytes=-50", "If-Range": '"as it was before"'}
    again = await viva.http.get(path, headers={**KEY, **grown})
    assert (again.status_code, again.content) == (200, whole.content)
    beyond = await viva.http.get(path, headers={**KEY, "Range": "bytes=99999999-"})
    assert beyond.status_code == 416

    for headers in ({}, own(ticket)):
        for wanted in (path, f"/interviews/{ticket['interview_id']}/recordings"):
            refused = await viva.http.get(wanted, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "interviewer_only")
        refused = await viva.http.delete(wanted, headers=headers)
        assert refused.status_code == 403

    deleted = await viva.http.delete(wanted, headers=KEY)
    assert deleted.json() == {"answers": 1}
    gone = await viva.http.get(path, headers=KEY)
    assert (gone.status_code, gone.json()["code"]) == (404, "not_recorded")
    assert (await viva.show(ticket["interview_id"]))["answers"][0]["text"] == answer["text"]


async def test_without_consent_the_same_interview_leaves_no_sound(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    asked = await viva.http.get(
        f"/interviews/{ticket['interview_id']}/consent", headers=own(ticket)
    )
    told = {"offered": True, "recording": False, "given_at": None, "keep_days": 30}
    assert told.items() <= asked.json().items()
    answer = await answer_aloud(viva, ticket, pool)
    assert answer["text"]
    assert await recorded(viva, ticket) == []

    async def gone() -> bool | None:
        return await pool.fetchval("SELECT count(*) = 0 FROM recording_chunks") or None

    await until(gone)  # once it is words
    late = await consent(viva, ticket, True)
    assert (late.status_code, late.json()["code"]) == (409, "interview_ended")


async def test_only_the_candidate_of_this_interview_consents(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    other = await viva.interview([*ENGLISH_RESUME, "Another Person"])
    for headers in ({}, KEY, own(other)):
        refused = await consent(viva, ticket, True, headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "candidate_only")
    given = (await recordings.consent(pool, ticket["interview_id"])).given_at
    assert given is None
    first = (await consent(viva, ticket, True)).json()["given_at"]
    await asyncio.sleep(0.01)
    assert (await consent(viva, ticket, True)).json()["given_at"] == first
    withdrawn = (await consent(viva, ticket, False)).json()
    assert (withdrawn["recording"], withdrawn["given_at"]) == (False, None)


async def test_where_recording_is_off_nobody_is_asked(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url) as viva:
        ticket = await viva.interview(ENGLISH_RESUME)
        asked = await viva.http.get(
            f"/interviews/{ticket['interview_id']}/consent", headers=own(ticket)
        )
        assert asked.json()["offered"] is False
        refused = await consent(viva, ticket, True)
        assert (refused.status_code, refused.json()["code"]) == (409, "recording_off")


async def test_the_notice_that_was_read_is_kept_with_what_was_agreed(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    path = f"/interviews/{ticket['interview_id']}/consent"
    notice = (await viva.http.get(path, headers=own(ticket))).json()["notice"]
    assert notice["shown"] is None
    assert set(notice["text"]) == {"ko", "en"}
    read = {"version": notice["version"], "language": "ko"}
    for agrees in (False, True, False):
        order = {"recording": agrees, "notice": read}
        answer = await viva.http.post(path, json=order, headers=own(ticket))
        assert answer.json()["notice"]["shown"] == notice["version"]
    kept = (await viva.show(ticket["interview_id"]))["notices"]
    kinds = [one["kind"] for one in kept]
    assert kinds == ["shown", "shown", "agreed", "shown", "withdrawn"]
    assert {(one["version"], one["language"]) for one in kept} == {(notice["version"], "ko")}
    assert [one["recording_days"] for one in kept] == [30] * 5
