"""The connection breaks while the candidate speaks: what is said meanwhile is heard afterwards."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from playwright.async_api import expect

from tests.browser.conftest import Chromium, write_wav
from tests.browser.first_screen import outside_the_first_screen
from tests.browser.test_interview import upload
from tests.live import Viva, running
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence, spoken

PATIENT_MS = 40_000
BEFORE = "I moved the nightly reports from cron jobs to a streaming pipeline."
MEANWHILE = "We measured the delay every morning for a month."
WORDS = ("easured", "delay", "every", "morning", "month")
"""A synthetic voice is not understood word for word."""
CUT_S = 5.0


class Cable:
    """Carries TCP connections to a server until it is cut, or holds what is to be carried."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._lines: set[asyncio.StreamWriter] = set()
        self._whole = True
        self._carrying = asyncio.Event()
        self._carrying.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._to)
        self._lines |= {writer, back}
        await asyncio.gather(self._pipe(reader, back), self._pipe(there, writer))
        self._lines -= {writer, back}

    def cut(self) -> None:
        self._whole = False
        for line in self._lines:
            line.transport.abort()

    def mend(self) -> None:
        self._whole = True

    def hold(self) -> None:
        """Dead, though nobody is told."""
        self._carrying.clear()

    def release(self) -> None:
        self._carrying.set()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._carrying.wait()
                writer.write(data)
                await writer.drain()
        with suppress(OSError):
            writer.close()


@asynccontextmanager
async def cable(base: str) -> AsyncIterator[tuple[Cable, str]]:
    there = urlsplit(base)
    assert there.hostname is not None
    assert there.port is not None
    line = Cable(there.hostname, there.port)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    try:
        yield line, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        line.cut()


async def test_what_is_said_while_the_connection_is_down_is_heard(
    database_url: str, redis_url: str, chromium: Chromium, tmp_path: Path
) -> None:
    speech = silence(14.0) + await spoken(BEFORE) + silence(0.8) + await spoken(MEANWHILE)
    wav = write_wav(tmp_path / "answer.wav", speech + silence(12.0))
    async with (
        running(database_url, redis_url) as viva,
        cable(viva.base) as (line, base),
        chromium(wav=wav, locale="en-US") as context,
    ):
        page = await context.new_page()
        await upload(page, Viva(base, viva.http), ENGLISH_RESUME)
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        question = page.get_by_test_id("question")
        await expect(question).to_contain_text("Data Engineer", timeout=PATIENT_MS)
        opening = await question.inner_text()
        transcript = page.get_by_test_id("transcript")
        await expect(transcript).to_contain_text(re.compile("moved|night"), timeout=PATIENT_MS)

        line.cut()
        await expect(page.locator("#notice-link")).to_contain_text("kept and sent")
        await asyncio.sleep(CUT_S)
        line.mend()

        await expect(transcript).to_contain_text(re.compile("|".join(WORDS)), timeout=PATIENT_MS)
        await expect(question).not_to_have_text(opening, timeout=PATIENT_MS)
        (interview,) = (await viva.http.get("/interviews")).json()
        shown = await viva.show(interview["interview_id"])
        (answer,) = shown["answers"]
        assert sum(word in answer["text"] for word in WORDS) >= 2, answer["text"]
        assert [q["kind"] for q in shown["questions"] if q["turn"]][:1] == ["opening"]
        assert "repeat" not in [q["kind"] for q in shown["questions"] if q["turn"]]


COUNT = """new Promise((told) => {
  const request = indexedDB.open("viva-sound", 1);
  request.onsuccess = () => {
    const frames = request.result.transaction("frames").objectStore("frames").count();
    frames.onsuccess = () => told(frames.result);
  };
})"""


async def test_what_was_said_before_a_reload_is_heard_after_it(
    database_url: str, redis_url: str, chromium: Chromium, pool: asyncpg.Pool, tmp_path: Path
) -> None:
    # On a busy machine the first caption comes late, and they still speak when the line is cut.
    more = silence(0.8) + await spoken(MEANWHILE)
    speech = silence(14.0) + await spoken(BEFORE) + 4 * more
    wav = write_wav(tmp_path / "answer.wav", speech + silence(12.0))
    async with (
        running(database_url, redis_url) as viva,
        cable(viva.base) as (line, base),
        chromium(wav=wav, locale="en-US") as context,
    ):
        page = await context.new_page()
        await upload(page, Viva(base, viva.http), ENGLISH_RESUME)
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        for state in ("speaking", "listening"):
            floor = page.get_by_test_id("floor")
            await expect(floor).to_have_attribute("data-floor", state, timeout=PATIENT_MS)
            assert await outside_the_first_screen(page) == [], state
        transcript = page.get_by_test_id("transcript")
        await expect(transcript).to_contain_text(re.compile("moved|night"), timeout=PATIENT_MS)

        line.cut()
        await expect(page.locator("#notice-link")).to_contain_text("kept and sent")
        await asyncio.sleep(CUT_S + 3.0)
        assert await outside_the_first_screen(page) == [], "the line is lost"
        await page.get_by_test_id("type").click()
        assert await outside_the_first_screen(page) == [], "typing while it is"
        assert await page.evaluate(COUNT) > 0
        await page.goto("about:blank")
        promised = {"title": "Pilot", "result_days": 3, "result_by": "Ms Han"}
        await pool.execute("UPDATE interviews SET opening = $1", promised)
        line.mend()
        await page.goto(base)
        # Without a microphone: whatever is heard now was said before.
        await page.get_by_test_id("start-typed").click(timeout=PATIENT_MS)
        assert await outside_the_first_screen(page) == [], "typing"
        await expect(transcript).to_contain_text(re.compile("|".join(WORDS)), timeout=PATIENT_MS)

        (interview,) = (await viva.http.get("/interviews")).json()
        await page.get_by_test_id("end").click()
        await page.get_by_test_id("confirm-end").click()
        await expect(page.get_by_test_id("ended-title")).to_be_visible(timeout=PATIENT_MS)
        await expect(page.get_by_test_id("ended-result")).to_contain_text("from Ms Han")
        assert await page.evaluate(COUNT) == 0, "nothing stays in the browser"
        said = " ".join(
            answer["text"] for answer in (await viva.show(interview["interview_id"]))["answers"]
        )
        assert sum(word in said for word in WORDS) >= 2, said
