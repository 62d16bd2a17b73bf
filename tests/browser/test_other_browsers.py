"""The whole path in Firefox and in WebKitGTK: résumé, rehearsal, interview with a written answer,
last page. ``make test-pages`` installs what drives Firefox and runs this."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser.webdriver import DRIVER, MINI, SCREEN, mini_browser
from tests.live import Viva
from tests.resumes import ENGLISH_RESUME, resume_pdf

INSTALLED = Path(os.environ.get("VIVA_PAGES", "/nonexistent"))
NODE = INSTALLED / "node"
PULSE = shutil.which("pulseaudio")
FIREFOX = next((path for one in ("firefox-esr", "firefox") if (path := shutil.which(one))), None)
WHOLE_S = 400
ANSWER = "I moved the nightly reports to a streaming pipeline."

pytestmark = pytest.mark.skipif(not NODE.exists(), reason="not asked for: make test-pages")


@pytest.fixture
def resume(tmp_path: Path) -> Path:
    file = tmp_path / "resume.pdf"
    file.write_bytes(resume_pdf(ENGLISH_RESUME))
    return file


def pictures(otherwise: Path) -> Path:
    """Where pictures are put, to be looked at: VIVA_PICTURES."""
    folder = Path(os.environ.get("VIVA_PICTURES", otherwise))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
async def loudspeaker(tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """One that nobody hears: where there is none at all, Firefox takes no sound in either."""
    assert PULSE
    own = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    plays = await asyncio.create_subprocess_exec(
        PULSE, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
        "-L", "module-null-sink", "-L", "module-native-protocol-unix",
        env=own, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    yield {"PULSE_SERVER": f"unix:{tmp_path}/pulse/native"}
    plays.terminate()
    await plays.wait()


@pytest.mark.skipif(
    not (FIREFOX and PULSE), reason="NO FIREFOX (Debian: apt-get install firefox-esr pulseaudio)"
)
async def test_the_whole_path_in_firefox(
    viva: Viva, resume: Path, tmp_path: Path, loudspeaker: dict[str, str]
) -> None:
    script = INSTALLED / "firefox.mjs"
    arguments = (str(FIREFOX), viva.base, str(resume), str(pictures(tmp_path)))
    driven = await asyncio.create_subprocess_exec(
        str(NODE), str(script), *arguments,
        stdout=asyncio.subprocess.PIPE, env=os.environ | loudspeaker,
    )  # fmt: skip
    async with asyncio.timeout(WHOLE_S):
        told, _ = await driven.communicate()
    seen = json.loads(told.decode().splitlines()[-1])
    assert driven.returncode == 0, seen
    assert "Data Engineer" in seen["question"]
    assert seen["next"] != seen["question"]
    assert ANSWER in seen["transcript"]
    assert seen["complaints"] == []


@pytest.mark.skipif(
    not (DRIVER and MINI and SCREEN),
    reason="NO WEBKITGTK (Debian: apt-get install webkit2gtk-driver xvfb)",
)
async def test_the_whole_path_in_webkit(viva: Viva, resume: Path, tmp_path: Path) -> None:
    async with asyncio.timeout(WHOLE_S), mini_browser(tmp_path) as browser:
        await browser.goto(viva.base)
        await browser.choose("resume-file", resume)
        await browser.click("understood-continue")
        await browser.click("rehearse")
        await browser.until("return document.getElementById('act')?.offsetParent !== null")
        await browser.click("leave")
        await browser.click("start-typed")
        await browser.floor("listening")
        question = await browser.says("question")
        assert "Data Engineer" in question
        await browser.do(
            "const field = document.getElementById('answer'); field.value = arguments[0];"
            "field.dispatchEvent(new Event('input', { bubbles: true }));",
            ANSWER,
        )
        await browser.click("answer-send")
        await browser.until(
            "return document.getElementById('question').textContent.trim() !== arguments[0]",
            question,
        )
        await browser.click("end")
        await browser.click("confirm-end")
        await browser.until(
            "return document.querySelector(\"[data-testid='ended-title']\").offsetParent !== null"
        )
        assert ANSWER in await browser.says("ended-transcript")
