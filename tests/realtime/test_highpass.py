"""What is below every voice is taken away as it comes, and no word with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.heard_answers import PER_MS, Samples, segments_of
from server.engines import gate
from server.ports import CANDIDATE_RATE
from server.realtime.highpass import BLOCK, FIRST_STREAMS, HighPass, HighPasses
from tests.speech import reading

Spoilt = Callable[[Samples], Samples]
HALF = 0.5
"""As loud as the recording is made, so that there is room for what is added."""


def speech() -> Samples:
    pcm = np.frombuffer(reading("reading3.wav", 9.4), "<i2")
    return pcm16(np.concatenate([pcm * HALF, np.zeros(CANDIDATE_RATE)]))


def pcm16(samples: NDArray[np.floating[Any]]) -> Samples:
    made: Samples = np.clip(samples, -32_768, 32_767).astype(np.int16)
    return made


def offset(samples: Samples, share: float) -> Samples:
    return pcm16(samples + share * 32_768)


def hum(samples: Samples, hertz: int, louder_db: float) -> Samples:
    loud = samples.astype(np.float64).std() * 10 ** (louder_db / 20) * 2**0.5
    wave = loud * np.sin(2 * np.pi * hertz * np.arange(len(samples)) / CANDIDATE_RATE)
    return pcm16(samples + wave)


def cleaned(samples: Samples, block: int = 640) -> Samples:
    high = HighPass()
    blocks = range(0, len(samples), block)
    pcm = b"".join(high.of(samples[at : at + block].tobytes()) for at in blocks)
    return np.frombuffer(pcm, "<i2")


def heard(samples: Samples) -> Iterator[tuple[int, int]]:
    """Where there is speech that the gate lets pass."""
    for _, closed in segments_of(samples):
        piece = samples[closed.start_ms * PER_MS : closed.end_ms * PER_MS]
        if gate.may_hold_speech(gate.samples_of(piece.tobytes())):
            yield closed.start_ms, closed.end_ms


def total(spans: Iterator[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda one: offset(one, 0.1),
        lambda one: offset(one, -0.3),
        lambda one: hum(one, 50, 6),
        lambda one: hum(one, 60, 0),
        lambda one: offset(hum(one, 50, 3), 0.2),
    ],
)
def test_no_word_is_lost_to_what_lies_below_the_voice(spoilt: Spoilt) -> None:
    clear = total(heard(speech()))
    assert clear > 6_000
    assert total(heard(cleaned(spoilt(speech())))) >= 0.95 * clear


def test_without_it_they_would_be_lost() -> None:
    assert total(heard(offset(speech(), 0.2))) == 0


def test_an_offset_and_hum_alone_are_nobody() -> None:
    room = np.random.default_rng(5).normal(0, 8, 8 * CANDIDATE_RATE).astype(np.int16)
    assert not list(heard(cleaned(offset(room, 0.2))))
    loud = (3_000 * np.sin(2 * np.pi * 50 * np.arange(len(room)) / CANDIDATE_RATE)).astype(np.int16)
    assert not list(heard(cleaned(room + loud)))


def test_a_voice_stays_as_loud_as_it_was() -> None:
    before, after = (power(one) for one in (speech(), cleaned(speech())))
    hertz = np.fft.rfftfreq(2 * (len(before) - 1), 1 / CANDIDATE_RATE)
    for low, high in ((120, 250), (250, 1_000), (1_000, 8_000)):
        band = (hertz >= low) & (hertz < high)
        assert -3.0 < 10 * np.log10(after[band].sum() / before[band].sum()) < 0.5


def power(samples: Samples) -> NDArray[np.float64]:
    return np.square(np.abs(np.fft.rfft(samples.astype(np.float64))))


def test_however_the_stream_is_cut_the_sound_is_the_same() -> None:
    spoilt = hum(offset(speech(), 0.2), 50, 0)
    whole = cleaned(spoilt, len(spoilt))
    for block in (1, 7, 320, 641):
        some = spoilt[: 40 * block] if block < 10 else spoilt
        found = cleaned(some, block)
        assert np.abs(found.astype(np.int32) - whole[: len(found)]).max() <= 1


def test_many_streams_at_once_are_each_as_if_alone() -> None:
    high, numbers = HighPasses(), [0, 3, 2 * FIRST_STREAMS]
    streams = [offset(speech()[start:], share) for start, share in ((0, 0.2), (900, -0.1), (70, 0))]
    for number in numbers:
        high.open(number)
    blocks = [streams[place][: 8 * 512].reshape(8, 512) for place in range(3)]
    made = [high.of(np.stack([some[at] for some in blocks]), numbers) for at in range(8)]
    for place, stream in enumerate(streams):
        alone = cleaned(stream[: 8 * 512], 512)
        np.testing.assert_array_equal(np.concatenate([some[place] for some in made]), alone)


def test_a_number_used_again_remembers_nothing() -> None:
    high, loud = HighPasses(), offset(speech()[: 2 * BLOCK], 0.4)
    high.open(1)
    first = high.of(loud[None, :BLOCK], [1])
    high.of(loud[None, BLOCK:], [1])
    high.open(1)
    np.testing.assert_array_equal(high.of(loud[None, :BLOCK], [1]), first)


def test_what_is_too_loud_is_cut_off_and_nothing_gives_nothing() -> None:
    full = np.where(np.arange(1_000) // 50 % 2, 32_767, -32_768).astype(np.int16)
    assert cleaned(full).max() == 32_767
    assert HighPass().of(b"") == b""
