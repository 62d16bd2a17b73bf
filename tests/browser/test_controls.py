"""The candidate's own controls and recording, as candidate and interviewer see them."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Chromium, write_wav
from tests.browser.test_interview import PATIENT_MS, complaints_of, upload
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME
from tests.speech import recording, silence, spoken

KEY = "k-3_f"
ANSWER = "I moved the nightly reports from cron jobs to a streaming pipeline."
NAMES = ("repeat", "rephrase", "skip", "moment", "pause")


pytestmark = pytest.mark.viva(interviewer_key=KEY, recording="consent")


async def to_the_check(page: Page, viva: Viva, resume: list[str]) -> None:
    await upload(page, viva, resume)
    await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)


async def floor(page: Page, state: str) -> None:
    await expect(page.get_by_test_id("floor")).to_have_attribute(
        "data-floor", state, timeout=PATIENT_MS
    )


async def watching(context: BrowserContext, viva: Viva) -> Page:
    page = await context.new_page()
    await page.goto(f"{viva.base}/interviewer#key={KEY}")
    await page.locator("#list a").first.click()
    return page


async def test_every_control_by_keyboard_and_none_of_it_is_an_answer(
    viva: Viva, chromium: Chromium
) -> None:
    async with chromium(locale="ko-KR", viewport={"width": 390, "height": 844}) as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await to_the_check(page, viva, KOREAN_RESUME)
        await page.get_by_test_id("start-typed").click()
        await floor(page, "speaking")
        interviewer = await watching(context, viva)
        await page.bring_to_front()
        await floor(page, "listening")
        await page.get_by_test_id("helps-open").press("Enter")
        group = page.get_by_role("group", name="면접 중에 쓸 수 있는 기능")
        # And one for each language.
        await expect(group.get_by_role("button")).to_have_count(len(NAMES) + 2)
        await expect(page.locator("#control-fair")).to_contain_text("평가에 영향을 주지 않습니다")

        helps, go_on = (page.get_by_test_id(name) for name in ("helps-open", "go-on"))
        for key in ("Tab", "Tab", "Tab", "Tab", "Enter"):
            await page.keyboard.press(key)
        await floor(page, "moment")
        await expect(helps).to_be_focused()
        await helps.press("Enter")
        await expect(page.get_by_test_id("control-moment")).to_have_attribute(
            "aria-disabled", "true"
        )
        await page.get_by_test_id("control-pause").press("Space")
        await floor(page, "paused")
        await expect(page.locator("#floor")).to_contain_text("필요한 만큼 쉬셔도 됩니다")
        await expect(interviewer.get_by_test_id("watched-floor")).to_have_text("지원자가 잠시 멈춤")
        await helps.press("Enter")
        await page.get_by_test_id("control-skip").press("Enter")
        await expect(page.get_by_test_id("control-hint")).to_contain_text("이어서 하기")
        await page.reload()
        await page.get_by_test_id("start-typed").click()
        await floor(page, "paused")
        await go_on.press("Enter")
        await floor(page, "listening")
        await expect(page.get_by_test_id("answer")).to_be_focused()

        opening = await page.get_by_test_id("question").inner_text()
        await helps.click()
        await page.get_by_test_id("control-repeat").click()
        await expect(page.get_by_test_id("question-2")).to_be_attached()
        await expect(page.locator(".stage-top p")).to_have_text(re.compile("주제 1/7약 .+분 남음"))
        await helps.click()
        await page.get_by_test_id("control-skip").dblclick()
        await expect(page.get_by_test_id("topic")).to_have_text("주제 2/7")
        await page.wait_for_timeout(1_500)
        await expect(page.get_by_test_id("topic")).to_have_text("주제 2/7")
        await expect(page.get_by_test_id("question")).not_to_contain_text(opening)

        first = interviewer.get_by_test_id("answer-1")
        await expect(first).to_contain_text("생각할 시간을 가짐")
        await expect(first).to_contain_text("질문을 다시 들음")
        await expect(interviewer.get_by_test_id("answer-2")).to_contain_text("이 질문을 건너뜀")
        shown = await viva.show((await viva.http.get("/interviews")).json()[0]["interview_id"])
        assert [answer["text"] for answer in shown["answers"] if answer["text"]] + complaints == []


async def test_a_recorded_answer_is_heard_by_the_interviewer_and_deleted_by_the_candidate(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    speech = silence(14.0) + await spoken(ANSWER) + silence(30.0)
    wav = write_wav(tmp_path / "answer.wav", speech)
    async with chromium(wav=wav, locale="en-US") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await to_the_check(page, viva, ENGLISH_RESUME)
        agree = page.get_by_test_id("consent-agree")
        await expect(agree).not_to_be_checked(timeout=PATIENT_MS)
        await agree.check()
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        await floor(page, "speaking")
        await expect(page.get_by_test_id("recording-row")).to_be_visible()

        interviewer = await watching(context, viva)
        await page.bring_to_front()
        await expect(page.get_by_test_id("question-2")).to_be_attached(timeout=PATIENT_MS)
        await interviewer.bring_to_front()
        play = interviewer.get_by_test_id("play-1")
        place = interviewer.get_by_test_id("place-1")
        await expect(play).to_be_visible(timeout=PATIENT_MS)
        await play.click()
        await expect(play).to_have_text("Pause")
        await expect(place).to_have_attribute("aria-valuetext", re.compile("0:01"))
        await play.click()
        await expect(play).to_have_text("Play the answer")
        said = interviewer.get_by_test_id("answer-1").locator(".spoken")
        await said.first.click()
        await expect(said.first).to_have_class(re.compile("now"))
        heard_at = float(await place.input_value())
        await place.press("ArrowRight")
        assert float(await place.input_value()) >= heard_at + 1.9

        await page.bring_to_front()
        await page.get_by_test_id("recording-stop").click()
        await page.get_by_test_id("withdraw-confirm").click()
        await expect(page.get_by_test_id("notice-recording")).to_contain_text("was deleted")
        await expect(page.get_by_test_id("recording-row")).to_be_hidden()
        assert await pool.fetchval("SELECT count(*) FROM recorded_chunks") == 0
        await expect(page.get_by_test_id("transcript")).to_contain_text(
            re.compile("streaming pipeline", re.IGNORECASE)
        )
        assert complaints == []


# Every text that stood in the running answer's caption, certain words and words to come.
CAPTIONS = """() => {
  window.captions = [];
  const look = () => {
    const said = document.querySelector("#transcript .answer .said")?.textContent ?? "";
    const partial = document.querySelector("#transcript .answer .partial")?.textContent ?? "";
    const last = window.captions.at(-1);
    if (last?.[0] !== said || last?.[1] !== partial) window.captions.push([said, partial]);
  };
  const options = { childList: true, subtree: true, characterData: true };
  new MutationObserver(look).observe(document.getElementById("transcript"), options);
}"""


async def test_words_appear_while_they_are_spoken_and_stay(
    viva: Viva, chromium: Chromium, tmp_path: Path
) -> None:
    speech = silence(14.0) + recording("two_cities.wav") + silence(20.0)
    wav = write_wav(tmp_path / "answer.wav", speech)
    async with chromium(wav=wav, locale="en-US") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await to_the_check(page, viva, ENGLISH_RESUME)
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        await floor(page, "listening")
        await page.evaluate(CAPTIONS)
        await expect(page.get_by_test_id("question-2")).to_be_attached(timeout=3 * PATIENT_MS)
        captions: list[list[str]] = await page.evaluate("window.captions")
        partials = [partial for _, partial in captions if partial]
        assert partials, "no word was shown before its segment was over"
        for (said, partial), (next_said, next_partial) in pairwise(captions):
            if said == next_said and partial and next_partial:
                assert next_partial.startswith(partial)
        await expect(page.locator("#transcript .partial").first).to_be_empty()
        assert complaints == []
