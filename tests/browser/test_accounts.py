"""The door in a real browser: the one-time address, a colleague who joins by a link, and candidates
on a page whose browser is signed in."""

from __future__ import annotations

import asyncpg
from playwright.async_api import Page, expect

from server.store import links
from server.store.scope import LOCAL, within
from tests.browser.conftest import Chromium
from tests.browser.test_interview import complaints_of, upload
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME

GOOD = "plum tractor vivid harbour"
PHONE = {"width": 360, "height": 740}


async def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    wide: bool = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return not wide


async def test_the_first_signs_in_once_and_a_colleague_joins(
    viva: Viva, chromium: Chromium, pool: asyncpg.Pool
) -> None:
    with within(LOCAL):
        token = await links.add(pool, "sign_in", None)
    async with chromium(locale="en-US") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(f"{viva.base}/sign-in#link={token}")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at this computer")
        assert token not in page.url
        await page.keyboard.press("Enter")  # what is to be done has the focus
        await page.get_by_test_id("members-link").click()
        invite = page.get_by_test_id("invite")
        await invite.get_by_label("Name").fill("이민지")
        await invite.get_by_label("E-mail address").fill("minji@example.org")
        await invite.get_by_label("Role").select_option("recruiter")
        await invite.get_by_role("button").click()
        told = page.get_by_test_id("told-secret")
        await expect(told).to_contain_text("/sign-in#link=")
        address = await told.text_content() or ""
        await expect(page.get_by_test_id("members").get_by_role("listitem")).to_have_count(2)
        await organises(page)
        await page.get_by_test_id("key-form").get_by_label("Name").fill("careers site")
        await page.get_by_test_id("key-form").get_by_role("button").click()
        await expect(told).to_contain_text("vivakey_")
        await upload(page, viva, ENGLISH_RESUME)  # the cookie alone would be refused
        await page.get_by_test_id("understood-continue").click()
        await expect(page.get_by_test_id("start")).to_be_visible()
        assert complaints == []
    await joins(chromium, viva, pool, address)


async def organises(page: Page) -> None:
    """What the organisation says of itself; and the QR code of one's own one-time codes."""
    settings = page.get_by_test_id("settings")
    await settings.get_by_label("Name of the organisation").fill("Hanbit Data")
    await settings.get_by_label("Contact for candidates").fill("hr@hanbit.example")
    await settings.locator("[name=resumes_per_day]").fill("50")
    sites = settings.get_by_label("Other sites whose pages may hold interviews")
    await sites.fill("https://Jobs.example.com:443/apply\nhttp://localhost:3000")
    await settings.get_by_role("button", name="Save").click()
    await expect(page.get_by_test_id("house-done")).to_have_text("Saved.")
    await page.reload()
    await expect(settings.locator("[name=resumes_per_day]")).to_have_value("50")
    await expect(sites).to_have_value("https://jobs.example.com\nhttp://localhost:3000")
    await expect(page.get_by_test_id("account-who")).to_contain_text("Hanbit Data")
    await expect(page.get_by_test_id("mail-state")).to_contain_text("sends no mail")
    await page.get_by_text("One-time codes at sign-in").click()
    await page.get_by_role("button", name="Begin").click()
    picture = page.get_by_test_id("codes-picture")
    await expect(picture).to_be_visible()
    assert await picture.locator("path").get_attribute("d")
    assert await fits(page)


async def joins(chromium: Chromium, viva: Viva, pool: asyncpg.Pool, address: str) -> None:
    """The colleague, on a phone, in Korean and in the dark."""
    async with chromium(locale="ko-KR", viewport=PHONE, color_scheme="dark") as context:
        page = await context.new_page()
        complaints = complaints_of(page)
        await page.goto(address)
        await expect(page.get_by_test_id("door-lead")).to_contain_text("이민지 님")
        assert await fits(page)
        await page.get_by_label("새 비밀번호").fill("비밀번호비밀번호")
        await page.get_by_label("새 비밀번호").fill("password1234567")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("door-problem")).to_contain_text("쉽게 추측")
        await page.get_by_label("새 비밀번호").fill(GOOD)
        await page.keyboard.press("Enter")
        await page.get_by_test_id("members-link").click()
        await expect(page.get_by_test_id("account-who")).to_contain_text("minji@example.org")
        await expect(page.get_by_test_id("invite")).to_be_hidden()
        assert await fits(page)
        await pool.execute("UPDATE users SET role = 'viewer' WHERE email IS NOT NULL")
        await page.goto(f"{viva.base}/interviewer/templates")
        await expect(page.get_by_test_id("templates-problem")).to_contain_text("관리자에게")
        await pool.execute("UPDATE users SET role = 'recruiter' WHERE email IS NOT NULL")
        await page.goto(f"{viva.base}/interviewer/templates")
        await expect(page.get_by_test_id("template-new")).to_be_visible()
        assert await fits(page)
        await page.get_by_test_id("leave").click()
        await expect(page.get_by_test_id("sign-in")).to_be_visible()
        await page.goto(f"{viva.base}/interviewer/templates")  # a stranger is sent to the door
        await page.get_by_label("이메일 주소").fill("minji@example.org")
        await page.get_by_label("비밀번호", exact=True).fill("something else entirely")
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("door-problem")).to_contain_text("맞지 않습니다")
        assert await fits(page)
        await page.get_by_label("비밀번호", exact=True).fill(GOOD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("template-new")).to_be_visible()  # and back again
        assert [one for one in complaints if "40" not in one and "422" not in one] == []
