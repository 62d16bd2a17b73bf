"""What was perhaps misheard, what nobody could make out, and what somebody else seems to have said,
on both sides' pages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import asyncpg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from server.core.events import (
    AnswerGiven,
    CandidateConnected,
    CandidateDisconnected,
    Fact,
    FloorPassed,
    InterviewStarted,
    Language,
    QuestionAsked,
    QuestionHeard,
    SegmentHeard,
    UtteranceUnderstood,
    Word,
)
from server.language.pack import shipped
from server.store import facts, leases
from tests.browser.conftest import Chromium, write_wav
from tests.browser.test_interview import PATIENT_MS, complaints_of
from tests.driver import lease
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME
from tests.speech import silence

SAID = {
    "en": ("We moved the nightly reports from cron to an airflow clutter.", {"clutter.": 0.3}),
    "ko": ("야간 보고서를 크론에서 에어플로 집회로 옮겼습니다.", {"집회로": 0.3}),
}
BLUR = {"en": "Worse boats in the battle lion.", "ko": "보트를 팔아 사자의 전투."}
TELEVISION = {"en": "and now to the weather", "ko": "다음은 날씨입니다"}
FOLLOWED = {"en": "What did you do when it failed?", "ko": "실패했을 때는 어떻게 하셨나요?"}
TYPED = {
    "en": "I wrote the rollback and tested it every week.",
    "ko": "되돌리는 절차를 만들고 매주 시험했습니다.",
}


def heard(turn: int, text: str, doubted: dict[str, float] | None = None) -> SegmentHeard:
    """Six tenths of a second a word. What is doubted: how sure; without it nobody made it out."""
    sure = doubted or {}
    words = tuple(
        Word(word, 600 * at, 600 * (at + 1), sure.get(word, 0.95))
        for at, word in enumerate(text.split())
    )
    known = SegmentHeard(turn, 1, 0, 600 * len(words), text, words, "test", None, 0.9)
    return known if doubted else replace(known, unclear="foreign")


def behind(text: str) -> SegmentHeard:
    """By a far quieter voice, after the first answer."""
    return SegmentHeard(1, 2, 9_000, 10_000, text, (), "test", None, 0.9, background=True)


def talk(language: Language) -> list[Fact]:
    """An answer with a doubtful word, then one that is asked for again."""
    text, doubted = SAID[language]
    answer = heard(1, text, doubted)
    again = shipped().of(language).reaction("garbled")[0]

    def asked(turn: int, text: str, kind: Any, reason: str | None = None) -> QuestionAsked:
        identity = str(UUID(int=turn))
        return QuestionAsked(turn, identity, text, "bank", kind, "experience", None, None, reason)

    return [
        InterviewStarted("Data Engineer", language),
        CandidateConnected(0),
        asked(1, {"en": "What did you build?", "ko": "무엇을 만드셨나요?"}[language], "opening"),
        QuestionHeard(1, 900, True),
        FloorPassed(1, "listening", 0),
        answer,
        behind(TELEVISION[language]),
        AnswerGiven(1, str(UUID(int=1)), str(UUID(int=9)), text, answer.words, "test",
                    language, language),
        asked(2, FOLLOWED[language], "follow_up"),
        QuestionHeard(2, 900, True),
        FloorPassed(2, "listening", 0),
        heard(2, BLUR[language]),
        UtteranceUnderstood(2, "garbled", 1.0, "none", False, False, (), "repeat", False),
        asked(3, again, "aside", "garbled"),
        CandidateDisconnected(9_000),
    ]  # fmt: skip


async def talked(viva: Viva, pool: asyncpg.Pool, language: Language) -> dict[str, Any]:
    """The ticket of an interview in which that was said."""
    ticket = await viva.interview(ENGLISH_RESUME if language == "en" else KOREAN_RESUME)
    interview_id = UUID(ticket["interview_id"])
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 1, talk(language))
    await leases.give_back(pool, interview_id, epoch)
    return ticket


async def come_back(context: BrowserContext, viva: Viva, ticket: dict[str, Any]) -> Page:
    """The candidate's page of it, with a microphone."""
    page = await context.new_page()
    kept = json.dumps(json.dumps(ticket))
    await page.add_init_script(f"sessionStorage.setItem('viva.admission', {kept})")
    await page.goto(viva.base)
    await page.get_by_test_id("microphone-open").click()
    await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
    await page.get_by_test_id("start").click()
    await expect(page.get_by_test_id("answer-2")).to_be_visible(timeout=PATIENT_MS)
    return page


