"""The own wording of an organisation on its page: found, refused, saved, reset, uploaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from server.language import overlay
from server.language.pack import shipped
from tests.browser.conftest import Chromium
from tests.browser.test_accounts import fits
from tests.browser.test_interview import complaints_of
from tests.live import Viva

KEY = "k-3_f"
AUTHORISED = {"authorization": f"Bearer {KEY}"}
PLACE = "speech: bridge.next[0]"
PACKS = {one: overlay.texts(pack)[PLACE] for one, pack in shipped().by_language.items()}


pytestmark = pytest.mark.viva(worker=False, interviewer_key=KEY)


async def own(viva: Viva, language: str) -> dict[str, str]:
    shown = (await viva.http.get(f"/v1/wordings/{language}", headers=AUTHORISED)).json()
    return {one["place"]: one["own"] for one in shown["texts"] if one["own"] is not None}


async def test_a_text_is_put_in_own_words_by_keyboard_and_back(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    async with chromium(locale="ko-KR", viewport={"width": 390, "height": 844}) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        page.on("dialog", lambda dialog: dialog.accept())
        await page.goto(f"{viva.base}/interviewer#key={KEY}")
        await page.get_by_test_id("wording-link").click()
        row = page.locator(f'[data-place="{PLACE}"]')
        await row.get_by_test_id("wording-edit").focus()
        await page.keyboard.press("Enter")
        text = row.get_by_test_id("wording-text")
        await expect(text).to_be_focused()
        await text.fill("“다음” 질문이에요.")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(row.get_by_test_id("wording-fault")).to_contain_text("따옴표")
        await expect(text).to_be_focused()
        await text.fill("다음 질문이에요.")
        await row.get_by_test_id("wording-save").click()
        await expect(page.get_by_test_id("wording-done")).to_contain_text("저장했습니다")
        assert await own(viva, "ko") == {PLACE: "다음 질문이에요."}
        await expect(row).to_contain_text(PACKS["ko"])
        assert await fits(page)
        await page.get_by_test_id("wording-search").fill("다음 질문이에요")
        await expect(page.get_by_test_id("wording-texts").get_by_role("listitem")).to_have_count(1)
        await row.get_by_test_id("wording-reset").click()
        await expect(row).not_to_have_class("own")
        assert await own(viva, "ko") == {}
        await page.get_by_test_id("language-en").click()
        await page.get_by_test_id("wording-language").select_option("en")
        await expect(page.get_by_test_id("wording-count")).to_contain_text("0 in your own words")
        file = tmp_path / "own.toml"
        file.write_text('[speech]\n"bridge.next[0]" = "And on we go."\n', "utf-8")
        await page.get_by_test_id("wording-upload").set_input_files(file)
        await expect(page.get_by_test_id("wording-done")).to_contain_text("1 text in your own")
        assert await own(viva, "en") == {PLACE: "And on we go."}
        file.write_text('[speech]\n"bridge.next[0]" = "And? On?\\nwe go."\n', "utf-8")
        await page.get_by_test_id("wording-upload").set_input_files(file)
        await expect(page.get_by_test_id("wording-problem")).to_contain_text(f"{PLACE}: is spoken")
        assert await own(viva, "en") == {PLACE: "And on we go."}
        async with page.expect_download() as saved:
            await page.get_by_test_id("wording-download").click()
        await (await saved.value).save_as(file)
        assert "And on we go." in file.read_text("utf-8")
        assert [one for one in complaints if "422" not in one] == []
