"""From an opening to the decision, in real browsers: a recruiter invites, the candidate comes by
the link, begins, comes back by it on another device and answers there; who rates and decides finds
them on the board, and the candidate reads that somebody did."""

from __future__ import annotations

import asyncpg
from playwright.async_api import FilePayload, Page, expect

from server.store import links
from server.store.scope import LOCAL, within
from tests.browser.conftest import Chromium
from tests.browser.test_accounts import PHONE, fits
from tests.browser.test_interview import PATIENT_MS, complaints_of
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, resume_pdf

PEOPLE = "name;e-mail\nKim Minji;minji@example.org\nlee@example.org;Lee"
ANSWER = "I measured the nightly job first and found one query that took nine minutes."
RESUME: FilePayload = {
    "name": "resume.pdf",
    "mimeType": "application/pdf",
    "buffer": resume_pdf(ENGLISH_RESUME),
}


async def test_from_the_invitation_to_the_decision(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool
) -> None:
    with within(LOCAL):
        token = await links.add(pool, "sign_in", None)
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(f"{viva.base}/sign-in#link={token}")
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Sign in at this computer", timeout=PATIENT_MS
        )
        await page.keyboard.press("Enter")
        await page.get_by_test_id("openings-link").click()
        link = await invites(page)
        await begins(chromium, link)
        await page.reload()
        row = page.get_by_test_id("invitation").first
        await expect(row).to_contain_text("Interview begun")
        await expect(row).to_contain_text("The résumé says: Data Engineer")
        await expect(row).to_contain_text("larger text, A ramp")
        await expect(row).to_contain_text("Would rather speak with a person")
        await answers(chromium, link)
        await decides(await context.new_page(), viva)
        await reads(chromium, link)
        await row.get_by_role("button", name="Revoke: Kim Minji").click()
        await expect(row).to_contain_text("Revoked")
        assert complaints == []
    async with chromium(locale="ko-KR") as context:
        page = await context.new_page()
        await page.goto(link)
        await expect(page.get_by_test_id("over-title")).to_have_text("취소된 초대입니다")
        await page.goto(f"{viva.base}/invitation#link=vivaguest_forged")
        await expect(page.get_by_test_id("over-title")).to_have_text("열 수 없는 링크입니다")


async def invites(page: Page) -> str:
    """An opening with a question of its own and two people; the link of the first."""
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_test_id("opening-new").click()
    form = page.get_by_test_id("opening-form")
    await form.get_by_test_id("opening-form-title").fill("Platform engineer")
    await form.get_by_label("Whom candidates may ask").fill("jobs@example.org")
    await form.get_by_label("Days until").fill("10")
    await form.get_by_label("Who tells them").fill("Ms Han")
    await form.get_by_test_id("own-question-add").click()
    question = form.get_by_test_id("own-question")
    await question.get_by_label("In English").fill("How do you find a slow query?")
    await form.get_by_test_id("opening-save").click()
    await expect(page.get_by_test_id("opening-title")).to_have_text(
        "Platform engineer", timeout=PATIENT_MS
    )
    await page.get_by_test_id("invite").get_by_label("People, one a line").fill(PEOPLE + "\na@b@c")
    await expect(page.get_by_test_id("invite-read")).to_contain_text("Line 4")
    await expect(page.get_by_test_id("invite-go")).to_be_disabled()
    await page.get_by_test_id("invite").get_by_label("People, one a line").fill(PEOPLE)
    await page.get_by_test_id("invite-go").click()
    first = page.get_by_test_id("told-links").get_by_role("listitem").first
    await expect(first).to_contain_text("Kim Minji")
    await expect(page.get_by_test_id("invitation")).to_have_count(2)
    return await first.locator("code").inner_text()


async def begins(chromium: Chromium, link: str) -> None:
    """On a phone, with the candidate's own résumé; then elsewhere, where it goes on."""
    async with chromium(locale="en-US", viewport=PHONE) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(link)
        await expect(page.get_by_test_id("invited-title")).to_have_text("Platform engineer")
        await expect(page.get_by_test_id("enter")).to_be_disabled()
        promised = "within 10 days of the interview, from Ms Han"
        await expect(page.get_by_test_id("invited-result")).to_have_text(promised)
        assert await fits(page)
        await page.get_by_test_id("resume-file").set_input_files(RESUME)
        await expect(page.get_by_test_id("read-role")).to_contain_text(
            "Data Engineer", timeout=PATIENT_MS
        )
        await expect(page.get_by_test_id("read-where")).to_contain_text("Data Engineer")
        needs = page.get_by_test_id("needs")
        await needs.get_by_label("Larger text").check()
        await needs.get_by_label("Something else").fill("A ramp")
        await needs.get_by_role("button").click()
        await expect(page.get_by_test_id("invited-done")).to_contain_text("Saved")
        await page.get_by_test_id("person").click()
        await expect(page.get_by_test_id("person-state")).to_be_visible()
        assert await fits(page)
        await page.get_by_test_id("enter").click()
        await expect(page.get_by_test_id("ready-result")).to_contain_text(promised)
        question = await started(page)
        assert await page.evaluate("document.documentElement.classList.contains('larger')")
        assert complaints == []
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        await page.goto(link)
        await expect(page.get_by_test_id("enter")).to_have_text("Carry on with the interview")
        await page.get_by_test_id("enter").click()
        assert await started(page) == question


async def answers(chromium: Chromium, link: str) -> None:
    """In writing, and ends it."""
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(link)
        await page.get_by_test_id("enter").click()
        await started(page)
        await page.get_by_test_id("answer").fill(ANSWER)
        await page.get_by_test_id("answer-send").click()
        await expect(page.get_by_test_id("question")).not_to_contain_text(
            "Data Engineer", timeout=PATIENT_MS
        )
        await page.get_by_test_id("end").click()
        await page.get_by_test_id("confirm-end").click()
        await expect(page.get_by_test_id("ended-transcript")).to_contain_text(ANSWER)
        assert complaints == []


async def decides(page: Page, viva: Viva) -> None:
    """From the board into what was said, a level for each that was asked, and the decision."""
    complaints = complaints_of(page)
    await page.goto(f"{viva.base}/interviewer")
    await page.locator("[data-testid^=interview-]").first.click()
    await expect(page.get_by_test_id("criterion-0")).to_be_visible(timeout=PATIENT_MS)
    await expect(page.get_by_text(ANSWER).first).to_be_visible()
    levels = page.locator("[data-testid^=level-][data-testid$=-yes]:enabled")
    for at in range(await levels.count()):
        await levels.nth(at).check()
    await expect(page.get_by_test_id("missing")).to_contain_text("All is rated")
    await page.get_by_test_id("submit").click()
    await page.get_by_test_id("outcome-advance").check()
    await page.get_by_test_id("decision-reason").fill("Measures before changing anything.")
    await page.get_by_test_id("decide").click()
    await expect(page.get_by_test_id("standing")).to_contain_text("decided: Goes on")
    assert complaints == []


async def reads(chromium: Chromium, link: str) -> None:
    """The link leads to how far it is."""
    async with chromium(locale="en-US", viewport=PHONE) as context:
        page = await context.new_page()
        await page.goto(link)
        await expect(page.get_by_test_id("outcome")).to_contain_text("decided", timeout=PATIENT_MS)
        assert await fits(page)


async def started(page: Page) -> str:
    """The question that is asked."""
    await page.get_by_test_id("start-typed").click()
    question = page.get_by_test_id("question")
    await expect(question).to_contain_text("Data Engineer", timeout=PATIENT_MS)
    return await question.inner_text()
