"""The voice's worklet, sample by sample: held within a quantum, released where it was held."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Page

from server.ports import VOICE_RATE
from tests.browser.conftest import Chromium
from tests.live import Viva, running

QUANTUM = 128
FADE = VOICE_RATE // 100
SCALE = 32_768

# One second of voice is there from the start; messages go out at exact times of the rendering.
RENDER = """async ([script, rate]) => {
  const context = new OfflineAudioContext(1, 2 * rate, rate);
  await context.audioWorklet.addModule("/static/worklets/playback.js");
  const options = { numberOfInputs: 0, outputChannelCount: [1] };
  const node = new AudioWorkletNode(context, "viva-playback", options);
  node.connect(context.destination);
  const played = [];
  node.port.onmessage = ({ data }) => {
    if (data.type === "played") played.push({ ...data, at: context.currentTime });
  };
  const pcm = Int16Array.from({ length: rate }, (_, i) => 8000 + Math.floor(i / 2));
  const arrived = () => new Promise((resolve) => setTimeout(resolve, 60));
  node.port.postMessage({ type: "voice", turn: 1, offset: 0, pcm: pcm.buffer });
  node.port.postMessage({ type: "done", turn: 1 });
  for (const [at, type, turn] of script) {
    context.suspend(at).then(async () => {
      node.port.postMessage({ type, turn });
      await arrived();
      context.resume();
    });
  }
  await arrived();
  const buffer = await context.startRendering();
  await arrived();
  return { samples: [...buffer.getChannelData(0)], played };
}"""


@pytest.fixture
async def page(database_url: str, redis_url: str, chromium: Chromium) -> AsyncIterator[Page]:
    viva: Viva
    async with running(database_url, redis_url, worker=False) as viva, chromium() as context:
        opened = await context.new_page()
        await opened.goto(viva.base)
        yield opened


async def render(page: Page, *script: tuple[float, str, int]) -> tuple[NDArray[Any], list[Any]]:
    """What was heard, as the numbers that were sent, and the reports of what was played."""
    rendered = await page.evaluate(RENDER, [script, VOICE_RATE])
    return np.array(rendered["samples"]) * SCALE, rendered["played"]


def sent(index: int) -> float:
    return 8_000 + index // 2


async def test_a_held_voice_falls_silent_at_once_and_goes_on_from_there(page: Page) -> None:
    heard, played = await render(page, (0.4, "hold", 1), (0.9, "release", 1))
    held = int(np.ceil(0.4 * VOICE_RATE / QUANTUM)) * QUANTUM
    assert heard[held - 1] == sent(held - 1)
    silent = held + FADE
    released = int(np.ceil(0.9 * VOICE_RATE / QUANTUM)) * QUANTUM
    assert not heard[silent:released].any()
    assert heard[held : silent - 1].all()
    assert np.abs(np.diff(heard[held : silent + 1])).max() < sent(held) / FADE * 2
    # After the second fade every sample is the one that follows: nothing skipped, nothing twice.
    taken = heard[released + FADE : released + VOICE_RATE - silent]
    expected = np.array([sent(i) for i in range(silent + FADE, VOICE_RATE)])
    assert np.array_equal(taken[: len(expected)], expected)
    marks = [mark for mark in played if 0.42 < mark["at"] < 0.9]
    assert marks == []
    assert played[-1] == {**played[-1], "turn": 1, "playedMs": 1_000, "complete": True}
    assert played[-1]["at"] >= 1.45


async def test_a_hushed_voice_is_gone_and_says_how_much_was_heard(page: Page) -> None:
    heard, played = await render(page, (0.5, "hush", 1), (0.7, "release", 1))
    hushed = int(np.ceil(0.5 * VOICE_RATE / QUANTUM)) * QUANTUM
    assert heard[hushed - 1] == sent(hushed - 1)
    assert not heard[hushed + FADE :].any()
    assert np.abs(np.diff(heard[hushed : hushed + FADE + 1])).max() < sent(hushed) / FADE * 2
    assert played[-1]["complete"] is False
    assert abs(played[-1]["playedMs"] - 500) <= 6


async def test_hushed_while_held_it_counts_only_what_was_heard(page: Page) -> None:
    heard, played = await render(page, (0.3, "hold", 1), (0.8, "hush", 1))
    assert not heard[int(0.33 * VOICE_RATE) :].any()
    assert played[-1]["complete"] is False
    assert 300 <= played[-1]["playedMs"] <= 320


async def test_a_hold_of_another_turn_changes_nothing(page: Page) -> None:
    heard, played = await render(page, (0.4, "hold", 2))
    assert np.array_equal(heard[:VOICE_RATE], [sent(i) for i in range(VOICE_RATE)])
    assert played[-1]["complete"] is True


async def test_a_voice_held_before_it_began_is_not_heard(page: Page) -> None:
    heard, played = await render(page, (0.0, "hold", 1), (0.5, "release", 1))
    assert not heard[: int(0.5 * VOICE_RATE)].any()
    assert heard[int(0.55 * VOICE_RATE)] > 0
    assert played[-1]["complete"] is True
