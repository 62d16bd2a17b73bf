"""What a candidate chooses: the language of the interview before it begins, that of the page and
another microphone while it is held; and a phone at 200 %."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Chromium, write_wav
from tests.browser.first_screen import SIZES, ZOOMED, outside_the_first_screen
from tests.browser.test_interview import PATIENT_MS, complaints_of, upload
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence, spoken

HANGUL = re.compile("[가-힣]{2}")
SENTENCE = "I moved the nightly reports to a streaming pipeline."


async def test_the_languages_and_the_microphone_are_the_candidates(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    wav = write_wav(tmp_path / "talk.wav", (await spoken(SENTENCE) + silence(1.0)) * 60)
    phone = {"width": 360, "height": 640}
    async with chromium(wav=wav, locale="en-US", viewport=phone) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await upload(page, viva, ENGLISH_RESUME)
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
        await page.get_by_test_id("spoken-ko").check(timeout=PATIENT_MS)
        await expect(page.get_by_test_id("ready-role")).to_contain_text("Korean")
        await page.get_by_test_id("microphone-open").click()
        await page.get_by_test_id("start").click(timeout=PATIENT_MS)
        question, floor = page.get_by_test_id("question"), page.get_by_test_id("floor")
        await expect(question).to_have_text(HANGUL, timeout=PATIENT_MS)
        await expect(question).to_have_attribute("lang", "ko")

        helps, told = page.get_by_test_id("helps-open"), page.get_by_test_id("floor-state")
        await helps.click()
        await page.get_by_test_id("stage-language-ko").press("Enter")
        await expect(told).to_have_text(HANGUL)
        await expect(helps).to_have_text("다시 듣기, 멈춤…")
        await page.get_by_test_id("stage-language-en").press("Enter")
        await expect(told).not_to_have_text(HANGUL)

        device = page.get_by_test_id("stage-device")
        names = await device.locator("option").all_inner_texts()
        assert len(names) > 1
        await device.select_option(label=names[-1])
        state = page.get_by_test_id("stage-device-state")
        await expect(state).to_have_text("This microphone is used now.", timeout=PATIENT_MS)
        await expect(device.locator("option:checked")).to_have_text(names[-1])
        await page.keyboard.press("Escape")
        await expect(helps).to_be_focused()

        await expect(floor).to_have_attribute("data-floor", "listening", timeout=PATIENT_MS)
        await expect(page.get_by_test_id("caption")).not_to_be_empty(timeout=PATIENT_MS)
        assert await outside_the_first_screen(page, (*SIZES, *ZOOMED)) == []
        await page.set_viewport_size({"width": 180, "height": 320})
        await expect(page.get_by_test_id("caption")).to_be_in_viewport()
        assert complaints == []
