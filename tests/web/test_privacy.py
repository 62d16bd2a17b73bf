"""What people and those who hire can do about what is kept: export, hold, delete, and receipts."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from server.engines.opus import FRAME_BYTES, OpusEncoder
from server.realtime.sound import packed, place
from server.store import recordings
from server.store.keys import Keys
from server.store.notices import Told
from server.store.recordings import Chunk
from server.store.scope import within
from server.store.sealing import Seals
from tests.driver import lease
from tests.live import Viva
from tests.speech import recording
from tests.web.house import Company, company

ANSWER = """
INSERT INTO answers (id, interview_id, question_id, turn, text, engine, language)
VALUES ($1, $2, $3, 1, 'I planned the routes.', 'test', 'en')
"""


pytestmark = pytest.mark.viva(worker=False, recording="consent")


@pytest.fixture
async def here(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Hereby")


async def speak(pool: asyncpg.Pool, here: Company) -> None:
    """An answer, and its recording."""
    interview = here.ids["interview_id"]
    told = Told("1", "en", None, 30, 7)
    await recordings.agree(pool, interview, told)  # type: ignore[arg-type]
    seal = await Seals(Keys((bytes(32),))).begin(pool, interview)  # type: ignore[arg-type]
    packets = OpusEncoder().encode(recording("two_cities.wav", seconds=6.0)[: 20 * FRAME_BYTES])
    chunk = Chunk(1, 0, 0, 400, 0, True, seal.close(packed(packets), place(1, 0)))
    epoch = await lease(pool, interview)  # type: ignore[arg-type]
    await recordings.add(pool, [(UUID(str(interview)), epoch, chunk)])
    await pool.execute(ANSWER, uuid4(), interview, here.ids["question_id"])
    await pool.execute("UPDATE questions SET turn = 1, rubric = '[\"names a figure\"]'")


def opened(answer: httpx.Response) -> tuple[dict[str, bytes], dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    return files, json.loads(files["data.json"])


async def test_all_that_is_held_is_given_and_the_plan_to_nobody_who_is_asked_by_it(
    viva: Viva, here: Company, pool: asyncpg.Pool
) -> None:
    with within(here.organisation):
        await speak(pool, here)
    interview, resume = here.ids["interview_id"], here.ids["resume_id"]
    where = f"/v1/resumes/{resume}/export"
    files, data = opened(await viva.http.get(where, headers=here.headers["recruiter"]))
    assert files["resume.pdf"] == b"%PDF-"
    assert files["pages/1.webp"] == b"Hereby"
    assert files[f"sound/{interview}/1.ogg"].startswith(b"OggS")
    assert data["resume"]["structured_data"]["header"]["name"] == "Hereby"
    (held,) = data["interviews"]
    assert held["questions"][0]["rubric"] == ["names a figure"]
    assert held["answers"][0]["text"] == "I planned the routes."
    assert held["facts"][0]["kind"] == "interview_started"
    assert data["holds"][0]["reason"] == "Hereby"
    assert {one["action"] for one in data["log"]} >= {"interview.created", "recording.agreed"}

    where = f"/v1/interviews/{interview}/export"
    files, data = opened(await viva.http.get(where, headers=here.headers["candidate"]))
    assert f"sound/{interview}/1.ogg" in files
    (held,) = data["interviews"]
    assert held["questions"] == [{**held["questions"][0], "turn": 1, "text": "What is Hereby?"}]
    assert held["notices"][0]["kind"] == "agreed"
    assert "facts" not in held
    assert "holds" not in data
    assert b"names a figure" not in files["data.json"]
    actors = await pool.fetch("SELECT actor FROM audit WHERE action = 'person.exported' ORDER BY n")
    assert [row["actor"].split()[0] for row in actors] == ["user", "candidate"]


async def test_what_cannot_be_read_any_more_is_named(
    viva: Viva, here: Company, pool: asyncpg.Pool
) -> None:
    with within(here.organisation):
        await speak(pool, here)
    await pool.execute("DELETE FROM resume_files")
    await pool.execute("DELETE FROM sound_keys")
    where = f"/v1/resumes/{here.ids['resume_id']}/export"
    files, _ = opened(await viva.http.get(where, headers=here.headers["admin"]))
    missing = f"resume.pdf\nsound/{here.ids['interview_id']}/1.ogg\n"
    assert files["missing.txt"].decode() == missing


async def test_a_hold_is_placed_seen_and_lifted_and_meanwhile_nothing_is_deleted(
    viva: Viva, here: Company, pool: asyncpg.Pool
) -> None:
    resume, recruiter = f"/v1/resumes/{here.ids['resume_id']}", here.headers["recruiter"]
    interview = f"/v1/interviews/{here.ids['interview_id']}"
    order = {"reason": "소송 2026-7", "interview_id": here.ids["interview_id"]}
    placed = await viva.http.post(f"{resume}/holds", json=order, headers=recruiter)
    assert placed.status_code == 201, placed.text
    stranger = {**order, "interview_id": str(uuid4())}
    refused = await viva.http.post(f"{resume}/holds", json=stranger, headers=recruiter)
    assert refused.json()["code"] == "interview_not_found"
    for reason in ("", " ", "a\0b"):
        refused = await viva.http.post(
            f"{resume}/holds", json={"reason": reason}, headers=recruiter
        )
        assert refused.status_code == 400
    listed = (await viva.http.get(f"{resume}/holds", headers=recruiter)).json()["items"]
    assert [one["reason"] for one in listed] == ["Hereby", "소송 2026-7"]
    for where, who in ((resume, "recruiter"), (interview, "candidate")):
        refused = await viva.http.delete(where, headers=here.headers[who])
        assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    refused = await viva.http.delete(f"{interview}/recordings", headers=recruiter)
    assert refused.json()["code"] == "on_hold"
    for one in listed:
        lifted = await viva.http.delete(f"/v1/holds/{one['id']}", headers=recruiter)
        assert lifted.status_code == 204
    assert (await viva.http.get(f"{resume}/holds", headers=recruiter)).json()["items"] == []

    deleted = await viva.http.delete(resume, headers=recruiter)
    assert deleted.status_code == 200, deleted.text
    assert (await viva.http.get(resume, headers=recruiter)).status_code == 404
    assert (await viva.http.delete(resume, headers=recruiter)).status_code == 404
    own = await viva.http.get(f"{interview}/consent", headers=here.headers["candidate"])
    assert own.status_code == 401
    (kept,) = (await viva.http.get("/v1/receipts", headers=recruiter)).json()["items"]
    assert kept == deleted.json()
    assert await pool.fetchval("SELECT count(*) FROM invitations WHERE resume_id IS NOT NULL") == 0


async def test_receipts_are_read_and_forged_ones_refused(viva: Viva, here: Company) -> None:
    interview = f"/v1/interviews/{here.ids['interview_id']}"
    own = here.headers["candidate"]
    notice = (await viva.http.get(f"{interview}/consent", headers=own)).json()["notice"]
    agreed = {"recording": True, "notice": {"version": notice["version"], "language": "ko"}}
    assert (await viva.http.post(f"{interview}/consent", json=agreed, headers=own)).is_success
    receipt = (await viva.http.get(f"{interview}/consent/receipt", headers=own)).json()
    assert receipt["organisation"] == "Hereby"
    assert receipt["text"] == notice["text"]["ko"]
    assert [one["kind"] for one in receipt["told"]] == ["shown", "agreed"]
    assert receipt["told"][0]["record_days"] == 1_826

    async def read(text: str) -> httpx.Response:
        return await viva.http.post("/v1/receipts/verify", json={"receipt": text})

    said = (await read(receipt["signed"])).json()
    assert said["kind"] == "viva-consent-receipt"
    assert said["said"]["text"] == receipt["text"]
    assert said["said"]["interview"] == here.ids["interview_id"]
    for forged in (receipt["signed"][:-9], "x.y.z"):
        refused = await read(forged)
        assert (refused.status_code, refused.json()["code"]) == (422, "receipt_forged")
    (key,) = (await viva.http.get("/v1/receipts/keys")).json()["keys"]
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
