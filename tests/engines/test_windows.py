"""Where long audio is cut."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from server.engines import gate
from server.engines.windows import windows

pytestmark = pytest.mark.unit

SECOND = 16_000


@pytest.mark.parametrize("seconds", [0, 1, 29, 29.5, 61, 120])
def test_the_windows_are_the_whole_audio_and_none_is_too_long(seconds: float) -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, int(seconds * SECOND)).astype(np.float32)
    found = list(windows(noise, 29 * SECOND, 15 * SECOND))
    assert np.array_equal(np.concatenate([piece for _, piece in found]), noise)
    assert all(len(piece) <= 29 * SECOND for _, piece in found)
    assert all(len(piece) >= 15 * SECOND for _, piece in found[:-1])
    starts = np.cumsum([0, *(len(piece) for _, piece in found[:-1])])
    assert [start for start, _ in found] == starts.tolist()


def test_a_pause_is_where_it_is_cut() -> None:
    sound = np.random.default_rng(2).normal(0, 0.1, 40 * SECOND).astype(np.float32)
    sound[21 * SECOND : 22 * SECOND] *= 0.01
    (_, first), (cut, _) = windows(sound, 29 * SECOND, 15 * SECOND)
    assert 21 * SECOND < cut < 22 * SECOND
    assert len(first) == cut


def test_real_speech_is_cut_between_words(two_cities: NDArray[np.int16]) -> None:
    speech = gate.samples_of(two_cities.tobytes())
    (_, _), (cut, _) = windows(speech, 29 * SECOND, 15 * SECOND)
    around = np.sqrt(np.mean(np.square(speech[cut - 800 : cut + 800])))
    assert around < 0.1 * np.sqrt(np.mean(np.square(speech)))
