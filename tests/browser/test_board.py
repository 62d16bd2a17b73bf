"""The board in a real browser: who needs a person, and stepping in, with both sides told."""

from __future__ import annotations

import re

import asyncpg
import pytest
from playwright.async_api import Page, expect

from server.core.events import CandidateDisconnected
from server.store import board
from tests.browser.conftest import Chromium
from tests.browser.test_interview import complaints_of
from tests.live import Viva
from tests.server.store.test_board import LISTENED, another, created, tell
from tests.server.store.test_standings import HEARD, READ

PATIENT_MS = 30_000


pytestmark = pytest.mark.viva(worker=False)


async def come(page: Page, viva: Viva, token: str) -> None:
    """A candidate's connection, which keeps what it is told."""
    await page.goto(f"{viva.base}/")
    url = f"{viva.base.replace('http', 'ws')}/v1/realtime"
    await page.evaluate(
        """([url, token]) => new Promise((done) => {
                window.told = [];
                window.line = new WebSocket(url, ["viva.v1", `openai-insecure-api-key.${token}`]);
                window.line.onmessage = ({ data }) => {
                    if (typeof data === "string") window.told.push(JSON.parse(data));
                    done();
                    const ping = () => window.line.send('{"type": "viva.ping"}');
                    window.asks ??= setInterval(ping, 500);
                };
            })""",
        [url, token],
    )


async def test_from_the_board_into_an_interview(
    viva: Viva, pool: asyncpg.Pool, chromium: Chromium
) -> None:
    asking, lost = await another(pool, "Imani"), await another(pool, "Tomás")
    await tell(pool, asking, [*LISTENED, HEARD, READ])
    await tell(pool, lost, [*LISTENED, CandidateDisconnected(0)])
    for name in ("Nora", "Haru"):
        await tell(pool, await another(pool, name), LISTENED)
    live = await created(pool, "Yuna")
    async with chromium(locale="en-US", viewport={"width": 1366, "height": 768}) as context:
        page, candidate = await context.new_page(), await context.new_page()
        complaints = complaints_of(page)
        await page.goto(f"{viva.base}/interviewer")
        rows = page.get_by_test_id("list").locator("tr")
        await expect(rows).to_have_count(5)
        await expect(page.get_by_test_id(f"row-{asking}")).to_contain_text("Asks you")
        await expect(page.get_by_test_id(f"row-{asking}")).to_contain_text(HEARD.text)
        await expect(page.get_by_test_id(f"row-{lost}")).to_contain_text("Line lost")
        await is_called_by_its_candidate(page)
        await page.locator("#list-title").focus()
        await page.keyboard.press("ArrowDown")
        first = rows.first.locator("a.board-name")
        await expect(first).to_be_focused()
        await page.wait_for_timeout(2_500)  # it is asked for again meanwhile
        await expect(first).to_be_focused()
        await page.keyboard.press("/")
        await page.keyboard.type("yun")
        await expect(rows).to_have_count(1)
        await expect(page.locator("#board-told")).to_have_text("1 interview")

        await come(candidate, viva, live.token)
        await expect(rows.first).to_contain_text("Being asked", timeout=PATIENT_MS)
        await first.click()
        await expect(page.get_by_test_id("step-in")).to_be_visible(timeout=PATIENT_MS)
        await expect(page.get_by_test_id("followed").locator("li")).to_have_count(1)
        await expect(page.get_by_role("heading", level=1, name="Yuna")).to_be_focused()
        await expect(page).to_have_title("Yuna · viva")
        asks = page.get_by_role("textbox", name="Ask a question", exact=True)
        await expect(asks).to_have_accessible_description(re.compile("after the answer"))
        await steps_in(page)
        await page.get_by_test_id("step-stop").click()
        await page.get_by_test_id("step-stop-confirm").click()
        await expect(page.get_by_test_id("end-reason")).to_have_text("Ended by the interviewer")
        told = await candidate.evaluate("window.told")
        assert any(one["type"] == "viva.company" and one["people"] == 1 for one in told)
        assert any(one.get("text") == "Can you move closer?" for one in told)
        await page.get_by_test_id("back").click()
        await expect(page.get_by_test_id("board")).to_be_visible()
        await expect(first).to_be_focused()
        await expect(page).to_have_title(re.compile("Live interviews"))
        assert complaints == []
    assert (await board.counts(pool, board.Asked()))["closed"] == 1


async def is_called_by_its_candidate(page: Page) -> None:
    """Whoever goes through the table by ear is told whose row it is, also where rows are cards."""
    row = page.get_by_role("row").filter(has_text=HEARD.text)
    for width in (390, 1366):
        await page.set_viewport_size({"width": width, "height": 768})
        await expect(row.get_by_role("rowheader", name="Imani")).to_be_visible()


async def steps_in(page: Page) -> None:
    """With a question that is warned of, one that is asked at once, and a line to read."""
    await page.get_by_test_id("step-text").fill("Are you married?")
    await page.get_by_test_id("step-now").click()
    await expect(page.get_by_test_id("step-warned")).to_contain_text("private", timeout=PATIENT_MS)
    await page.get_by_test_id("step-text").fill("What would you have done with more time?")
    await page.get_by_test_id("step-now").click()
    followed = page.get_by_test_id("followed")
    await expect(followed).to_contain_text("with more time", timeout=PATIENT_MS)
    await page.get_by_role("radio", name="Tell the candidate").check()
    await expect(page.get_by_role("textbox", name="Tell the candidate")).to_be_visible()
    await page.get_by_test_id("step-text").fill("Can you move closer?")
    await page.get_by_test_id("step-next").click()
    await expect(page.get_by_test_id("step-log")).to_contain_text("Can you move closer?")
