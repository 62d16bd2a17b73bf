"""What the pages cost a browser: ``python -m bench.page``, from the repository's root.

``viva serve`` is a child process with stores of its own. Chromium opens the candidate's page over a
slow line, holds interviews, unthrottled and with its main thread throttled to a quarter
(``Emulation.setCPUThrottlingRate``, which does not slow a page's workers), and opens an interview
of an hour on the interviewer's side. The line's worker and the loudspeaker's worklet are served
with marks around them; nothing else of the pages is touched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import structlog
from playwright.async_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    Route,
    ViewportSize,
    async_playwright,
    expect,
)

from bench.bench_stt import machine
from bench.bench_voice import planned
from bench.desk import long_talk, serving
from bench.watched import QUESTIONS, Broken, Place
from server.embedded import EmbeddedError
from server.load.findings import percentiles
from tests.browser.conftest import QUIET, chromium_path, write_wav
from tests.browser.test_opus import FROM_NOWHERE
from tests.interviewed import held
from tests.speech import silence, spoken

PHONE: Final = ViewportSize(width=390, height=844)
DESK: Final = ViewportSize(width=1366, height=900)
PATIENT_MS: Final = 90_000
SLOWED: Final = 4
"""A mid-range phone beside this machine, as Lighthouse takes it."""

SLOW_4G: Final = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_474.56 * 1_000 / 8,
    "uploadThroughput": 675 * 1_000 / 8,
}
"""Chromium's own "slow 4G": milliseconds before each answer, and bytes a second."""

ANSWER: Final = "I moved the reports to a streaming pipeline."
HEARD_FOR_S: Final = 10.0
KEPT: Final = ("content-type", "content-security-policy")
LINE_MARKS: Final = """
{
  const plain = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  let last = null;
  const mark = (data) => {
    if (typeof data === "string") return;
    const header = new DataView(data);
    const [turn, offset] = [header.getUint32(0, true), header.getUint32(4, true)];
    if (offset !== 0 || turn === last) return;
    last = turn;
    self.postMessage({ name: "mark", detail: { turn, received: Date.now() } });
  };
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    set(take) {
      plain.set.call(this, (event) => {
        mark(event.data);
        take(event);
      });
    },
  });
}
"""
VOICE_MARKS: Final = """
{
  const plain = registerProcessor;
  registerProcessor = (name, kind) => {
    const whole = kind.prototype.process;
    kind.prototype.process = function (...given) {
      const { voice } = this;
      const ran = voice?.running;
      const goes = whole.apply(this, given);
      if (voice && !ran && voice.running) {
        this.port.postMessage({ type: "mark", turn: voice.turn, played: Date.now() });
      }
      if (voice && ran && !voice.running && this.held !== voice.turn) {
        this.port.postMessage({ type: "mark", turn: voice.turn, dry: true });
      }
      return goes;
    };
    plain(name, kind);
  };
}
"""
PAGE_MARKS: Final = """
window.marks = [];
const [PlainWorker, PlainNode] = [Worker, AudioWorkletNode];
const plain = AudioWorklet.prototype.addModule;
AudioWorklet.prototype.addModule = async function (url, ...more) {
  if (!url.includes("/playback-")) return plain.call(this, url, ...more);
  const script = MARKS + (await (await fetch(url)).text());
  const marked = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return plain.call(this, marked, ...more);
};
window.Worker = class extends PlainWorker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if (data.name === "mark") window.marks.push(data.detail);
    });
  }
};
window.AudioWorkletNode = class extends PlainNode {
  constructor(...given) {
    super(...given);
    this.port.addEventListener("message", ({ data }) => {
      if (data.type === "mark") window.marks.push(data);
    });
  }
};
"""
INTERACTIVE: Final = """async () => {
  const shown = () => [...document.querySelectorAll("[data-screen]")].some((one) => !one.hidden);
  while (document.documentElement?.classList.contains("loading") !== false || !shown()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  return performance.now();
}"""
WHOLE: Final = """async (turns) => {
  for (;;) {
    const shown = document.getElementById("followed");
    if (shown?.childElementCount >= turns && shown.lastElementChild.offsetParent) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
  return performance.now();
}"""


@dataclass
class Heard:
    """Of an interview: milliseconds from a voice's first frame to its first sample, and how often
    a voice ran dry."""

    waits_ms: list[int] = field(default_factory=list)
    dry: int = 0


