"""Where the server is full the candidate is told when to come again, and the page does so by
itself."""

from __future__ import annotations

import asyncpg
import pytest
from playwright.async_api import Page, expect

from server.store import resumes
from server.store.invitations import Person
from tests.browser.conftest import Chromium
from tests.browser.test_interview import complaints_of
from tests.live import Viva, browser
from tests.server.store.test_board import created
from tests.web.test_admission import ROOM_FOR_ONE, ticket
from tests.web.test_invited import READ, invited

PATIENT_MS = 30_000


pytestmark = pytest.mark.viva(worker=False, **ROOM_FOR_ONE)


async def test_they_wait_for_room_on_both_pages_and_come_in(
    viva: Viva, pool: asyncpg.Pool, chromium: Chromium
) -> None:
    resume_id, _ = await resumes.add(pool, b"%PDF-c", "cv.pdf")
    await resumes.mark_ready(pool, resume_id, READ)
    _, link = await invited(pool, Person("Cho", None, resume_id))
    first = ticket(viva, (await created(pool, "Ada")).token)
    async with chromium(locale="ko-KR") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.clock.install()
        await page.goto(f"{viva.base}/invitation#link={link['authorization'].split()[1]}")
        async with browser(first) as ada:
            await ada.event("viva.question", turn=1)
            await page.get_by_test_id("enter").click()
            await told(page)
            await expect(page.get_by_text("링크는 그대로 유효")).to_be_visible()
            await ada.send(type="viva.end")
            await ada.event("viva.ended")
        await gone(viva)
        await page.clock.fast_forward(95_000)
        await page.wait_for_url(f"{viva.base}/", timeout=PATIENT_MS)
        # In the meantime somebody else came.
        async with browser(ticket(viva, (await created(pool, "Bo")).token)) as bo:
            await bo.event("viva.question", turn=1)
            await page.get_by_test_id("start-typed").click()
            await told(page)
            await bo.send(type="viva.end")
            await bo.event("viva.ended")
        await gone(viva)
        await page.get_by_test_id("full-now").click()
        await expect(page.get_by_test_id("question")).not_to_be_empty(timeout=PATIENT_MS)
        assert [one for one in complaints if "503" not in one] == []


async def told(page: Page) -> None:
    await expect(page.get_by_test_id("full-title")).to_be_focused(timeout=PATIENT_MS)
    await expect(page.get_by_test_id("full-when")).to_contain_text("다시 시도")


async def gone(viva: Viva) -> None:
    """Until the one that ended is over."""
    while True:
        parts = (await viva.http.get("/health/ready")).json()["parts"]
        if next(part["ok"] for part in parts if part["name"] == "room"):
            return
