"""The rehearsal in a real browser: heard, spoken to and understood by the real engines, and the way
on; and what is told where something cannot work."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
from playwright.async_api import Page, expect

from tests.browser.conftest import Chromium, write_wav
from tests.browser.first_screen import LANGUAGES, SIZES
from tests.browser.test_interview import PATIENT_MS, complaints_of, upload
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence, spoken

SENTENCE = "I moved the nightly reports to a streaming pipeline."
OUTSIDE = """(tag) => {
  const found = [];
  const at = (id) => document.getElementById(id).getBoundingClientRect();
  for (const id of ["place", "act", "other", "body"]) {
    const { top, left, right, bottom, height } = at(id);
    const off = top < 0 || left < 0 || bottom > innerHeight + 0.5 || right > innerWidth + 0.5;
    if (height && off) found.push(`${tag}: #${id}`);
  }
  const title = [...document.querySelectorAll("h1")].find((one) => one.offsetParent);
  const box = title.getBoundingClientRect();
  if (box.bottom > at("body").bottom + 1 || box.top < 0) found.push(`${tag}: the title`);
  if (at("body").height < 120) found.push(`${tag}: no room`);
  if (document.documentElement.scrollWidth > innerWidth) found.push(`${tag}: too wide`);
  return found;
}"""

ASLEEP = """() => {
  const Real = AudioContext;
  window.AudioContext = class extends Real {
    constructor(options) { super(options); this.suspend(); }
    resume() { window.asked = true; return new Promise(() => {}); }
  };
  window.wake = () => { window.AudioContext = Real; };
}"""
"""As Firefox does it where there is no loudspeaker: it never begins, and never says so."""


async def told_that_nothing_comes(page: Page) -> None:
    """By the page's own clock, with the way out; then it can."""
    await page.clock.install()
    await page.evaluate(ASLEEP)
    await page.get_by_test_id("act").press("Enter")
    while not await page.evaluate(
        "window.asked === true"
    ):  # the page's policy forbids to wait there
        await page.wait_for_timeout(20)
    await page.clock.fast_forward(10_000)
    told = page.get_by_test_id("microphone-state")
    await expect(told).to_contain_text("your browser brings no sound", timeout=PATIENT_MS)
    await expect(page.get_by_test_id("other")).to_have_text("Go on in writing")
    await page.evaluate("wake()")


async def outside(page: Page, step: str) -> list[str]:
    before, found = page.viewport_size, list[str]()
    for tag in LANGUAGES:
        await page.get_by_test_id(f"language-{tag}").evaluate("(button) => button.click()")
        await expect(page.locator("html")).to_have_attribute("lang", tag)
        for width, height in SIZES:
            await page.set_viewport_size({"width": width, "height": height})
            seen = await page.evaluate(OUTSIDE, tag)
            found += [f"{step} {width}x{height} {one}" for one in seen]
    assert before is not None
    await page.set_viewport_size(before)
    return found


async def practised(page: Page) -> list[str]:
    """From the voice that was heard to what was found; what lay outside the first screen."""
    act, other = page.get_by_test_id("act"), page.get_by_test_id("other")
    await act.press("Enter")
    await expect(page.get_by_test_id("practice-question")).to_contain_text("this morning")
    await act.press("Enter")
    floor = page.get_by_test_id("practice-floor")
    await expect(floor).to_have_attribute("data-floor", "listening", timeout=PATIENT_MS)
    heard = re.compile("nightly|reports|streaming|pipeline")
    await expect(page.get_by_test_id("practice-words")).to_have_text(heard, timeout=PATIENT_MS)
    await other.press("Enter")
    found = await outside(page, "practice")
    await act.press("Enter")
    await expect(other).to_have_text("Once more", timeout=PATIENT_MS)
    await act.press("Enter")
    return found


async def test_everything_is_tried_and_nothing_is_kept(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    sentence = await spoken(SENTENCE) + silence(1.0)
    wav = write_wav(tmp_path / "talk.wav", sentence * 60)
    phone = {"width": 360, "height": 640}
    inside = "Mozilla/5.0 (Linux; Android 14; wv) Chrome/126.0 Mobile Safari/537.36 KAKAOTALK/10"
    async with chromium(wav=wav, locale="en-US", viewport=phone, user_agent=inside) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await upload(page, viva, ENGLISH_RESUME)
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
        await page.get_by_test_id("rehearse").click()
        act, other = page.get_by_test_id("act"), page.get_by_test_id("other")
        title = page.locator("h1:visible")
        await expect(title).to_be_focused()
        await expect(page.get_by_test_id("inapp")).to_contain_text("KakaoTalk")
        await page.get_by_test_id("inapp").evaluate("(notice) => { notice.hidden = true; }")
        await told_that_nothing_comes(page)
        await act.press("Enter")
        device = page.get_by_test_id("microphone-device")
        await expect(device).to_be_visible(timeout=PATIENT_MS)
        names = await device.locator("option").all_inner_texts()
        assert len(names) > 1
        await device.select_option(label=names[-1])
        await expect(page.get_by_test_id("microphone-state")).to_contain_text("Say anything")
        await act.press("Enter")
        await expect(other).to_have_text("Record once more", timeout=PATIENT_MS)
        await expect(act).to_be_focused()
        found = await outside(page, "microphone")

        await act.press("Enter")
        await expect(title).to_be_focused()
        await expect(page.get_by_test_id("line")).to_contain_text(" ms ", timeout=PATIENT_MS)
        await act.press("Enter")
        await expect(other).to_have_text("Play it again", timeout=PATIENT_MS)
        await page.get_by_test_id("echo").evaluate("(notice) => { notice.hidden = false; }")
        found += await outside(page, "voice")

        found += await practised(page)
        await expect(page.get_by_test_id("found").locator("li").last).to_contain_text("understood")
        found += await outside(page, "result")
        assert found == []
        await act.press("Enter")
        await expect(page.get_by_test_id("microphone-open")).to_be_visible()
        await page.get_by_test_id("microphone-open").click()
        await expect(device.locator("option:checked")).to_have_text(names[-1], timeout=PATIENT_MS)
        for table in ("facts", "recorded_chunks", "leases", "answers"):
            assert await pool.fetchval(f"SELECT count(*) FROM {table}") == 0
        assert complaints == []
