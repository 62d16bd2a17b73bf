"""From one interview's page to all that rests on it: a quote is played, two people rate on the
evidence and one decides, candidates stand side by side, a sentence is found again, what leaves the
house shows what was changed, and the candidate reads it and disputes a line."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import asyncpg
import pdfplumber
import pytest
from playwright.async_api import BrowserContext, Page, expect

from server.engines.chat import ChatWriter
from server.store import invitations
from server.store.invitations import Person
from server.store.scope import LOCAL
from server.verify import CHANGED, INTACT, UNVOUCHED, verify
from server.web.principal import COOKIE
from tests.browser.conftest import Chromium
from tests.browser.test_accounts import fits
from tests.browser.test_interview import complaints_of
from tests.engines.openai_server import OpenAIServer
from tests.interviewed import QUESTION_MS, TALK, WORD_MS, Held, held, recorded
from tests.live import Viva, until
from tests.web.house import DAY, Company, company
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


pytestmark = pytest.mark.viva(worker=False, recording="consent")


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


@pytest.fixture
async def opening(pool: asyncpg.Pool, house: Company, made: Held) -> UUID:
    """Of two candidates: the one who was invited by a link, and one who was asked less."""
    other = await held(pool, [TALK[0], *TALK[3:]], name="Lee Min")
    await write_report({"tools": Tools(pool, None, None, 5)}, str(other.interview_id))
    at, first = UUID(house.ids["opening_id"]), UUID(house.ids["invitation_id"])
    ends = datetime.now(UTC) + DAY
    (second,) = await invitations.add(pool, at, [Person("Lee Min", "min@acme.example")], ends)
    for one, invitation_id in ((made, first), (other, second.id)):
        await pool.execute(
            "UPDATE interviews SET opening_id = $1 WHERE id = $2", at, one.interview_id
        )
        await pool.execute(
            "UPDATE invitations SET interview_id = $1, resume_id = $2 WHERE id = $3",
            one.interview_id, one.resume_id, invitation_id,
        )  # fmt: skip
    return at


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


async def test_from_the_quotes_to_what_the_candidate_reads(
    viva: Viva,
    pool: asyncpg.Pool,
    house: Company,
    made: Held,
    opening: UUID,
    chromium: Chromium,
    tmp_path: Path,
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
        complaints = complaints_of(other)
        await compares(other, viva, opening, tmp_path)
        await finds(other, viva, made)
        await takes_out(other, tmp_path)
        await shares(other, pool)
        await prints(other)
        await other.get_by_test_id("release-do").click()
        await expect(other.get_by_test_id("released")).to_be_visible()
        link = house.headers["guest"]["authorization"].removeprefix("Bearer ")
        await disputes(context, f"{viva.base}/invitation#link={link}")
        await other.reload()
        quotes = other.get_by_test_id("criterion-0")
        await expect(quotes).to_contain_text("The candidate says: “The ledger was right.”")
        assert complaints == []


async def compares(page: Page, viva: Viva, opening: UUID, folder: Path) -> None:
    """All candidates of the opening as a table, and two side by side, from its own page."""
    await page.goto(f"{viva.base}/interviewer/openings?opening={opening}")
    table = (await downloaded(page, "opening-results", folder)).read_text("utf-8-sig")
    assert "Lee Min" in table
    assert "Keeps data correct" in table.splitlines()[0]
    await page.get_by_test_id("compare").click()
    choices = page.get_by_test_id("compare-choice")
    await choices.nth(0).check()
    await choices.nth(1).check()
    heads = page.get_by_test_id("heads")
    await expect(heads.get_by_role("heading")).to_have_text(["Yuna Seo", "Lee Min"])
    await expect(heads).to_contain_text("Keeps data correctYes")
    row = page.get_by_test_id("row").filter(has_text=TALK[1].question)
    await expect(row.get_by_test_id("cell").nth(0)).to_contain_text("1 follow-up")
    await expect(row.get_by_test_id("cell").nth(1)).to_contain_text("Not in this plan")
    hear = row.get_by_test_id("hear").first
    await hear.click()
    start, _ = await until(lambda: page.evaluate("window.heard[0]"))
    assert start == pytest.approx(0, abs=0.3), "the answer from its beginning"
    assert await fits(page)


async def finds(page: Page, viva: Viva, made: Held) -> None:
    """What was said, from the board, and is led to it."""
    await page.goto(f"{viva.base}/interviewer")
    await page.get_by_test_id("said-words").fill("moving the checks")
    await page.get_by_test_id("said-words").press("Enter")
    await expect(page.get_by_test_id("said-count")).to_have_text("1 sentence")
    await page.get_by_test_id("said-hit").click()
    await expect(page.locator(".sentence.shown")).to_contain_text("moved the check into the queue")
    await expect(page.locator(".sentence.shown")).to_be_focused()
    assert str(made.interview_id) in page.url


async def takes_out(page: Page, folder: Path) -> None:
    """As data, and as an archive that shows whether a byte of it was changed."""
    await page.get_by_test_id("export").locator("summary").click()
    data = await downloaded(page, "export-json", folder)
    archive = await downloaded(page, "export-archive", folder)
    assert "Keeps data correct, with a result." in json.dumps(json.loads(data.read_bytes()))
    told = re.search(r"[\w-]{43}", await page.locator("#export-key").inner_text())
    assert told is not None
    assert verify(archive, told[0]) == INTACT
    assert verify(archive, None) == UNVOUCHED
    held = bytearray(archive.read_bytes())
    held[len(held) // 2] ^= 1
    archive.write_bytes(held)
    assert verify(archive, None) == CHANGED
    assert verify(archive, told[0]) == CHANGED


async def shares(page: Page, pool: asyncpg.Pool) -> None:
    """With a colleague who has no account: they read it until it ends, and each time is written
    down."""
    await page.get_by_test_id("share-name").fill("Kim")
    await page.get_by_test_id("share-judgement").check()
    await page.get_by_test_id("share-add").click()
    row = page.get_by_test_id("share-row")
    await expect(row).to_contain_text("Kim")
    await expect(row).to_contain_text("with scorecards · not opened yet")
    link = await page.get_by_test_id("share-link").inner_text()
    browser = page.context.browser
    assert browser is not None
    elsewhere = await browser.new_context(locale="ko", viewport={"width": 360, "height": 740})
    colleague = await elsewhere.new_page()
    complaints = complaints_of(colleague)
    await colleague.goto(link)
    await expect(colleague.get_by_test_id("name")).to_have_text("Yuna Seo")
    sheet = colleague.get_by_test_id("sheet")
    await expect(sheet).to_contain_text("moved the check into the queue")
    await expect(sheet).to_contain_text("Keeps data correct, with a result.")
    await expect(colleague.locator("main :is(button, input, textarea)")).to_have_count(0)
    assert "#" not in colleague.url, "the way in is left in no history"
    assert await fits(colleague)
    assert complaints == []
    seen = "SELECT count(*) FROM audit WHERE action = 'share.opened'"
    assert await pool.fetchval(seen) == 1
    await pool.execute("UPDATE shares SET expires_at = now()")
    await colleague.reload()
    await expect(colleague.get_by_test_id("problem")).to_be_visible()
    await expect(sheet).to_be_empty()
    await elsewhere.close()
    await page.reload()
    await page.get_by_test_id("export").locator("summary").click()
    await expect(row).to_contain_text("over since")
    await expect(row).to_contain_text("opened once")


async def prints(page: Page) -> None:
    """On paper: its own page, nothing of which is left out by the printer."""
    await page.get_by_test_id("export-print").click()
    await expect(page).to_have_url(re.compile(r"/print$"))
    sheet = page.get_by_test_id("sheet")
    await expect(sheet).to_contain_text("moved the check into the queue")
    await expect(sheet).to_contain_text("Decides and gives reasons")
    await page.evaluate("window.print = () => { window.printed = true; }")
    await page.get_by_test_id("print").click()
    assert await page.evaluate("window.printed")
    await page.emulate_media(media="print")
    await expect(page.get_by_test_id("print")).to_be_hidden()
    await expect(sheet).to_be_visible()
    with pdfplumber.open(BytesIO(await page.pdf(format="A4"))) as paper:
        printed = " ".join(one.extract_text() for one in paper.pages)
    assert "Yuna Seo" in printed
    assert "Decides and gives reasons" in " ".join(printed.split())
    await page.emulate_media(media="screen")
    await page.locator("#back").click()
    await expect(page.get_by_test_id("criterion-1")).to_be_visible()


async def downloaded(page: Page, button: str, folder: Path) -> Path:
    """What the page saves by its own button."""
    async with page.expect_download() as saving:
        await page.get_by_test_id(button).click()
    saved = await saving.value
    path = folder / saved.suggested_filename
    await saved.save_as(path)
    return path


async def disputes(context: BrowserContext, link: str) -> None:
    """The candidate, on a phone: how it stands, why, what was said, and what was said instead."""
    page = await context.new_page()
    complaints = complaints_of(page)
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(link)
    outcome = page.get_by_test_id("outcome")
    await expect(page.get_by_test_id("outcome-steps").locator("[aria-current]")).to_have_text(
        "Decided"
    )
    await expect(page.get_by_test_id("outcome-made")).to_have_text("You go on to the next step.")
    await expect(outcome).to_contain_text("Keeps data correct, with a result.")
    await expect(outcome).to_contain_text("2 people rated your answers.")
    line = outcome.locator(".outcome-line").filter(has_text="The report was right")
    await line.get_by_role("button").click()
    await page.get_by_test_id("dispute-said").fill("The ledger was right.")
    await page.get_by_test_id("dispute-send").click()
    await expect(page.get_by_test_id("outcome-said")).to_have_text(
        "You say: “The ledger was right.”"
    )
    await expect(page.get_by_test_id("over-text")).to_be_hidden()
    assert await fits(page)
    assert complaints == []
    await page.close()
