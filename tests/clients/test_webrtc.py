"""The browser build of @openai/agents-realtime, unmodified, in Chromium, over WebRTC: a page of
another site holds a whole interview. ``make test-clients`` installs it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.async_api import async_playwright

from tests.browser.conftest import QUIET, chromium_path, write_wav
from tests.live import Viva, running, until
from tests.resumes import ENGLISH_RESUME
from tests.rtc.conftest import SHORTER, holder
from tests.speech import recording, silence

INSTALLED = Path(os.environ.get("VIVA_CLIENTS", "/nonexistent"))
BUNDLE = (
    INSTALLED / "node_modules/@openai/agents-realtime/dist/bundle/openai-realtime-agents.umd.js"
)
PAGE = Path(__file__).with_name("webrtc.html")
WHOLE_INTERVIEW_S = 300

pytestmark = pytest.mark.skipif(
    not BUNDLE.exists() or chromium_path() is None,
    reason="no clients are installed, or no Chromium: make test-clients",
)


class Site(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Its origin."""
    (tmp_path / "index.html").write_bytes(PAGE.read_bytes())
    (tmp_path / "agents.js").write_bytes(BUNDLE.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def viva(database_url: str, redis_url: str, site: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url) as system:
        connection = await asyncpg.connect(database_url)
        await connection.execute(SHORTER)
        await connection.execute("UPDATE organisations SET allowed_origins = ARRAY[$1]", site)
        await connection.close()
        yield system


async def test_a_page_of_another_site_holds_an_interview(
    viva: Viva, site: str, redis_url: str, tmp_path: Path
) -> None:
    answer = recording("two_cities.wav")[: 2 * 16_000 * 9]
    # The microphone begins with the page; whoever begins early talks over the question.
    spoken = silence(25.0) + answer + silence(25.0) + answer + silence(60.0)
    wav = write_wav(tmp_path / "speech.wav", spoken)
    ticket = await viva.interview(ENGLISH_RESUME)
    token = {"authorization": f"Bearer {ticket['token']}"}
    made = await viva.http.post("/v1/realtime/client_secrets", json={}, headers=token)
    secret, url = made.json()["value"], f"{viva.base}/v1/realtime/calls"
    arguments = [*QUIET, f"--use-file-for-fake-audio-capture={wav}"]
    async with holder(viva, redis_url), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        try:
            context = await browser.new_context()
            await context.grant_permissions(["microphone"], origin=site)
            page = await context.new_page()
            await page.goto(f"{site}/index.html?secret={secret}&url={url}")
            seen: dict[str, Any] = {}

            async def over() -> bool | None:
                nonlocal seen
                seen = await page.evaluate("window.seen ?? {}")
                failed = any(one.startswith("connect:") for one in seen.get("errors", []))
                shown = await viva.show(ticket["interview_id"])
                return True if failed or shown["status"] == "ended" else None

            await until(over, WHOLE_INTERVIEW_S)
            await asyncio.sleep(1.0)
            seen = await page.evaluate("window.seen")
        finally:
            await browser.close()
    sys.stderr.write(f"agents-realtime over WebRTC: {json.dumps(seen)}\n")
    assert seen["webrtc"]
    assert seen["errors"] == []
    assert seen["callId"].startswith("rtc_"), "a page of another site may read Location"
    assert seen["kinds"]["output_audio_buffer.started"] >= 2
    assert "response.output_audio.delta" not in seen["kinds"]
    shown = await viva.show(ticket["interview_id"])
    assert (shown["status"], shown["end_reason"]) == ("ended", "complete")
    given = [one["text"] for one in shown["answers"]]
    assert given
    assert all(text in seen["answers"] for text in given), (given, seen)
    assert "best of times" in " ".join(given).lower()
