"""The voice detector on real speech, on silence, and its bookkeeping of streams."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from server.engines import silero
from server.engines.silero import SileroDetector
from server.ports import CANDIDATE_RATE, EngineError

Samples = NDArray[np.int16]
Windows = NDArray[np.float32]


def windows_of(samples: Samples) -> Windows:
    count = len(samples) // SileroDetector.window
    used = samples[: count * SileroDetector.window].reshape(count, SileroDetector.window)
    return (used / 32768).astype(np.float32)


def follow(detector: SileroDetector, row: int, windows: Windows) -> NDArray[np.float32]:
    return np.concatenate([detector.probabilities(one[None], [row]) for one in windows])


@pytest.fixture(scope="module")
def detector() -> SileroDetector:
    return SileroDetector()


def test_speech_is_heard_and_pauses_are_too(detector: SileroDetector, two_cities: Samples) -> None:
    row = detector.open()
    found = follow(detector, row, windows_of(two_cities)[:400])
    detector.close(row)
    assert np.mean(found > 0.5) > 0.6
    assert found.min() < 0.2


def test_it_says_what_the_published_model_says(
    detector: SileroDetector, two_cities: Samples
) -> None:
    published = onnxruntime.InferenceSession(
        str(silero.model_path()), providers=["CPUExecutionProvider"]
    )
    speech = windows_of(two_cities)[:200]
    state, before = np.zeros((2, 1, 128), np.float32), np.zeros((1, 64), np.float32)
    wanted = []
    for window in speech:
        fed = np.concatenate([before, window[None]], axis=1)
        rate = np.array(CANDIDATE_RATE, np.int64)
        found, state = published.run(None, {"input": fed, "state": state, "sr": rate})
        before = fed[:, -64:]
        wanted.append(found[0, 0])
    row = detector.open()
    np.testing.assert_allclose(follow(detector, row, speech), wanted, atol=1e-4)
    detector.close(row)


def test_no_thread_spins_beside_it(detector: SileroDetector) -> None:
    assert {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"} == {1}


def test_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    other = tmp_path / "models" / "silero_vad.onnx"
    monkeypatch.setattr(silero, "share", lambda name: tmp_path / name)
    with pytest.raises(EngineError, match="missing"):
        SileroDetector()
    other.write_bytes(b"")
    with pytest.raises(EngineError, match="not the model"):
        SileroDetector()


@pytest.mark.parametrize("loudness", [0.0, 0.001, 0.01])
def test_silence_and_noise_are_not_speech(detector: SileroDetector, loudness: float) -> None:
    noise = np.random.default_rng(7).normal(0, 1, (60, detector.window)) * loudness
    row = detector.open()
    found = follow(detector, row, noise.astype(np.float32))
    detector.close(row)
    assert found.max() < 0.5


def test_a_batch_gives_what_each_stream_gives_alone(
    detector: SileroDetector, two_cities: Samples
) -> None:
    speech = windows_of(two_cities)
    streams = [speech[start : start + 40] for start in (0, 55, 130, 222)]
    alone = []
    for stream in streams:
        row = detector.open()
        alone.append(follow(detector, row, stream))
        detector.close(row)
    rows = [detector.open() for _ in streams]
    together = np.stack(
        [
            detector.probabilities(np.stack([stream[tick] for stream in streams]), rows)
            for tick in range(40)
        ],
        axis=1,
    )
    for row in rows:
        detector.close(row)
    np.testing.assert_allclose(together, np.stack(alone), atol=1e-5)


def test_more_streams_than_at_first_keep_their_state(two_cities: Samples) -> None:
    detector = SileroDetector()
    speech = windows_of(two_cities)[:30]
    first = detector.open()
    head = follow(detector, first, speech[:15])
    others = [detector.open() for _ in range(100)]
    assert len({first, *others}) == 101
    tail = follow(detector, first, speech[15:])
    fresh = follow(detector, others[-1], speech)
    np.testing.assert_allclose(np.concatenate((head, tail)), fresh, atol=1e-5)


def test_a_row_used_again_remembers_nothing(beckett: Samples) -> None:
    detector = SileroDetector()
    speech = windows_of(beckett)[:40]
    row = detector.open()
    before = follow(detector, row, speech)
    detector.close(row)
    detector.close(row)
    again = detector.open()
    assert again == row
    np.testing.assert_array_equal(follow(detector, again, speech), before)


def test_wrong_calls_are_refused(detector: SileroDetector) -> None:
    one = np.zeros((1, detector.window), np.float32)
    row = detector.open()
    with pytest.raises(ValueError, match="shape"):
        detector.probabilities(one[:, :100], [row])
    with pytest.raises(ValueError, match="once"):
        detector.probabilities(np.concatenate((one, one)), [row, row])
    detector.close(row)
    with pytest.raises(ValueError, match="open"):
        detector.probabilities(one, [row])
    assert detector.probabilities(one[:0], []).shape == (0,)


def test_torch_is_never_imported() -> None:
    code = (
        "import sys; from server.engines.silero import SileroDetector; SileroDetector();"
        "sys.exit('torch' in sys.modules or 'silero_vad' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
