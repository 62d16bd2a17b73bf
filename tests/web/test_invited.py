"""The candidate's side: in by the link on one device, back by it on another, and nothing that is
not theirs to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from websockets.asyncio.client import connect

from server.core.rules import OwnQuestion
from server.store import corrections, guests, invitations, openings, resumes
from server.store.invitations import Person
from server.store.openings import Opening
from server.store.scope import LOCAL, within
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, resume_pdf

OPENING = Opening(
    "Pilot",
    "Short hauls.",
    contact="crew@example.org",
    result_days=10,
    result_by="Captain Han",
    questions=(OwnQuestion("knowledge", {"en": "What is a secret question?"}, "c", ("a rubric",)),),
)
READ = {
    "header": {
        "name": "Kim",
        "email": "k@example.org",
        "target_role": "Data Engineer",
        "target_role_evidence": {
            "page": 1,
            "text": "Objective: Data Engineer",
            "bbox": [1, 2, 3, 4],
        },
    },
    "meta": {"language": "en"},
    "work": [{}, {}],
}


pytestmark = pytest.mark.viva(worker=False)


@pytest.fixture
async def resume_id(pool: asyncpg.Pool) -> UUID:
    made, _ = await resumes.add(pool, b"%PDF-", "cv.pdf")
    await resumes.mark_ready(pool, made, READ)
    return made


async def invited(pool: asyncpg.Pool, person: Person) -> tuple[UUID, dict[str, str]]:
    """Of the invitation its id, and what its link's page sends."""
    with within(LOCAL):
        opening_id = await openings.add(pool, OPENING)
        until = datetime.now(UTC) + timedelta(days=7)
        (added,) = await invitations.add(pool, opening_id, [person], until)
    return added.id, {"authorization": f"Bearer {added.token}"}


async def ask(
    viva: Viva, headers: dict[str, str], method: str = "GET", path: str = "", **more: Any
) -> httpx.Response:
    return await viva.http.request(method, f"/v1/invitation{path}", headers=headers, **more)


