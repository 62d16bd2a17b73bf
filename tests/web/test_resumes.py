"""Uploading résumés: what is taken, what is refused and how the refusal reads."""

from __future__ import annotations

import httpx
import pytest

from tests.engines.test_clamd import EVIL, daemon
from tests.live import Viva, free_port, running
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf

pytestmark = pytest.mark.viva(max_resume_bytes=200_000)


def problem(answer: httpx.Response, status: int, code: str) -> str:
    """The detail of an RFC 9457 problem with this status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:viva:problem:{code}"
    assert body["title"]
    detail: str = body["detail"]
    return detail


async def test_a_resume_is_read_into_its_header(viva: Viva) -> None:
    resume_id = await viva.upload(resume_pdf(KOREAN_RESUME), "이력서.pdf")
    state = await viva.read(resume_id)
    assert set(state) == {"id", "status", "error", "structured_data"}
    assert (state["status"], state["error"]) == ("ready", None)
    header = state["structured_data"]["header"]
    assert header["name"] == "최민지"
    assert header["email"] == "minji.choi@example.com"
    assert header["target_role"] == "보안 엔지니어"


async def test_the_same_file_is_the_same_resume(viva: Viva) -> None:
    first = await viva.upload(resume_pdf(ENGLISH_RESUME), "a.pdf")
    await viva.read(first)
    again = await viva.http.post("/resumes", files={"file": ("b.pdf", resume_pdf(ENGLISH_RESUME))})
    assert again.json() == {"id": first, "status": "ready"}


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"hello, I am no document", 415, "not_a_pdf"),
        (b"PK\x03\x04mimetypeapplication/hwp+zip", 415, "not_a_pdf"),
        (b"%PDF-1.7 " + bytes(250_000), 413, "too_large"),
        (b"%PDF-1.7 " + bytes(900_000), 413, "too_large"),
    ],
)
async def test_what_is_no_resume_is_refused_at_once(
    viva: Viva, content: bytes, status: int, code: str
) -> None:
    answer = await viva.http.post("/resumes", files={"file": ("cv.pdf", content)})
    assert len(problem(answer, status, code)) > 20
    await viva.upload(resume_pdf(ENGLISH_RESUME))


async def test_what_the_scanner_finds_is_not_taken(database_url: str, redis_url: str) -> None:
    harmful = resume_pdf(ENGLISH_RESUME) + EVIL
    async with daemon() as url, running(database_url, redis_url, scan_url=url) as viva:
        answer = await viva.http.post("/resumes", files={"file": ("cv.pdf", harmful)})
        problem(answer, 422, "file_infected")
        await viva.upload(resume_pdf(ENGLISH_RESUME))
    nobody = f"tcp://127.0.0.1:{free_port()}"
    async with running(database_url, redis_url, scan_url=nobody) as viva:
        answer = await viva.http.post("/resumes", files={"file": ("cv.pdf", harmful)})
        problem(answer, 503, "scanner_away")
        assert answer.headers["retry-after"] == "60"


async def test_a_request_without_a_file_says_what_is_missing(viva: Viva) -> None:
    assert "file" in problem(
        await viva.http.post("/resumes", files={"x": b"1"}), 400, "invalid_request"
    )
    answer = await viva.http.post("/resumes", json={"file": "x"})
    problem(answer, 400, "invalid_request")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (resume_pdf(["Jane Miller"], encrypt="secret"), "encrypted"),
        (resume_pdf(ENGLISH_RESUME)[:300], "unreadable"),
        (resume_pdf([""]), "needs_ocr"),
    ],
)
async def test_what_cannot_be_read_fails_with_the_reason(
    viva: Viva, content: bytes, code: str
) -> None:
    resume_id = await viva.upload(content)
    state = await viva.read(resume_id)
    assert (state["status"], state["error"]["code"]) == ("failed", code)
    answer = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id})
    assert state["error"]["detail"] in problem(answer, 422, code)


async def test_an_unknown_resume_is_not_found(viva: Viva) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    problem(await viva.http.get(f"/resumes/{nobody}"), 404, "resume_not_found")
    problem(await viva.http.get("/resumes/x"), 404, "not_found")
    answer = await viva.http.post("/interviews/realtime", json={"resume_id": nobody})
    problem(answer, 404, "resume_not_found")
