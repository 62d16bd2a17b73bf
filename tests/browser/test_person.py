"""One interview on one page: a quote is played, and two people rate on the evidence."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from server.engines.chat import ChatWriter
from server.store.scope import LOCAL
from server.web.principal import COOKIE
from tests.browser.conftest import Chromium
from tests.engines.openai_server import OpenAIServer
from tests.interviewed import QUESTION_MS, WORD_MS, Held, held, recorded
from tests.live import Viva, running, until
from tests.web.house import Company, company
from tests.workers.test_report import CHAT, Model, shows
from workers.report import write_report
from workers.tools import Tools

LISTEN = """
window.heard = [];
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () {
  const from = this.currentTime;
  this.addEventListener("pause", () => window.heard.push([from, this.currentTime]), { once: true });
  return play.call(this);
};
"""
"""From where to where in its file each sound was played."""


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, worker=False, recording="consent") as system:
        yield system


@pytest.fixture
async def house(pool: asyncpg.Pool) -> Company:
    return await company(pool, "Acme", LOCAL)


@pytest.fixture
async def made(pool: asyncpg.Pool, house: Company) -> Held:
    """With its sound, and read by a model."""
    found = await held(pool)
    await recorded(pool, found)
    async with OpenAIServer() as server:
        server.handlers[CHAT] = Model(shows)
        writer = ChatWriter(server.url, "m")
        tools = Tools(pool, None, None, 5, evidence=writer)
        await write_report({"tools": tools}, str(found.interview_id))
        await writer.close()
    return found


async def opened(viva: Viva, context: BrowserContext, house: Company, made: Held, who: str) -> Page:
    token = house.headers[who]["cookie"].partition("=")[2]
    await context.clear_cookies()
    await context.add_cookies([{"name": COOKIE, "value": token, "url": viva.base}])
    page = await context.new_page()
    await page.add_init_script(LISTEN)
    await page.goto(f"{viva.base}/interviewer/interviews/{made.interview_id}")
    await expect(page.get_by_test_id("criterion-1")).to_be_visible()
    return page


async def rate(page: Page) -> None:
    await page.get_by_test_id("level-0-yes").check()
    await page.get_by_test_id("level-1-no").check()
    await expect(page.get_by_test_id("missing")).to_contain_text("Keeps data correct")
    await page.get_by_test_id("quote-3").click()
    await expect(page.get_by_test_id("missing")).to_contain_text("All is rated")
    await page.get_by_test_id("submit").click()
    await expect(page.get_by_test_id("revise")).to_be_visible()


async def test_a_quote_is_played_and_two_cards_are_submitted(
    viva: Viva, house: Company, made: Held, chromium: Chromium
) -> None:
    async with chromium(locale="en", viewport={"width": 1366, "height": 768}) as context:
        page = await opened(viva, context, house, made, "interviewer")
        suggestion = page.get_by_test_id("suggestion").first
        await expect(suggestion).to_contain_text("hidden until you have rated")
        await rate(page)
        await expect(suggestion).to_contain_text("Suggested: Yes.")
        start, end = await until(lambda: page.evaluate("window.heard[0]"))
        # The second sentence of the second answer begins after seven words of four tenths each.
        assert start == pytest.approx(7 * WORD_MS / 1_000, abs=0.3)
        assert end == pytest.approx(15 * WORD_MS / 1_000, abs=0.3)
        await expect(page.get_by_test_id("others")).to_have_count(0)
        first = made.spoken[1][0]
        assert first == QUESTION_MS
        await page.get_by_test_id("timeline").press("Home")
        await page.get_by_test_id("timeline").press("PageUp")
        await expect(page.get_by_test_id("time")).to_contain_text("0:30 / ")
        await page.get_by_test_id("note").fill("own idea?")
        await page.get_by_test_id("note-add").click()
        await expect(page.get_by_test_id("note-row")).to_contain_text("own idea?")
        other = await opened(viva, context, house, made, "recruiter")
        await expect(other.get_by_test_id("others")).to_contain_text("after you have submitted")
        await rate(other)
        await expect(other.get_by_test_id("others")).to_contain_text("Decides and gives reasons")
        await other.get_by_test_id("outcome-advance").check()
        await other.get_by_test_id("decision-reason").fill("Keeps data correct, with a result.")
        await other.get_by_test_id("decide").click()
        await expect(other.get_by_test_id("standing")).to_contain_text("decided: Goes on")
