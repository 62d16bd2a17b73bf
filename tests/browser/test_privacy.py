"""What is kept of people is told, given, held and deleted on the pages."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Chromium
from tests.browser.test_interview import PATIENT_MS, complaints_of, upload
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf

KEY = "k-3_f"
PHONE = {"width": 390, "height": 844}


pytestmark = pytest.mark.viva(interviewer_key=KEY)


async def saved(page: Page, button: str, to: Path) -> Path:
    """The file that a click hands out."""
    async with page.expect_download(timeout=PATIENT_MS) as waiting:
        await page.get_by_test_id(button).click()
    await (await waiting.value).save_as(to)
    return to


async def read_alone(context: BrowserContext, receipt: Path) -> tuple[str, str]:
    """What a receipt says as it is printed, and what is signed: the file needs nothing else."""
    page = await context.new_page()
    await page.goto(receipt.as_uri())
    await page.emulate_media(media="print")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    said = await page.inner_text("body"), await page.inner_text(".signed")
    await page.close()
    return said


async def test_a_candidate_asks_for_a_person_keeps_a_receipt_and_deletes_everything(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    async with chromium(locale="ko-KR", viewport=PHONE, accept_downloads=True) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await upload(page, viva, KOREAN_RESUME)
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
        notice = page.get_by_test_id("consent-text")
        await expect(notice).to_contain_text("AI 시스템", timeout=PATIENT_MS)
        await expect(notice).to_contain_text("5년")
        told = page.get_by_test_id("person-told")
        await page.get_by_test_id("person-ask").click()
        await expect(told).to_contain_text("채용 담당자가 보게 됩니다", timeout=PATIENT_MS)
        (open_one,) = (await viva.http.get("/v1/interviews")).json()["items"]
        assert open_one["person_asked_at"] is not None
        receipt = await saved(page, "consent-keep", tmp_path / "consent.html")
        written, signed = await read_alone(context, receipt)
        assert "AI 시스템" in written
        assert "안내문(버전" in written
        read = await viva.http.post("/v1/receipts/verify", json={"receipt": signed})
        assert read.json()["kind"] == "viva-consent-receipt"

        await page.get_by_test_id("start-typed").click()
        await expect(page.get_by_test_id("question")).not_to_be_empty(timeout=PATIENT_MS)
        await page.get_by_test_id("end").click()
        await page.get_by_test_id("confirm-end").click()
        await expect(page.get_by_test_id("own-data")).to_be_visible(timeout=PATIENT_MS)
        copy = await saved(page, "own-export", tmp_path / "copy.zip")
        with ZipFile(copy) as archive:
            assert {"data.json", "resume.pdf"} <= set(archive.namelist())
        await page.get_by_test_id("own-delete").click()
        gone = await saved(page, "own-delete-confirm", tmp_path / "deleted.html")
        await expect(page.get_by_test_id("own-told")).to_contain_text("모두 지웠습니다")
        _, signed = await read_alone(context, gone)
        read = await viva.http.post("/v1/receipts/verify", json={"receipt": signed})
        assert read.json()["said"]["asked_by"] == "candidate"
        assert (await viva.http.get("/v1/resumes")).json()["items"] == []
        assert complaints == []


async def test_an_interviewer_holds_and_deletes_a_person(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    resume_id = await viva.upload(resume_pdf(ENGLISH_RESUME))
    await viva.read(resume_id)
    async with chromium(locale="en-US", accept_downloads=True) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(f"{viva.base}/interviewer?resume={resume_id}#key={KEY}")
        delete = page.get_by_test_id("kept-delete")
        await expect(delete).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("kept-hold").click()
        form = page.get_by_test_id("hold-form")
        await form.get_by_label(re.compile("matter")).fill("Claim 2026-7")
        await form.get_by_role("button").click()
        held = page.get_by_test_id("kept-holds")
        await expect(held).to_contain_text("Claim 2026-7", timeout=PATIENT_MS)
        await expect(delete).to_be_disabled()
        refused = await viva.http.delete(
            f"/v1/resumes/{resume_id}", headers={"authorization": f"Bearer {KEY}"}
        )
        assert refused.json()["code"] == "on_hold"
        await held.get_by_role("button").click()
        await expect(held).to_be_hidden(timeout=PATIENT_MS)
        await delete.click()
        await saved(page, "kept-delete-confirm", tmp_path / "deleted.txt")
        await expect(page.get_by_test_id("kept")).to_be_hidden(timeout=PATIENT_MS)
        assert (await viva.http.get("/v1/resumes")).json()["items"] == []
        assert complaints == []
