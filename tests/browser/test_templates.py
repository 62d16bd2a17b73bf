"""The interviewer's templates: made, refused with the reason, saved, made the default, deleted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Chromium
from tests.browser.test_interview import complaints_of
from tests.live import Viva

KEY = "k-3_f"
AUTHORISED = {"authorization": f"Bearer {KEY}"}


pytestmark = pytest.mark.viva(worker=False, interviewer_key=KEY)


async def test_a_template_is_written_refused_mended_and_deleted(
    viva: Viva, chromium: Chromium
) -> None:
    async with chromium(locale="en-US", viewport={"width": 390, "height": 844}) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        page.on("dialog", lambda dialog: dialog.accept())
        await page.goto(f"{viva.base}/interviewer#key={KEY}")
        await page.get_by_test_id("templates-link").click()
        await expect(page.get_by_test_id("templates").get_by_role("button")).to_have_count(1)
        await page.get_by_test_id("template-new").click()
        await page.get_by_test_id("template-name").fill("Security, brisk")
        await page.get_by_label("Patience").select_option("0.7")
        await page.get_by_label("Motivation for the role").uncheck()
        await page.get_by_test_id("own-question-add").click()
        own = page.get_by_test_id("own-question")
        await own.get_by_label("In English").fill("Are you married?")
        await page.get_by_test_id("template-save").click()
        problem = page.get_by_test_id("templates-problem")
        await expect(problem).to_contain_text("채용절차법 제4조의3")
        await own.get_by_label("In English").fill("How would you rotate our signing keys?")
        await page.get_by_test_id("template-save").click()
        await expect(page.get_by_test_id("template-saved")).to_have_text("Saved.")
        await expect(problem).to_be_hidden()
        (_, made) = (await viva.http.get("/templates", headers=AUTHORISED)).json()
        template = made["template"]
        assert (template["name"], template["pace"]) == ("Security, brisk", 0.7)
        assert [stage["name"] for stage in template["stages"]][:2] == ["introduction", "knowledge"]
        assert template["questions"] == [{
            "stage": "experience", "text": {"en": "How would you rotate our signing keys?"},
            "competency": "", "rubric": [],
        }]  # fmt: skip
        await page.get_by_test_id("language-ko").click()
        await page.get_by_test_id("template-default").click()
        await expect(page.get_by_test_id("template-saved")).to_have_text("저장했습니다.")
        await expect(page.get_by_test_id("template-delete")).to_have_count(0)
        await page.get_by_test_id("templates").get_by_role("button").nth(1).click()
        await page.get_by_test_id("template-delete").click()
        await expect(page.get_by_test_id("templates").get_by_role("button")).to_have_count(1)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        # The refusal above is an answer of the server that the browser notes as well.
        assert [one for one in complaints if "422" not in one] == []


async def test_what_had_better_be_looked_at_again_stands_beside_its_question(
    viva: Viva, chromium: Chromium
) -> None:
    async with chromium(locale="en-US", viewport={"width": 390, "height": 844}) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(f"{viva.base}/interviewer/templates#key={KEY}")
        await page.get_by_test_id("template-new").click()
        await page.get_by_test_id("template-name").fill("Operations")
        own = page.get_by_test_id("own-question")
        for at, text in enumerate(["How do you hand a shift over?", "Who decided? How did it go?"]):
            await page.get_by_test_id("own-question-add").click()
            await own.nth(at).get_by_label("In English").fill(text)
        await page.get_by_test_id("template-save").click()
        await expect(page.get_by_test_id("template-saved")).to_contain_text("look at again")
        told = own.get_by_role("status")
        await expect(told.nth(0)).to_be_empty()
        await expect(told.nth(1)).to_have_text(
            "English: It asks several things. One question at a time is answered better."
        )
        await page.get_by_test_id("language-ko").click()
        await expect(told.nth(1)).to_contain_text("여러 가지를 한꺼번에 묻습니다")
        await own.nth(1).get_by_label("영어").fill("Who decided it in the end?")
        await page.get_by_test_id("template-save").click()
        await expect(page.get_by_test_id("template-saved")).to_have_text("저장했습니다.")
        await expect(told.nth(1)).to_be_empty()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        assert complaints == []


async def test_without_the_key_the_page_says_how_to_come_in(viva: Viva, chromium: Chromium) -> None:
    async with chromium(locale="ko-KR") as context:
        page = await context.new_page()
        await page.goto(f"{viva.base}/interviewer/templates")
        await expect(page.get_by_test_id("templates-problem")).to_contain_text("담당자 주소")
        await expect(page.get_by_test_id("template-new")).to_be_hidden()
