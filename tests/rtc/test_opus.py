"""Opus there and back, with what was lost on the way."""

from __future__ import annotations

import random

import numpy as np
import pytest

from server.ports import EngineError
from server.rtc.opus import CLOCK, FRAME_BYTES, FRAME_SAMPLES, Decoder, Encoder
from tests.speech import recording
from tests.web.test_metrics import value

FRAME_CLOCK = CLOCK // 50


def packets(pcm: bytes) -> list[bytes]:
    encoder = Encoder()
    whole = len(pcm) - len(pcm) % FRAME_BYTES
    return [encoder.encode(pcm[at : at + FRAME_BYTES]) for at in range(0, whole, FRAME_BYTES)]


def speech() -> bytes:
    """Ten seconds at 24 kHz; how fast it is spoken does not matter here."""
    return recording("two_cities.wav")[: FRAME_BYTES * 500]


def heard(sent: list[bytes], lost: set[int], start: int = 0) -> tuple[np.ndarray, Decoder]:
    decoder = Decoder()
    pcm = b"".join(
        decoder.decode(packet, (start + n * FRAME_CLOCK) % 2**32)
        for n, packet in enumerate(sent)
        if n not in lost
    )
    return np.frombuffer(pcm, "<i2").astype(np.float64), decoder


def seconds(how: str) -> float:
    """Of sound, as it is measured."""
    return value("viva_call_sound_seconds_total", how=how)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def test_what_was_lost_takes_as_long_and_sounds_alike() -> None:
    sent = packets(speech())
    lost = set(random.Random(7).sample(range(1, len(sent) - 1), len(sent) // 10))
    whole, _ = heard(sent, set())
    received, before = seconds("received"), sum(map(seconds, ("told", "made_up", "silent")))
    mended, decoder = heard(sent, lost)
    assert len(mended) == len(whole) == len(sent) * FRAME_SAMPLES
    assert decoder.lost == len(lost) * FRAME_SAMPLES
    assert seconds("received") - received == pytest.approx((len(sent) - len(lost)) * 0.02)
    concealed = sum(map(seconds, ("told", "made_up", "silent"))) - before
    assert concealed == pytest.approx(len(lost) * 0.02)
    holes = whole.reshape(-1, FRAME_SAMPLES).copy()
    holes[sorted(lost)] = 0
    assert likeness(whole, mended) > max(0.95, likeness(whole, holes.ravel()))


def test_the_packet_after_tells_what_was_in_the_one_that_was_lost() -> None:
    """More than concealment alone could make up."""
    sent = packets(speech())
    loudest = max(range(50, len(sent) - 1), key=lambda n: len(sent[n]))
    whole, _ = heard(sent, set())
    mended, _ = heard(sent, {loudest})
    at = slice(loudest * FRAME_SAMPLES, (loudest + 1) * FRAME_SAMPLES)
    assert likeness(whole[at], mended[at]) > 0.5


def test_time_goes_on_over_the_end_of_its_clock_and_over_long_gaps() -> None:
    sent = packets(speech())[:200]
    start = 2**32 - 50 * FRAME_CLOCK
    went_on, _ = heard(sent, {100}, start)
    assert len(went_on) == 200 * FRAME_SAMPLES
    gap, _ = heard(sent, set(range(20, 120)), start)
    assert len(gap) == 200 * FRAME_SAMPLES
    assert not gap[60 * FRAME_SAMPLES : 110 * FRAME_SAMPLES].any(), "nobody makes up two seconds"


def test_a_clock_that_begins_anew_is_no_gap() -> None:
    decoder = Decoder()
    first, second = packets(speech())[:2]
    assert len(decoder.decode(first, 0)) == FRAME_BYTES
    assert len(decoder.decode(second, 2**31)) == FRAME_BYTES


@pytest.mark.parametrize("broken", [b"", b"\xff" * 3, bytes(2_000)])
def test_what_is_no_packet_is_refused_and_harms_nothing(broken: bytes) -> None:
    decoder = Decoder()
    good = packets(speech())[0]
    with pytest.raises(EngineError):
        decoder.decode(broken, 0)
    assert len(decoder.decode(good, FRAME_CLOCK)) >= FRAME_BYTES