async def test_they_come_in_and_come_back_to_the_same_interview(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim", None, resume_id))
    shown = (await ask(viva, link)).json()
    assert (shown["state"], shown["title"], shown["minutes"]) == ("opened", "Pilot", 30)
    assert shown["resume"]["target_role"] == "Data Engineer"
    assert (shown["resume"]["work"], shown["interview"]) == (2, None)
    assert shown["resume"]["role_stands"] == {"page": 1, "text": "Objective: Data Engineer"}
    tickets = [(await ask(viva, link, "POST", "/interview")).json() for _ in range(2)]
    assert tickets[0] == tickets[1]
    ticket = tickets[0]
    assert (ticket["target_role"], ticket["language"]) == ("Data Engineer", "en")
    bearer = {"authorization": f"Bearer {ticket['token']}"}
    async with connect(ticket["websocket_url"], additional_headers=bearer) as socket:
        assert b"session.created" in (await socket.recv(decode=False))
    consent = f"/v1/interviews/{ticket['interview_id']}/consent"
    assert (await viva.http.get(consent, headers=link)).status_code == 200
    await pool.execute("UPDATE interviews SET status = 'live'")
    assert (await ask(viva, link)).json()["state"] == "live"
    await pool.execute("UPDATE interviews SET status = 'ended'")
    over = (await ask(viva, link)).json()
    assert (over["state"], over["interview"]["status"]) == ("ended", "ended")
    for answer in (shown, over):
        assert "secret question" not in str(answer)
        assert "rubric" not in str(answer)


async def test_after_the_end_the_link_leads_to_what_is_kept_and_deletes_it(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim", None, resume_id))
    interview_id = (await ask(viva, link, "POST", "/interview")).json()["interview_id"]
    await pool.execute("UPDATE interviews SET status = 'ended'")
    own = f"/v1/interviews/{interview_id}"
    receipt = await viva.http.get(f"{own}/consent/receipt", headers=link)
    assert receipt.json()["signed"]
    copy = await viva.http.get(f"{own}/export", headers=link)
    assert copy.content.startswith(b"PK")
    gone = await viva.http.delete(own, headers=link)
    assert gone.json()["signed"]
    assert (await ask(viva, link)).status_code == 403
    assert await pool.fetchval("SELECT count(*) FROM resumes") == 0


async def test_the_company_that_gave_the_resume_keeps_it(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim", None, resume_id))
    files = {"file": ("cv.pdf", resume_pdf(ENGLISH_RESUME))}
    refused = await ask(viva, link, "POST", "/resume", files=files)
    assert (refused.status_code, refused.json()["code"]) == (409, "resume_attached")


async def test_a_candidate_brings_their_own_resume(viva: Viva, pool: asyncpg.Pool) -> None:
    _, link = await invited(pool, Person("Kim"))
    early = await ask(viva, link, "POST", "/interview")
    assert (early.status_code, early.json()["code"]) == (409, "resume_needed")
    for content, status, code in ((b"", 422, "empty_file"), (b"word", 415, "not_a_pdf")):
        answer = await ask(viva, link, "POST", "/resume", files={"file": ("cv", content)})
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    files = {"file": ("cv.pdf", resume_pdf(ENGLISH_RESUME))}
    accepted = await ask(viva, link, "POST", "/resume", files=files)
    assert accepted.status_code == 202
    assert (await ask(viva, link)).json()["resume"]["status"] == "queued"
    early = await ask(viva, link, "POST", "/interview")
    assert (early.status_code, early.json()["code"]) == (409, "resume_needed")
    await resumes.mark_ready(pool, UUID(accepted.json()["id"]), READ)
    assert (await ask(viva, link, "POST", "/interview")).status_code == 200
    late = await ask(viva, link, "POST", "/resume", files=files)
    assert (late.status_code, late.json()["code"]) == (409, "interview_begun")


async def test_too_many_files_wait(
    viva: Viva, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.web.invited.UPLOADS", 1)
    _, link = await invited(pool, Person("Kim"))
    for status in (422, 429):
        answer = await ask(viva, link, "POST", "/resume", files={"file": ("cv", b"")})
        assert answer.status_code == status
    assert int(answer.headers["retry-after"]) > 0


async def test_they_put_right_what_they_are_called_and_never_the_role(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    await invited(pool, Person("Lee", "lee@example.org"))
    invitation_id, link = await invited(pool, Person("Kim", None, resume_id))
    order = {"name": "김민지", "email": "minji@example.org", "phone": "010", "target_role": "Boss"}
    told = (await ask(viva, link, "PATCH", json=order)).json()
    assert (told["name"], told["resume"]["name"]) == ("김민지", "김민지")
    assert told["resume"]["target_role"] == "Data Engineer"
    kept = await corrections.of_resume(pool, resume_id)
    assert [(one.field, one.old_value, one.corrected_by) for one in kept] == [
        ("name", "Kim", "candidate"),
        ("email", "k@example.org", "candidate"),
        ("phone", None, "candidate"),
    ]
    await guests.begin(pool, invitation_id)
    late = await ask(viva, link, "PATCH", json={"name": "x"})
    assert (late.status_code, late.json()["code"]) == (409, "interview_begun")


async def test_what_they_need_is_told_and_carried_into_the_interview(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim", None, resume_id))
    needs = {"more_time": True, "typed": True, "other": " A sign-language interpreter. "}
    told = (await ask(viva, link, "PUT", "/adjustments", json=needs)).json()["adjustments"]
    assert told["other"] == "A sign-language interpreter."
    ticket = (await ask(viva, link, "POST", "/interview")).json()
    assert (ticket["adjustments"]["typed"], ticket["adjustments"]["more_time"]) == (True, True)
    seen = (await viva.http.get(f"/v1/interviews/{ticket['interview_id']}")).json()
    assert seen["adjustments"] == told
    assert (seen["opening"]["title"], seen["target_role"]) == ("Pilot", "Data Engineer")
    assert "questions" not in seen["opening"]


async def test_a_person_is_asked_for_and_nothing_is_lost(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim", None, resume_id))
    told = await ask(viva, link, "PUT", "/person", json={"wanted": True})
    assert told.json()["person_wanted_at"] is not None
    assert (await ask(viva, link, "POST", "/interview")).status_code == 200
    told = await ask(viva, link, "PUT", "/person", json={"wanted": False})
    assert (told.json()["person_wanted_at"], told.json()["state"]) == (None, "created")


async def test_another_date_is_one_that_can_be(viva: Viva, pool: asyncpg.Pool) -> None:
    _, link = await invited(pool, Person("Kim"))
    for when in ("2020-01-01T00:00:00Z", "9999-01-01T00:00:00Z"):
        answer = await ask(viva, link, "PUT", "/date", json={"at": when})
        assert (answer.status_code, answer.json()["code"]) == (422, "invitation_past")


async def test_whoever_comes_too_late_is_told_whom_to_ask(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    invitation_id, link = await invited(pool, Person("Kim", None, resume_id))
    await invitations.extend(pool, invitation_id, datetime.now(UTC))
    shown = (await ask(viva, link)).json()
    assert (shown["state"], shown["contact"], shown["name"]) == (
        "expired", "crew@example.org", "",
    )  # fmt: skip
    answer = await ask(viva, link, "POST", "/interview")
    assert (answer.status_code, answer.json()["code"]) == (410, "invitation_expired")


async def test_a_forged_link_and_another_candidates_token_open_nothing(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    await pool.execute("INSERT INTO users (name, role, joined_at) VALUES ('x', 'admin', now())")
    invitation_id, _ = await invited(pool, Person("Kim", None, resume_id))
    forged = {"authorization": "Bearer vivaguest_forged"}
    assert (await ask(viva, forged)).status_code == 401
    created = await guests.begin(pool, invitation_id)
    assert created is not None
    own = {"authorization": f"Bearer {created.token}"}
    other = await ask(viva, own)
    assert (other.status_code, other.json()["code"]) == (403, "invited_only")


async def test_the_link_ends_with_the_organisation(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim", None, resume_id))
    await pool.execute("INSERT INTO organisations (name) VALUES ('other')")
    await pool.execute(
        "INSERT INTO users (organisation_id, name, role, joined_at)"
        " SELECT id, 'x', 'admin', now() FROM organisations WHERE name = 'other'"
    )
    await pool.execute("DELETE FROM organisations WHERE name <> 'other'")
    assert (await ask(viva, link)).status_code == 401


async def test_what_was_read_wrongly_is_said_and_changes_nothing(
    viva: Viva, pool: asyncpg.Pool, resume_id: UUID
) -> None:
    _, link = await invited(pool, Person("Kim"))
    said = {"field": "target_role", "words": "  I apply as an ML Engineer.\nSee the first line. "}
    early = await ask(viva, link, "POST", "/disputes", json=said)
    assert (early.status_code, early.json()["code"]) == (409, "resume_needed")
    _, link = await invited(pool, Person("Kim", None, resume_id))
    shown = await ask(viva, link, "POST", "/disputes", json=said)
    (told,) = shown.json()["resume"]["disputes"]
    assert (told["field"], told["words"]) == ("target_role", said["words"].strip())
    assert shown.json()["resume"]["target_role"] == "Data Engineer"
    reviewed = (await viva.http.get(f"/v1/resumes/{resume_id}/disputes")).json()["items"]
    assert reviewed == [told]
    listed = (await viva.http.get("/v1/resumes")).json()["items"]
    assert [each["disputes"] for each in listed if each["id"] == str(resume_id)] == [1]
    for wrong in ({"field": "meta", "words": "x"}, {"field": "name", "words": " \n "}):
        assert (await ask(viva, link, "POST", "/disputes", json=wrong)).status_code == 400
    await ask(viva, link, "POST", "/interview")
    after = await ask(viva, link, "POST", "/disputes", json={"field": "other", "words": "한 줄"})
    assert [each["words"] for each in after.json()["resume"]["disputes"]][1:] == ["한 줄"]
