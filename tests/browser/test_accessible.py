"""axe-core over what people see: every state of the candidate's way, and the pages of whoever
invites, at every size, in both languages, light and dark. ``make test-pages`` installs it and
runs this."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import asyncpg
import pytest
from playwright.async_api import Page, expect

from server.store import links
from server.store.scope import LOCAL, within
from tests.browser.conftest import Chromium, write_wav
from tests.browser.first_screen import LANGUAGES, SIZES
from tests.browser.test_interview import PATIENT_MS, upload
from tests.interviewed import held
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence

AXE = Path(os.environ.get("VIVA_PAGES", "/nonexistent"), "node_modules/axe-core/axe.min.js")
SCHEMES: Final[Sequence[Literal["light", "dark"]]] = ("light", "dark")
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`))"""
PAGES = ("", "/openings", "/members", "/templates", "/wording")

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="no axe-core: make test-pages")


async def found(page: Page, state: str) -> list[str]:
    """What axe finds in this state, which it leaves in English."""
    before, findings = page.viewport_size, list[str]()
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(await asyncio.to_thread(AXE.read_text, "utf-8"))
    for tag in LANGUAGES:
        await page.get_by_test_id(f"language-{tag}").evaluate("(button) => button.click()")
        await expect(page.locator("html")).to_have_attribute("lang", tag)
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width, height in SIZES:
                await page.set_viewport_size({"width": width, "height": height})
                seen = await page.evaluate(RUN)
                findings += [f"{state} {tag} {scheme} {width}x{height} {one}" for one in seen]
    assert before is not None
    await page.set_viewport_size(before)
    return findings


async def test_the_candidates_way_has_no_finding(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    wav = write_wav(tmp_path / "quiet.wav", silence(2.0))
    async with chromium(wav=wav, locale="en-US") as context:
        page = await context.new_page()
        await page.goto(viva.base)
        findings = await found(page, "résumé")
        await upload(page, viva, ENGLISH_RESUME)
        await expect(page.get_by_test_id("understood-continue")).to_be_visible(timeout=PATIENT_MS)
        findings += await found(page, "understood")
        await page.get_by_test_id("understood-continue").click()
        await expect(page.get_by_test_id("rehearse")).to_be_visible(timeout=PATIENT_MS)
        findings += await found(page, "ready")
        await page.get_by_test_id("rehearse").click()
        await expect(page.get_by_test_id("act")).to_be_visible()
        findings += await found(page, "rehearsal")
        await page.get_by_test_id("act").click()
        await expect(page.get_by_test_id("microphone-device")).to_be_visible(timeout=PATIENT_MS)
        findings += await found(page, "rehearsal, microphone")
        await page.get_by_test_id("leave").click()
        await page.get_by_test_id("microphone-open").click(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click(timeout=PATIENT_MS)
        floor = page.get_by_test_id("floor")
        for state in ("speaking", "listening"):
            await expect(floor).to_have_attribute("data-floor", state, timeout=PATIENT_MS)
            findings += await found(page, state)
        if await page.get_by_test_id("helps-open").is_visible():  # where there is no room for them
            await page.get_by_test_id("helps-open").click()
        findings += await found(page, "helps")
        await page.get_by_test_id("control-pause").click()
        await expect(floor).to_have_attribute("data-floor", "paused", timeout=PATIENT_MS)
        await page.keyboard.press("Escape")
        findings += await found(page, "paused")
        await page.get_by_test_id("go-on").click()
        await expect(floor).to_have_attribute("data-floor", "listening", timeout=PATIENT_MS)
        await page.get_by_test_id("type").click()
        findings += await found(page, "typing")
        await page.get_by_test_id("end").click()
        findings += await found(page, "really end")
        await page.get_by_test_id("confirm-end").click()
        await expect(page.get_by_test_id("ended-title")).to_be_visible(timeout=PATIENT_MS)
        findings += await found(page, "over")
        assert not findings, "\n".join(findings)


async def test_the_pages_of_who_invites_have_no_finding(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool
) -> None:
    over, running_one = await held(pool), await held(pool, over=False)
    with within(LOCAL):
        token = await links.add(pool, "sign_in", None)
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        await page.goto(f"{viva.base}/sign-in#link={token}")
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "Sign in at this computer", timeout=PATIENT_MS
        )
        findings = await found(page, "sign in")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("list").get_by_role("link").first).to_be_visible()
        places = [f"/interviewer{one}" for one in PAGES]
        places.append(f"/interviewer/interviews/{over.interview_id}")
        places.append(f"/interviewer?interview={running_one.interview_id}")
        for place in places:
            await page.goto(f"{viva.base}{place}")
            await page.wait_for_load_state("networkidle")
            findings += await found(page, place)
        assert not findings, "\n".join(findings)