def heard(marks: Sequence[dict[str, Any]]) -> Heard:
    """A voice that ran dry begins anew, which is no first sample."""
    received: dict[int, int] = {}
    found = Heard()
    for mark in marks:
        turn = mark["turn"]
        if "received" in mark:
            received[turn] = mark["received"]
        found.dry += bool(mark.get("dry"))
    for mark in sorted((one for one in marks if "played" in one), key=lambda one: one["played"]):
        if (came := received.pop(mark["turn"], None)) is not None:
            found.waits_ms.append(mark["played"] - came)
    return found


@asynccontextmanager
async def phone(
    browser: Browser, slowed: int, **more: Any
) -> AsyncIterator[tuple[Page, CDPSession]]:
    context = await browser.new_context(
        viewport=PHONE, locale="en-US", permissions=["microphone"], bypass_csp=True, **more
    )
    await marked(context)
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    await line.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    try:
        yield page, line
    finally:
        await context.close()


async def marked(context: BrowserContext) -> None:
    """With marks around the line's worker and the loudspeaker's worklet."""
    await context.add_init_script(PAGE_MARKS.replace("MARKS", json.dumps(VOICE_MARKS)))

    def put(marks: str) -> Any:
        async def before(route: Route) -> None:
            answer = await route.fetch()
            headers = {one: answer.headers[one] for one in KEPT}
            await route.fulfill(headers=headers, body=marks + await answer.text())

        return before

    await context.route("**/loaded/line-*.js", put(LINE_MARKS))


async def on_stage(page: Page, place: Place) -> None:
    """A new interview, with the microphone open."""
    made = await planned(
        place.pool, [f"{one} ({number})" for number in (1, 2) for one in QUESTIONS]
    )
    admission = {
        "interview_id": str(made.interview_id), "token": made.token, "language": "en",
        "target_role": "Engineer", "websocket_url": "/v1/realtime",
    }  # fmt: skip
    kept = f"sessionStorage.setItem('viva.admission', JSON.stringify({json.dumps(admission)}))"
    await page.add_init_script(kept)
    await page.goto(place.base)
    await page.get_by_test_id("microphone-open").click(timeout=PATIENT_MS)
    await page.get_by_test_id("start").click(timeout=PATIENT_MS)


async def listening(page: Page) -> None:
    floor = page.get_by_test_id("floor")
    await expect(floor).to_have_attribute("data-floor", "listening", timeout=PATIENT_MS)


async def interview(browser: Browser, place: Place, slowed: int, questions: int) -> Heard:
    async with phone(browser, slowed) as (page, _):
        await on_stage(page, place)
        for _number in range(questions):
            await listening(page)
            if not await page.get_by_test_id("answer").is_visible():
                await page.get_by_test_id("type").click()
            await page.get_by_test_id("answer").fill(ANSWER)
            await page.get_by_test_id("answer-send").click()
            floor = page.get_by_test_id("floor")
            await expect(floor).not_to_have_attribute("data-floor", "listening", timeout=PATIENT_MS)
        return heard(await page.evaluate("window.marks"))


async def main_thread(browser: Browser, place: Place, slowed: int) -> tuple[float, float]:
    """Its share that is busy while somebody speaks, with the level shown and with it not drawn."""
    async with phone(browser, slowed) as (page, line):
        await on_stage(page, place)
        await listening(page)
        await line.send("Performance.enable")
        shown = await busy(line)
        await page.evaluate("document.getElementById('level').style.display = 'none'")
        return shown, await busy(line)


async def busy(line: CDPSession) -> float:
    async def spent() -> float:
        told = await line.send("Performance.getMetrics")
        return {one["name"]: float(one["value"]) for one in told["metrics"]}["TaskDuration"]

    before, began = await spent(), perf_counter()
    await asyncio.sleep(HEARD_FOR_S)
    return (await spent() - before) / (perf_counter() - began)


@dataclass
class Opened:
    interactive_ms: list[float] = field(default_factory=list)
    requests: int = 0
    bytes: int = 0
    """On the wire, with the heads of answers."""


