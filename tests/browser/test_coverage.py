"""The interviewer's page shows the plan, and what becomes of every question in it, live."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Chromium
from tests.live import Browser, Viva, browser, running
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME

PATIENT_MS = 40_000


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url) as system:
        yield system


async def type_answer(candidate: Browser, text: str) -> None:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    await candidate.send(type="conversation.item.create", item=item)


async def open_plan(page: Page, viva: Viva, interview_id: str) -> None:
    await page.goto(f"{viva.base}/interviewer?interview={interview_id}")
    await page.get_by_test_id("plan").locator("> summary").click()


async def test_a_question_goes_from_open_to_answered_and_another_is_left_out(
    viva: Viva, chromium: Chromium
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with chromium(locale="en-US") as context, browser(ticket) as candidate:
        page = await context.new_page()
        await candidate.hear_question(1)
        await open_plan(page, viva, ticket["interview_id"])
        statuses = page.get_by_test_id("plan-status")
        await expect(statuses).to_have_count(7, timeout=PATIENT_MS)
        await expect(statuses.nth(0)).to_have_text("Being talked about")
        await expect(statuses.nth(1)).to_have_text("Not asked yet")

        await type_answer(candidate, "Yes.")
        await candidate.hear_question(2)
        await expect(statuses.nth(0)).to_have_text("Answered")
        await expect(statuses.nth(1)).to_have_text("Being talked about")
        await expect(page.get_by_test_id("plan-summary")).to_have_text("1 of 7 answered")

        await candidate.send(type="viva.control", control="skip")
        await candidate.hear_question(3)
        skipped = "Left out · the candidate chose to go on"
        await expect(statuses.nth(1)).to_have_text(skipped)
        await expect(page.get_by_test_id("plan-summary")).to_have_text(
            "1 of 7 answered · 1 left out"
        )

        await candidate.send(type="viva.end")
        await expect(statuses.nth(2)).to_have_text("Asked, not answered · Ended by the candidate")
        await expect(statuses.nth(6)).to_have_text("Left out · Ended by the candidate")

        await page.reload()
        await page.get_by_test_id("plan").locator("> summary").click()
        await expect(statuses.nth(1)).to_have_text(skipped)


async def test_the_plan_says_why_each_question_is_asked_in_the_readers_language(
    viva: Viva, chromium: Chromium
) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    async with chromium(locale="ko-KR") as context, browser(ticket) as candidate:
        page = await context.new_page()
        await candidate.hear_question(1)
        await open_plan(page, viva, ticket["interview_id"])
        items = page.get_by_test_id("plan-list").locator("> li")
        await expect(items).to_have_count(7, timeout=PATIENT_MS)
        knowledge = items.filter(has_text="직무 지식").first
        await knowledge.locator("summary").press("Enter")
        await expect(knowledge.get_by_text("좋은 답변이 보여 주는 것")).to_be_visible()
        await expect(knowledge.get_by_test_id("plan-status")).to_have_text("아직 묻지 않음")
        await page.locator("#language-switch").get_by_text("English").click()
        await expect(items.nth(0).get_by_test_id("plan-status")).to_have_text("Being talked about")
