"""A real headless Chromium with a microphone that plays a WAV file."""

from __future__ import annotations

import shutil
import wave
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, async_playwright

from server.ports import CANDIDATE_RATE

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--autoplay-policy=no-user-gesture-required", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]  # fmt: skip

Chromium = Callable[..., AbstractAsyncContextManager[BrowserContext]]


def chromium_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def write_wav(path: Path, pcm: bytes) -> Path:
    """PCM16 mono 16 kHz, with the zeros that Chromium's fake microphone needs at both ends."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(CANDIDATE_RATE)
        file.writeframes(bytes(CANDIDATE_RATE) + pcm + bytes(CANDIDATE_RATE * 2))
    return path


@pytest.fixture
def chromium() -> Chromium:
    """``async with chromium(wav=..., locale=..., **context)`` gives a browser context."""
    path = chromium_path()
    if path is None:
        pytest.skip("NO CHROMIUM: install it (Debian: apt-get install chromium)")

    @asynccontextmanager
    async def open_context(
        wav: Path | None = None, more: Sequence[str] = (), **options: object
    ) -> AsyncIterator[BrowserContext]:
        arguments = [*QUIET, *more]
        if wav is not None:
            arguments.append(f"--use-file-for-fake-audio-capture={wav}%noloop")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=arguments)
            context = await browser.new_context(**options)  # type: ignore[arg-type]
            await context.grant_permissions(["microphone"])
            try:
                yield context
            finally:
                await browser.close()

    return open_context
