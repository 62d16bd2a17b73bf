"""Taking over by voice in a real browser: the candidate hears it, and it is written down."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import expect

from server.store.scope import LOCAL
from server.web.principal import COOKIE
from tests.browser.conftest import Chromium, write_wav
from tests.browser.test_board import come
from tests.browser.test_interview import complaints_of
from tests.live import Viva
from tests.server.store.test_board import created
from tests.speech import silence, spoken
from tests.web.house import company

PATIENT_MS = 40_000
HEARD = """
window.loud = {};
window.line.binaryType = "arraybuffer";
window.line.addEventListener("message", ({ data }) => {
    if (typeof data === "string") return;
    const turn = new DataView(data).getUint32(0, true);
    const loud = new Int16Array(data.slice(8)).filter((one) => Math.abs(one) > 1000).length;
    window.loud[turn] = (window.loud[turn] ?? 0) + loud;
});
"""
"""How many loud samples of each turn's voice came."""
ANNOUNCED = "window.told.find((one) => one.type === 'viva.question' && one.reason === 'taken_over')"


pytestmark = pytest.mark.viva(worker=False)


async def test_a_person_speaks_with_the_candidate_and_hands_back(
    viva: Viva, pool: asyncpg.Pool, chromium: Chromium, tmp_path: Path
) -> None:
    house = await company(pool, "Acme", LOCAL)
    live = await created(pool, "Yuna")
    said = silence(3.0) + await spoken("Please tell me about your biggest project.")
    wav = write_wav(tmp_path / "said.wav", said * 5)
    async with chromium(wav=wav, locale="en-US") as context:
        token = house.headers["interviewer"]["cookie"].partition("=")[2]
        await context.add_cookies([{"name": COOKIE, "value": token, "url": viva.base}])
        candidate, page = await context.new_page(), await context.new_page()
        complaints = complaints_of(page)
        await come(candidate, viva, live.token)
        await candidate.evaluate(HEARD)
        await page.goto(f"{viva.base}/interviewer?interview={live.interview_id}")
        lead, state = page.get_by_test_id("lead"), page.get_by_test_id("lead-state")
        await expect(page.get_by_test_id("watched-floor")).to_contain_text(
            "Candidate’s turn", timeout=PATIENT_MS
        )
        await lead.click()
        await expect(state).to_contain_text("You lead", timeout=PATIENT_MS)
        turn = await candidate.evaluate(f"{ANNOUNCED}.turn")
        told = await candidate.evaluate(f"window.loud[{turn}]")
        await expect(page.get_by_test_id(f"question-{turn}")).to_contain_text(
            "biggest project", timeout=PATIENT_MS
        )
        heard = await candidate.evaluate(f"window.loud[{turn}]")
        assert heard > told + 8_000, "the candidate hears whoever leads"
        await lead.click()
        again = page.get_by_test_id(f"question-{turn + 1}")
        await expect(again).to_contain_text("introduce yourself", timeout=PATIENT_MS)
        await expect(lead).to_have_text("Take over by voice")
        assert complaints == []
