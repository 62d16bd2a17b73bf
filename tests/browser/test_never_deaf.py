"""The way from the mouth to the server breaks at each of its links: the page says so within five
seconds, and goes on by itself or at one press."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser.conftest import Chromium, write_wav
from tests.browser.test_interview import upload
from tests.browser.test_lost_connection import cable
from tests.live import Viva, running
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence

PATIENT_MS = 40_000
SOON_MS = 5_000
ENDS = """
const made = [], streams = [], asked = [];
let call = false, unplugged = false;
const Real = AudioContext;
AudioContext = class extends Real {
  constructor(options) { super(options); made.push(this); }
  resume() { return call ? Promise.reject(new Error("in a call")) : super.resume(); }
};
const open = MediaDevices.prototype.getUserMedia;
MediaDevices.prototype.getUserMedia = async function (wanted) {
  asked.push(wanted.audio.deviceId?.exact ?? null);
  if (unplugged) throw new DOMException("gone", "NotFoundError");
  streams.push(await open.call(this, wanted));
  return streams.at(-1);
};
window.ends = {
  ring() { call = true; for (const one of made) if (one.state === "running") one.suspend(); },
  hangUp() { call = false; },
  unplug() {
    unplugged = true;
    const [track] = streams.at(-1).getTracks();
    window.chosen = track.getSettings().deviceId;
    track.stop();
    track.dispatchEvent(new Event("ended"));
  },
  plug() { unplugged = false; },
  askedFor() { return asked.at(-1) === window.chosen; },
  mute(kind) { streams.at(-1).getTracks()[0].dispatchEvent(new Event(kind)); },
};
"""

DROPS = """() => {
  const send = WebSocket.prototype.send;
  self.dropping = true;
  WebSocket.prototype.send = function (data) {
    if (!self.dropping || typeof data === "string") send.call(this, data);
  };
}"""
"""On the thread where the line is."""


async def broken(page: Page, words: str) -> None:
    """In the main panel, in plain words, with one button, and without taking the focus."""
    told = page.get_by_test_id("deaf")
    await expect(told).to_contain_text(words, timeout=SOON_MS)
    await expect(told).to_have_attribute("role", "alert")
    await expect(page.locator("#floor [data-testid=deaf-mend]")).to_be_visible()
    assert await page.evaluate("document.activeElement.id") != "deaf-mend"


async def whole(page: Page) -> None:
    await expect(page.get_by_test_id("deaf")).to_be_empty(timeout=SOON_MS)
    await expect(page.get_by_test_id("deaf-mend")).to_be_hidden()
    await expect(page.get_by_test_id("floor")).to_have_attribute(
        "data-floor", "listening", timeout=PATIENT_MS
    )


async def test_nobody_speaks_into_a_line_that_carries_nothing_without_being_told(
    database_url: str, redis_url: str, chromium: Chromium, tmp_path: Path
) -> None:
    wav = write_wav(tmp_path / "still.wav", silence(60.0))
    async with (
        running(database_url, redis_url) as viva,
        cable(viva.base) as (line, base),
        chromium(wav=wav, locale="en-US") as context,
    ):
        page = await context.new_page()
        await page.add_init_script(ENDS)
        await upload(page, Viva(base, viva.http), ENGLISH_RESUME)
        await page.get_by_test_id("understood-continue").click(timeout=PATIENT_MS)
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        await whole(page)

        await page.evaluate("ends.ring()")
        await broken(page, "stopped the microphone")
        await expect(page.get_by_test_id("floor-state")).to_have_text("You cannot be heard")
        await page.evaluate("ends.hangUp()")
        await whole(page)

        await page.evaluate("ends.mute('mute')")
        await broken(page, "muted the microphone")
        await page.evaluate("ends.mute('unmute')")
        await whole(page)

        await page.evaluate("ends.unplug()")
        await broken(page, "disconnected")
        assert await page.evaluate("ends.askedFor()"), "it was tried again, with the same device"
        await page.evaluate("ends.plug()")
        await page.get_by_test_id("deaf-mend").click()
        await whole(page)
        assert await page.evaluate("ends.askedFor()"), "the one that was chosen"

        (thread,) = page.workers
        await thread.evaluate(DROPS)
        await broken(page, "does not reach us")
        await thread.evaluate("self.dropping = false")
        await whole(page)

        line.hold()
        await broken(page, "does not answer")
        line.release()
        await whole(page)
        (interview,) = (await viva.http.get("/interviews")).json()
        assert interview["turns"] <= 1, "the question was not asked again meanwhile"