async def opened(browser: Browser, url: str, times: int) -> Opened:
    """The candidate's page, each time with nothing kept."""
    found = Opened()
    for _ in range(times):
        context = await browser.new_context(viewport=PHONE, locale="ko-KR", is_mobile=True)
        page = await context.new_page()
        line = await context.new_cdp_session(page)
        loads: dict[str, float] = {}
        line.on("Network.loadingFinished", lambda one: loads.update({one["requestId"]: one["encodedDataLength"]}))  # fmt: skip  # noqa: B023,E501
        await line.send("Network.enable")
        await line.send("Network.emulateNetworkConditions", SLOW_4G)
        await line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        await page.goto(url, wait_until="commit")
        found.interactive_ms.append(await page.evaluate(INTERACTIVE))
        await page.wait_for_load_state("networkidle")
        found.requests, found.bytes = len(loads), round(sum(loads.values()))
        await context.close()
    return found


async def hour(browser: Browser, place: Place, minutes: float, times: int) -> list[float]:
    """Milliseconds until all of an interview that goes on is read on the interviewer's side."""
    made = await held(place.pool, long_talk(minutes, [ANSWER * 4]), over=False)
    turns, took = len(made.answers), []
    for _ in range(times):
        context = await browser.new_context(viewport=DESK, locale="en-US")
        page = await context.new_page()
        await page.goto(
            f"{place.base}/interviewer?interview={made.interview_id}#key={place.key}",
            wait_until="commit",
        )
        took.append(await page.evaluate(WHOLE, turns))
        await context.close()
    return took


def say(what: str, took_ms: Sequence[float], aim: str) -> None:
    middle, most = percentiles(took_ms, (50, 95))
    print(
        f"| {what} (p50 / p95 of {len(took_ms)}) | {middle:,.0f} / {most:,.0f} ms | {aim} |",
        flush=True,
    )


async def measure(given: argparse.Namespace) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; load before {load}\n")
    with tempfile.TemporaryDirectory(prefix="viva-") as name:
        folder = Path(name)
        sound = await spoken(ANSWER) + silence(0.3)
        quiet = write_wav(folder / "quiet.wav", silence(5.0))
        talk = write_wav(folder / "talk.wav", sound * 40)
        async with serving(folder) as place, async_playwright() as playwright:

            def launched(wav: Path) -> Any:
                more = [FROM_NOWHERE, f"--use-file-for-fake-audio-capture={wav}"]
                return playwright.chromium.launch(
                    executable_path=chromium_path(), args=[*QUIET, *more]
                )

            browser = await launched(quiet)
            print(f"Chromium {browser.version}\n\n| what | figure | aim |\n| --- | --- | --- |")
            page = await opened(browser, place.base, given.times)
            print(
                f"| requests of the candidate's page; bytes on the wire "
                f"| {page.requests}; {page.bytes:,} | 60,000 |"
            )
            say("the same, slow 4G and 4×, until it can be used", page.interactive_ms, "1500")
            for slowed, aim_ms in ((1, 30), (SLOWED, 120)):
                found = await interview(browser, place, slowed, given.questions)
                say(
                    f"a voice's first frame to its first sample, {slowed}×",
                    found.waits_ms,
                    str(aim_ms),
                )
                voices = len(found.waits_ms)
                print(
                    f"| voices that ran dry, of {voices}, {slowed}× | {found.dry} | 0 |", flush=True
                )
            took = await hour(browser, place, given.minutes, given.times)
            say(
                f"an interview of {given.minutes:g} minutes that goes on, until all of it is read",
                took,
                "1000",
            )
            await browser.close()
            browser = await launched(talk)
            for slowed in (1, SLOWED):
                shown, hidden = await main_thread(browser, place, slowed)
                print(
                    f"| main thread busy while somebody speaks, {slowed}×; of it the level "
                    f"| {shown:.1%}; {max(0.0, shown - hidden):.1%} | level 5 % |"
                )
            await browser.close()
    print(f"\nload after {', '.join(f'{one:.1f}' for one in os.getloadavg())}")


def main(argv: Sequence[str]) -> int:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--questions", type=int, default=10, help="of each interview")
    said.add_argument("--times", type=int, default=10, help="that each page is opened")
    said.add_argument("--minutes", type=float, default=60.0, help="of the interview that is opened")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if chromium_path() is None:
        print("bench-page: NO CHROMIUM (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    try:
        asyncio.run(measure(said.parse_args(argv)))
    except (Broken, EmbeddedError, TimeoutError) as error:
        print(f"bench-page: {error!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
