"""From upload to the second question in a real browser, with an interviewer beside it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from server.engines import hub_whisper, whisper_base
from tests.browser.conftest import Chromium, write_wav
from tests.live import Viva, running
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf
from tests.speech import silence, spoken

PATIENT_MS = 40_000
ANSWER = "I moved the nightly reports from cron jobs to a streaming pipeline."


def complaints_of(page: Page) -> list[str]:
    """What the page's console calls an error, collected as it comes."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    return complaints


async def upload(page: Page, viva: Viva, lines: list[str]) -> None:
    await page.goto(viva.base)
    await page.get_by_test_id("resume-file").set_input_files(
        {"name": "resume.pdf", "mimeType": "application/pdf", "buffer": resume_pdf(lines)}
    )


async def test_a_spoken_interview_from_upload_to_the_second_question(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    # The microphone starts with the check; the opening question is over before the answer begins.
    speech = silence(14.0) + await spoken(ANSWER) + silence(8.0)
    wav = write_wav(tmp_path / "answer.wav", speech)
    async with chromium(wav=wav, locale="en-US") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await upload(page, viva, ENGLISH_RESUME)
        await expect(page.get_by_test_id("understood-role")).to_contain_text(
            "Data Engineer", timeout=PATIENT_MS
        )
        await page.get_by_test_id("understood-continue").click()
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        question = page.get_by_test_id("question")
        await expect(question).to_contain_text("Data Engineer", timeout=PATIENT_MS)
        opening = await question.inner_text()

        interviewer = await context.new_page()
        await interviewer.goto(f"{viva.base}/interviewer")
        await interviewer.get_by_test_id("list").get_by_role("link").first.click()
        await expect(interviewer.get_by_test_id("followed").get_by_text(opening)).to_be_visible(
            timeout=PATIENT_MS
        )

        await page.bring_to_front()
        await expect(page.get_by_test_id("transcript")).to_contain_text(
            re.compile("streaming pipeline", re.IGNORECASE), timeout=PATIENT_MS
        )
        await expect(question).not_to_have_text(opening, timeout=PATIENT_MS)
        follow_up = await question.inner_text()
        await expect(interviewer.get_by_test_id("followed").get_by_text(follow_up)).to_be_visible(
            timeout=PATIENT_MS
        )
        assert complaints == []


@pytest.fixture
async def deaf(
    database_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Viva]:
    """Installed where the recogniser's weights could not be had."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for module in (whisper_base, hub_whisper):
        monkeypatch.setattr(module, "weights", lambda: None)
    async with running(database_url, redis_url, stt="auto") as system:
        yield system


async def test_a_korean_candidate_is_told_before_the_start_that_speech_is_not_covered(
    deaf: Viva, chromium: Chromium
) -> None:
    viva = deaf
    async with chromium(locale="ko-KR", viewport={"width": 390, "height": 844}) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await upload(page, viva, KOREAN_RESUME)
        await expect(page.locator("html")).to_have_attribute("lang", "ko")
        await expect(page.get_by_test_id("understood-role")).to_contain_text(
            "보안 엔지니어", timeout=PATIENT_MS
        )
        await page.get_by_test_id("understood-continue").click()
        await expect(page.get_by_test_id("engine-uncovered")).to_be_visible(timeout=PATIENT_MS)
        await page.get_by_test_id("start-typed").click()
        question = page.get_by_test_id("question")
        await expect(question).to_contain_text("보안 엔지니어", timeout=PATIENT_MS)
        answer = page.get_by_test_id("answer")
        if not await answer.is_visible():
            await page.get_by_test_id("type").click()
        await answer.fill("침입 탐지 시스템을 구축하면서 오탐을 삼십 퍼센트 줄였습니다.")
        await page.get_by_test_id("answer-send").click()
        await expect(question).not_to_contain_text("보안 엔지니어", timeout=PATIENT_MS)
        wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide
        assert complaints == []


@pytest.mark.parametrize(
    ("content", "locale", "words"),
    [
        (b"no pdf at all", "ko-KR", "PDF"),
        (b"", "en-US", "empty"),
        (resume_pdf(["x"], encrypt="secret"), "en-US", "password"),
    ],
)
async def test_a_file_that_is_no_resume_is_explained(
    viva: Viva, chromium: Chromium, content: bytes, locale: str, words: str
) -> None:
    async with chromium(locale=locale) as context:
        page = await context.new_page()
        await page.goto(viva.base)
        await page.get_by_test_id("resume-file").set_input_files(
            {"name": "x.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        await expect(page.get_by_test_id("resume-problem")).to_contain_text(
            words, timeout=PATIENT_MS
        )