async def marked(page: Page, entry: str) -> list[str]:
    return await page.get_by_test_id(entry).locator(".doubtful").all_inner_texts()


async def shows_in_all_colours(page: Page) -> None:
    word = page.get_by_test_id("answer-1").locator(".doubtful")
    for scheme, forced in IN_COLOURS:
        await page.emulate_media(color_scheme=scheme, forced_colors=forced)
        assert await word.evaluate(STYLE, "textDecorationStyle") == "dotted"
        ground = await page.locator("[data-scroller]").first.evaluate(STYLE, "backgroundColor")
        assert await word.evaluate(STYLE, "textDecorationColor") != ground


IN_COLOURS: tuple[tuple[Literal["light", "dark"], Literal["none", "active"]], ...] = (
    ("dark", "none"),
    ("light", "active"),
    ("light", "none"),
)
STYLE = "(element, name) => getComputedStyle(element)[name]"


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_doubt_is_underlined_and_said_and_what_was_not_understood_may_be_typed(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool, tmp_path: Path, language: Language
) -> None:
    ticket = await talked(viva, pool, language)
    locale = {"en": "en-US", "ko": "ko-KR"}[language]
    phone = {"width": 390, "height": 844}
    wav = write_wav(tmp_path / "still.wav", silence(60.0))
    (doubted,) = SAID[language][1]
    word = doubted.strip(".")
    async with chromium(wav=wav, locale=locale, viewport=phone) as context:
        interviewer = await context.new_page()
        complaints = complaints_of(interviewer)
        await interviewer.goto(f"{viva.base}/interviewer?interview={ticket['interview_id']}")
        await expect(interviewer.get_by_test_id("answer-2")).to_be_visible(timeout=PATIENT_MS)
        page = await come_back(context, viva, ticket)
        complaints += complaints_of(page)
        for side in (interviewer, page):
            await shows_in_all_colours(side)
            assert await marked(side, "answer-1") == [doubted]
            note = side.get_by_test_id("answer-1").locator(".doubt")
            await expect(note).to_contain_text(word)
            await expect(note).to_have_attribute("aria-live", "off")
            assert " ".join(await marked(side, "answer-2")) == BLUR[language]
            await expect(side.get_by_test_id("answer-2").locator(".doubt")).to_be_visible()
            beside = side.get_by_test_id("answer-1").locator(".beside")
            await expect(beside).to_contain_text(TELEVISION[language])
            said = side.get_by_test_id("answer-1").locator(".words")
            await expect(said).not_to_contain_text(TELEVISION[language])
            await expect(beside.get_by_role("button")).to_have_count(int(side is page))
            wide = "document.documentElement.scrollWidth > window.innerWidth"
            assert not await side.evaluate(wide)

        await expect(page.get_by_test_id("type-offer")).to_be_visible(timeout=PATIENT_MS)
        answer = page.get_by_test_id("answer")
        await expect(answer).to_be_visible()
        await expect(answer).not_to_be_focused()
        await page.get_by_test_id("type").press("Enter")
        await expect(answer).to_be_focused()
        await answer.fill(TYPED[language])
        await page.get_by_test_id("answer-send").press("Enter")
        typed = page.get_by_test_id("answer-3")
        await expect(typed).to_contain_text(TYPED[language], timeout=PATIENT_MS)
        await expect(page.get_by_test_id("type-offer")).to_be_hidden(timeout=PATIENT_MS)
        await page.get_by_test_id("answer-1").get_by_role("button").press("Enter")
        for side in (interviewer, page):
            said = side.get_by_test_id("answer-1").locator(".words")
            await expect(said).to_contain_text(TELEVISION[language], timeout=PATIENT_MS)
            await expect(side.get_by_test_id("answer-1").locator(".beside")).to_be_hidden()
        shown = await viva.show(ticket["interview_id"])
        claimed = f"{SAID[language][0]} {TELEVISION[language]}"
        assert [one["clear"] for one in shown["answers"]] == [claimed, TYPED[language]]
        assert complaints == []
