"""The browser says the questions. The engine is put in by the test, as a Chromium without a desktop
has no voices; what the page makes of one is its own code, and the server is the real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import Page, expect

from server.core.events import QuestionHeard
from server.store import facts as store
from server.store import links, organisations
from server.store.scope import LOCAL, within
from tests.browser.conftest import Chromium, write_wav
from tests.browser.test_interview import PATIENT_MS, complaints_of, upload
from tests.live import Viva, until
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence

ENGINE = (Path(__file__).parent / "voices.js").read_text("utf-8")
SAID = """window.said.map(({ text, rate, volume, voice, cut }) => ({
  text, rate, volume, voice: voice.name, cut,
}))"""


async def to_the_check(page: Page, viva: Viva) -> None:
    await upload(page, viva, ENGLISH_RESUME)
    async with page.expect_response("**/outline", timeout=PATIENT_MS):
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)


async def floor(page: Page, state: str) -> None:
    has = expect(page.get_by_test_id("floor"))
    await has.to_have_attribute("data-floor", state, timeout=PATIENT_MS)


async def told(pool: asyncpg.Pool, kind: type[Any]) -> list[Any]:
    interview_id: UUID = await pool.fetchval("SELECT id FROM interviews")
    facts = store.told(await store.everything(pool, interview_id))
    return [fact for fact in facts if isinstance(fact, kind)]


async def test_it_says_them_stops_when_it_is_told_to_and_the_server_knows_how_far_it_came(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool
) -> None:
    async with chromium(locale="en-US", viewport={"width": 390, "height": 844}) as context:
        page = await context.new_page()
        await page.add_init_script(ENGINE)
        complaints = complaints_of(page)
        await to_the_check(page, viva)
        await expect(page.get_by_test_id("voice-cloud")).to_be_hidden()
        await page.get_by_test_id("start-typed").click()
        await floor(page, "speaking")
        await until(lambda: page.evaluate("window.said.length > 1 || null"))
        await page.get_by_test_id("helps-open").click()
        await page.get_by_test_id("control-repeat").click()
        await expect(page.get_by_test_id("question-2")).to_be_attached()
        question = await page.get_by_test_id("question").inner_text()
        await floor(page, "listening")
        said: list[dict[str, Any]] = await page.evaluate(SAID)
        assert {one["voice"] for one in said} == {"Near"}
        cut = [at for at, one in enumerate(said) if one["cut"]]
        assert len(cut) == 1, "the first question was stopped"
        again = said[cut[0] + 1 :]
        assert "".join(one["text"] for one in again) == question
        stopped, whole = await told(pool, QuestionHeard)
        assert not stopped.complete
        assert 500 < stopped.played_ms < 15_000
        assert whole.complete
        assert whole.played_ms == pytest.approx(len(question) * 40, rel=0.25)

        listener = await context.new_page()
        with within(LOCAL):
            token = await links.add(pool, "sign_in", None)
        await listener.goto(f"{viva.base}/sign-in#link={token}")
        await expect(listener.get_by_role("heading", level=1)).to_contain_text("Sign in")
        await listener.keyboard.press("Enter")
        await listener.get_by_test_id("list").get_by_role("link").first.click(timeout=PATIENT_MS)
        await listener.get_by_test_id("step-listen").click()
        silent = listener.get_by_test_id("step-silent")
        await expect(silent).to_be_hidden()
        await page.bring_to_front()
        await page.get_by_test_id("helps-open").click()
        await page.get_by_test_id("control-repeat").click()
        await expect(silent).to_be_visible(timeout=PATIENT_MS)
        await floor(page, "listening")

        await page.get_by_test_id("helps-open").click()
        await page.get_by_test_id("read-instead").check()
        await page.get_by_test_id("control-repeat").click()
        await floor(page, "speaking")
        await floor(page, "listening")
        assert (await page.evaluate(SAID))[-1]["volume"] == 0, "read instead of spoken"
        assert complaints == []


async def test_one_that_fails_is_replaced_by_the_servers(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool
) -> None:
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        await page.add_init_script(f"window.voiceFails = true;{ENGINE}")
        complaints = complaints_of(page)
        await to_the_check(page, viva)
        await page.get_by_test_id("start-typed").click()
        await floor(page, "listening")
        heard = (await told(pool, QuestionHeard))[-1]
        assert heard.complete
        assert heard.played_ms > 3_000
        assert len(await page.evaluate(SAID)) == 1
        assert complaints == []


async def test_one_of_a_server_is_taken_where_that_is_allowed_and_told(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool
) -> None:
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        await page.add_init_script(f"window.afar = true;{ENGINE}")
        await to_the_check(page, viva)
        await page.get_by_test_id("start-typed").click()
        await floor(page, "listening")
        assert await page.evaluate(SAID) == [], "nobody allowed it"
        with within(LOCAL):
            await organisations.change(pool, LOCAL, {"cloud_voice": True})
        other = await context.new_page()
        await other.add_init_script(f"window.afar = true;{ENGINE}")
        await to_the_check(other, viva)
        await expect(other.get_by_test_id("voice-cloud")).to_contain_text("online voice")
        await other.get_by_test_id("start-typed").click()
        await floor(other, "speaking")
        await until(lambda: other.evaluate("window.said.length > 0 || null"))
        assert {one["voice"] for one in await other.evaluate(SAID)} == {"Afar"}


async def test_it_is_chosen_heard_and_slowed_in_the_rehearsal(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    wav = write_wav(tmp_path / "still.wav", silence(60.0))
    async with chromium(wav=wav, locale="en-US") as context:
        page = await context.new_page()
        await page.add_init_script(ENGINE)
        complaints = complaints_of(page)
        await to_the_check(page, viva)
        await page.get_by_test_id("rehearse").click()
        act, other = page.get_by_test_id("act"), page.get_by_test_id("other")
        await act.click()
        await expect(act).to_have_text("Record 4 s and listen", timeout=PATIENT_MS)
        await act.click()
        await expect(other).to_have_text("Go on all the same", timeout=PATIENT_MS)
        await other.click()
        choice = page.get_by_test_id("voice-choice")
        await expect(choice).to_be_visible(timeout=PATIENT_MS)
        await expect(choice.locator("option")).to_have_text(["Near", "viva’s own (robotic)"])
        await act.click()
        await expect(other).to_have_text("Play it again", timeout=PATIENT_MS)
        said = await page.evaluate(SAID)
        assert "".join(one["text"] for one in said).startswith("Just to practise")
        assert {one["rate"] for one in said} == {1}
        await choice.select_option("server")
        await expect(page.get_by_test_id("voice-state")).to_contain_text("Playing")
        await expect(other).to_have_text("Play it again", timeout=PATIENT_MS)
        assert await page.evaluate(SAID) == said, "the server said it"
        await page.get_by_test_id("leave").click()
        await page.get_by_test_id("start-typed").click()
        await floor(page, "listening")
        assert await page.evaluate(SAID) == [], "as it was chosen"
        assert complaints == []
