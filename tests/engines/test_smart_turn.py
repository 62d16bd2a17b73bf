"""The turn model from its wheel, on real speech cut where a sentence ends and where it does not."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from server.engines.smart_turn import WINDOW, SmartTurn, model_file
from server.ports import EngineError
from tests.speech import recording, silence


@pytest.fixture(scope="module")
def model() -> SmartTurn:
    path = model_file()
    assert path is not None, "the locked requirements bring it"
    return SmartTurn(path)


def test_the_end_of_a_reading_sounds_finished_and_its_middle_does_not(model: SmartTurn) -> None:
    whole = recording("two_cities.wav")
    assert model.probability(whole + silence(0.2)) > 0.9
    assert model.probability(recording("two_cities.wav", 9.0)) < 0.5


def test_only_the_last_eight_seconds_count(model: SmartTurn) -> None:
    pcm = recording("two_cities.wav", 20.0)
    assert model.probability(pcm) == model.probability(pcm[-2 * WINDOW :])


def test_features_are_those_the_model_was_trained_on(model: SmartTurn) -> None:
    """Log-mel after Whisper: 80 bands, 8 s, clipped 8 below its peak, scaled by four."""
    tone = np.sin(np.arange(WINDOW) * 2 * np.pi * 440 / 16_000).astype(np.float32)
    features = model.features(tone)
    assert features.shape == (80, 800)
    assert features.max() - features.min() <= 2.0 + 1e-5
    loudest = features.mean(axis=1).argmax()
    assert loudest in (10, 11, 12, 13), "440 Hz is about the twelfth of the 80 mel bands"
    louder = model.features(tone * 0.1)
    assert np.allclose(features, louder, atol=1e-2), "the loudness of the voice does not matter"


def test_short_and_empty_audio_is_taken(model: SmartTurn) -> None:
    assert 0 <= model.probability(b"") <= 1
    assert 0 <= model.probability(recording("beckett.wav", 0.5)) <= 1


async def test_it_runs_beside_the_event_loop_and_says_when_it_is_closed() -> None:
    path = model_file()
    assert path is not None
    detector = SmartTurn(path)
    await detector.load()
    ticks = 0
    scoring = asyncio.create_task(detector.finished(recording("beckett.wav", 8.0)))
    while not scoring.done():
        ticks += 1
        await asyncio.sleep(0.002)
    assert 0 <= scoring.result() <= 1
    assert ticks > 3
    await detector.close()
    with pytest.raises(EngineError):
        await detector.finished(silence(1.0))
