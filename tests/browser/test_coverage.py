"""The interviewer's page shows the plan, and what becomes of every question in it, live."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg
from playwright.async_api import Page, expect

from server.core.events import PlannedQuestion
from server.store import interviews
from tests.browser.conftest import Chromium
from tests.browser.test_interview import complaints_of
from tests.live import Browser, Viva, browser, running
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME, resume_pdf

PATIENT_MS = 40_000


ANSWERS = (
    "I built the nightly export pipeline in Airflow myself.",
    "We retried each task three times and told the owner when it still failed.",
    "It ran in two hours instead of six afterwards.",
)


async def answer_until_planned(candidate: Browser) -> int:
    """The first question is answered, and whatever it is followed up with; the turn of the next."""
    for turn, text in enumerate(ANSWERS, start=2):
        await type_answer(candidate, text)
        question = await candidate.event("viva.question", turn=turn)
        await candidate.hear_question(turn)
        if question["kind"] == "planned":
            return turn
    raise AssertionError("the next question of the plan never came")


async def type_answer(candidate: Browser, text: str) -> None:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    await candidate.send(type="conversation.item.create", item=item)


async def open_plan(page: Page, viva: Viva, interview_id: str) -> None:
    await page.goto(f"{viva.base}/interviewer?interview={interview_id}")
    await expect(page.get_by_test_id("plan-status")).to_have_count(7, timeout=PATIENT_MS)


async def test_a_question_goes_from_open_to_answered_and_another_is_skipped(
    viva: Viva, chromium: Chromium
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with chromium(locale="en-US") as context, browser(ticket) as candidate:
        page = await context.new_page()
        complaints = complaints_of(page)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        await candidate.hear_question(1)
        await open_plan(page, viva, ticket["interview_id"])
        statuses = page.get_by_test_id("plan-status")
        summary = page.get_by_test_id("plan-summary")
        now = page.get_by_test_id("plan-list").locator("[aria-current=step]")
        await expect(statuses.nth(0)).to_have_text("Being talked about")
        await expect(statuses.nth(1)).to_have_text("Not asked yet")
        await expect(summary).to_have_text("0 of 7 answered")
        asked.clear()

        turn = await answer_until_planned(candidate)
        await expect(statuses.nth(0)).to_have_text("Answered")
        await expect(statuses.nth(1)).to_have_text("Being talked about")
        await expect(now).to_have_count(1)
        await expect(summary).to_have_text("1 of 7 answered")

        await candidate.send(type="viva.control", control="skip")
        await candidate.hear_question(turn + 1)
        skipped = "Skipped · the candidate chose to go on"
        await expect(statuses.nth(1)).to_have_text(skipped)
        await expect(summary).to_have_text("1 of 7 answered, 1 skipped")

        await candidate.send(type="viva.end")
        await expect(statuses.nth(2)).to_have_text(
            "Asked, not answered · the candidate ended the interview"
        )
        await expect(statuses.nth(6)).to_have_text("Skipped · the candidate ended the interview")
        await expect(now).to_have_count(0)
        assert [url for url in asked if url.endswith(ticket["interview_id"])] == []

        await page.reload()
        await expect(statuses.nth(1)).to_have_text(skipped)
        await expect(summary).to_have_text("1 of 7 answered, 1 without an answer, 5 skipped")
        assert complaints == []


async def test_the_plan_is_grouped_and_says_why_each_question_is_asked_by_keyboard_on_a_phone(
    viva: Viva, chromium: Chromium
) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    size = {"width": 390, "height": 844}
    async with chromium(locale="ko-KR", viewport=size) as context, browser(ticket) as candidate:
        page = await context.new_page()
        await candidate.hear_question(1)
        await open_plan(page, viva, ticket["interview_id"])
        plan = page.get_by_role("region", name="질문 계획")
        await expect(plan.get_by_role("status")).to_have_text("7개 가운데 0개 답변")
        await expect(plan.get_by_role("list")).to_have_count(0)
        await plan.get_by_text("질문 7개").press("Enter")
        await expect(
            plan.get_by_role("list", name="자기소개").get_by_role("listitem")
        ).to_have_count(1)
        knowledge = plan.get_by_role("list", name="직무 지식").get_by_role("listitem").first
        why = knowledge.get_by_text("근거와 평가 기준")
        await why.press("Enter")
        await expect(knowledge.get_by_text("좋은 답변이 보여 주는 것")).to_be_visible()
        await expect(
            knowledge.get_by_role("listitem").filter(has_text="보안 엔지니어 · 지원 직무")
        ).to_be_visible()
        await expect(knowledge.get_by_test_id("plan-status")).to_have_text("아직 묻지 않음")
        await expect(knowledge).to_contain_text("기본 질문 목록")
        assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]

        await page.get_by_test_id("language-en").click()
        await expect(page.get_by_test_id("plan-status").first).to_have_text("Being talked about")
        await expect(page.get_by_text("A good answer shows").nth(2)).to_be_visible()


async def test_a_plan_that_arrives_after_the_page_was_opened_is_shown(
    database_url: str, redis_url: str, pool: asyncpg.Pool, chromium: Chromium
) -> None:
    async with running(database_url, redis_url) as viva:
        resume_id = await viva.upload(resume_pdf(ENGLISH_RESUME))
        assert (await viva.read(resume_id))["status"] == "ready"
    async with (
        running(database_url, redis_url, worker=False) as viva,
        chromium(locale="en-US") as context,
    ):
        created = await interviews.create(pool, UUID(resume_id))
        assert created is not None
        page = await context.new_page()
        await page.goto(f"{viva.base}/interviewer?interview={created.interview_id}")
        summary = page.get_by_test_id("plan-summary")
        await expect(summary).to_have_text("The questions are being prepared.")
        own = PlannedQuestion(
            str(uuid4()), 1, "How would you rotate our signing keys?", "experience", "interviewer"
        )
        await interviews.add_plan(pool, created.interview_id, [own])
        await expect(summary).to_have_text("0 of 1 answered")
        item = page.get_by_role("list", name="Experience").get_by_role("listitem")
        await expect(item).to_contain_text("The interviewer’s own question")
