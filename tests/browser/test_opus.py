"""Sound as Opus from a real browser, and as PCM from one that has no WebCodecs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Route, WebSocket, expect

from tests.browser.conftest import Chromium, write_wav
from tests.browser.test_interview import complaints_of, upload
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME
from tests.speech import silence, spoken

PATIENT_MS = 40_000
ANSWER = "I moved the nightly reports from cron jobs to a streaming pipeline."
NO_WEBCODECS = "delete self.AudioEncoder; delete self.AudioDecoder;"
LINE = re.compile("/loaded/line-")
"""Where the codecs are: on a thread of its own."""
FROM_NOWHERE = "--disable-features=LocalNetworkAccessChecks"
"""A script that was changed on its way has no address and may else not call this machine."""


async def without_webcodecs(route: Route) -> None:
    answer = await route.fetch()
    headers = {"content-type": answer.headers["content-type"]}
    headers["content-security-policy"] = answer.headers["content-security-policy"]
    await route.fulfill(headers=headers, body=NO_WEBCODECS + await answer.text())


@pytest.mark.parametrize("coding", ["opus", "pcm16"])
async def test_an_answer_is_understood_as_opus_and_as_pcm(
    viva: Viva, chromium: Chromium, tmp_path: Path, coding: str
) -> None:
    speech = silence(14.0) + await spoken(ANSWER) + silence(8.0)
    wav = write_wav(tmp_path / "answer.wav", speech)
    frames: dict[str, list[Any]] = {"sent": [], "received": []}

    def record(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames["sent"].append(frame))  # noqa: PLW0108
        socket.on("framereceived", lambda frame: frames["received"].append(frame))  # noqa: PLW0108

    async with chromium(wav=wav, more=[FROM_NOWHERE], locale="en-US") as context:
        page = await context.new_page()
        if coding == "pcm16":
            await page.route(LINE, without_webcodecs)
        complaints = complaints_of(page)
        page.on("websocket", record)
        await upload(page, viva, ENGLISH_RESUME)
        await expect(page.get_by_test_id("understood-role")).to_contain_text(
            "Data Engineer", timeout=PATIENT_MS
        )
        await page.get_by_test_id("understood-continue").click()
        await page.get_by_test_id("microphone-open").click()
        await expect(page.get_by_test_id("start")).to_be_enabled(timeout=PATIENT_MS)
        await page.get_by_test_id("start").click()
        question = page.get_by_test_id("question")
        await expect(question).to_contain_text("Data Engineer", timeout=PATIENT_MS)
        await expect(question).not_to_contain_text("Data Engineer", timeout=PATIENT_MS)
        assert complaints == []
    chosen = [json.loads(frame) for frame in frames["received"] if "viva.audio" in str(frame)[:99]]
    assert [event["up"] for event in chosen] == (["opus"] if coding == "opus" else [])
    sizes = [len(frame) for frame in frames["sent"] if isinstance(frame, bytes)][-200:]
    heard = [len(frame) for frame in frames["received"] if isinstance(frame, bytes)]
    if coding == "opus":
        assert max(sizes) < 300
        assert max(heard[-50:]) < 500
        assert len(heard) > 200
    else:
        assert set(sizes) == {1_280}
    (answer,) = (await viva.show(await _interview(viva)))["answers"]
    assert "pipeline" in answer["text"].lower()


async def _interview(viva: Viva) -> str:
    (interview,) = (await viva.http.get("/interviews")).json()
    identity: str = interview["interview_id"]
    return identity
