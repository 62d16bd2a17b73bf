"""What is kept of a doubtful transcript, in both languages."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from server.engines import gate

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("to make a decision " * 6, "to make a decision"),
        ("I use Kafka. " + "And then " * 9 + "it failed.", "I use Kafka. And then it failed."),
        ("감사합니다. " * 5, "감사합니다."),
        ("시청해 주셔서 감사합니다. " * 4 + "저는", "시청해 주셔서 감사합니다. 저는"),
        ("no no no, that was the cache", "no no no, that was the cache"),
        ("정말 정말 정말 힘들었습니다", "정말 정말 정말 힘들었습니다"),
        ("Yes. yes, YES! yes", "Yes."),
        ("", ""),
    ],
)
def test_loops_are_said_once(text: str, kept: str) -> None:
    assert gate.without_loops(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("♪♪♪♪♪", ""),
        ("[Music] (applause) ...", ""),
        ("(박수) 감사합니다. [음악]", "감사합니다."),
        ("*sighs* So I left.", "So I left."),
        ("3 * 4 * 5 is 60", "3 * 4 * 5 is 60"),
        ("C# and 100% of it", "C# and 100% of it"),
        ("네.", "네."),
    ],
)
def test_what_subtitles_say_of_sounds_is_not_said(text: str, kept: str) -> None:
    assert gate.without_notes(text) == kept


def test_silence_hum_and_hiss_hold_no_speech() -> None:
    time = np.arange(32_000) / 16_000
    hiss = np.random.default_rng(3).normal(0, 0.05, 32_000)
    for sound in (np.zeros(32_000), np.zeros(0), np.zeros(100), hiss, np.sin(time * 750) * 0.4):
        assert not gate.may_hold_speech(sound.astype(np.float32))


def test_speech_holds_speech_however_soft(two_cities: NDArray[np.int16]) -> None:
    speech = two_cities[16_000 : 16_000 * 15].astype(np.float32) / 32768
    for loudness in (1.0, 0.1, 0.03):
        for start in range(0, len(speech) - 24_000, 24_000):
            piece = (speech[start : start + 24_000] * loudness).astype(np.float32)
            assert gate.may_hold_speech(piece)


def test_samples_are_scaled_and_half_a_sample_is_dropped() -> None:
    assert gate.samples_of(b"\x00\x80\xff\x7f\x01").tolist() == [-1.0, 32767 / 32768]


def test_more_words_than_a_mouth_can_say() -> None:
    second = np.zeros(16_000, np.float32)
    assert gate.too_fast("word " * 20, second)
    assert not gate.too_fast("저는 결제 서비스를 만들었습니다", second)
