"""The pictures of the documents: ``python -m bench.pictures``, from the repository's root.

``viva up`` with a folder of data of its own and the people of ``viva demo``, in Chromium: the board
and one of them at a desk, and the candidate's stage on a phone, where somebody speaks (espeak-ng's
voice, recognised as any other).
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from server.demo.command import Order, demonstrate
from server.demo.people import people
from tests.browser.conftest import QUIET, chromium_path, write_wav
from tests.live import free_port
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.speech import silence, spoken

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
DESK: Final = ViewportSize(width=1366, height=900)
PHONE: Final = ViewportSize(width=390, height=844)
WHO: Final = "en-nurse"
ANSWER: Final = "I led the team that moved all of our reports to a streaming pipeline."
UP_S, DEMO_S, PATIENT_MS = 120.0, 240.0, 90_000


async def until_ready(base: str) -> None:
    async with asyncio.timeout(UP_S), httpx.AsyncClient(base_url=base) as http:
        while True:
            with suppress(httpx.HTTPError):
                if (await http.get("/health/ready")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(0.5)


async def show(base: str, key: str) -> asyncio.Task[None]:
    """The demonstration, of which one interview goes on; end it by cancelling."""
    there = asyncio.Event()

    def heard(said: str) -> None:
        sys.stdout.write(f"{said}\n")
        if "is in the interview now" in said:
            there.set()

    showing = asyncio.create_task(demonstrate(Order(base, key, remove=False), heard))
    async with asyncio.timeout(DEMO_S):
        waiting = asyncio.create_task(there.wait())
        await asyncio.wait((showing, waiting), return_when=asyncio.FIRST_COMPLETED)
    if not there.is_set():
        await showing
    return showing


async def desk(browser: Browser, base: str, key: str) -> None:
    page = await (await browser.new_context(viewport=DESK, locale="en-US")).new_page()
    await page.goto(f"{base}/interviewer#key={key}")
    await expect(page.locator(".board-name").first).to_be_visible(timeout=PATIENT_MS)
    await page.screenshot(path=DOCS / "board.png")
    async with httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {key}"}) as http:
        rows = (await http.get("/v1/board", params={"limit": 50})).json()["items"]
    (found,) = (row for row in rows if row["candidate_name"] == people()[WHO].name)
    await page.goto(f"{base}/interviewer/interviews/{found['interview_id']}")
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=DOCS / "person.png")


async def phone(page: Page, base: str) -> None:
    await page.goto(base)
    await page.get_by_test_id("resume-file").set_input_files(
        {
            "name": "resume.pdf",
            "mimeType": "application/pdf",
            "buffer": resume_pdf(ENGLISH_RESUME),
        }
    )
    role = page.get_by_test_id("understood-role")
    await expect(role).to_contain_text("Data Engineer", timeout=PATIENT_MS)
    await page.get_by_test_id("understood-continue").click()
    await page.get_by_test_id("microphone-open").click()
    await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
    await page.get_by_test_id("start").click()
    await expect(page.get_by_test_id("transcript")).to_contain_text("pipeline", timeout=PATIENT_MS)
    await page.screenshot(path=DOCS / "candidate.png")


async def take(base: str, key: str, folder: Path) -> None:
    speech = silence(14.0) + await spoken(ANSWER) + silence(8.0)
    wav = write_wav(folder / "answer.wav", speech)
    showing = await show(base, key)
    sound = f"--use-file-for-fake-audio-capture={wav}%noloop"
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium_path(), args=[*QUIET, sound]
            )
            await desk(browser, base, key)
            context = await browser.new_context(
                viewport=PHONE, locale="en-US", device_scale_factor=2, permissions=["microphone"]
            )
            await phone(await context.new_page(), base)
            await browser.close()
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def main() -> None:
    key, port = "of-the-pictures-alone", free_port()
    with tempfile.TemporaryDirectory(prefix="viva-") as name:
        folder = Path(name)
        own = {"VIVA_DATA": name, "VIVA_PORT": str(port), "VIVA_INTERVIEWER_KEY": key}
        up = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server.cli", "up"),
            env=os.environ | own | {"VIVA_ADMISSION": "off", "VIVA_DRAIN_SECONDS": "0"},
        )
        try:
            base = f"http://127.0.0.1:{port}"
            await until_ready(base)
            await take(base, key, folder)
        finally:
            up.terminate()
            await up.wait()


if __name__ == "__main__":
    asyncio.run(main())
