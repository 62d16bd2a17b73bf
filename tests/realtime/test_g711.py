"""G.711 against what the recommendation says of it, and on speech."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from server.realtime import g711
from server.realtime.downlink import Downlink
from server.realtime.g711 import Law
from server.realtime.terms import AudioFormat
from server.realtime.uplink import PcmUplink
from tests.speech import recording

LAWS: tuple[Law, ...] = ("audio/pcmu", "audio/pcma")


@pytest.mark.parametrize(
    ("law", "code", "value"),
    [
        ("audio/pcmu", 0xFF, 0), ("audio/pcmu", 0x80, 32_124), ("audio/pcmu", 0x00, -32_124),
        ("audio/pcma", 0xD5, 8), ("audio/pcma", 0x55, -8), ("audio/pcma", 0xAA, 32_256),
        ("audio/pcma", 0x2A, -32_256),
    ],
)  # fmt: skip
def test_the_ends_and_the_middle_are_where_they_belong(law: Law, code: int, value: int) -> None:
    assert g711.decode(law, bytes([code])).tolist() == [value]
    assert g711.encode(law, np.array([value], np.int16)) == bytes([code])


@pytest.mark.parametrize("law", LAWS)
def test_every_code_comes_back(law: Law) -> None:
    codes = bytes(code for code in range(256) if (law, code) != ("audio/pcmu", 0x7F))  # minus zero
    assert g711.encode(law, g711.decode(law, codes)) == codes


@pytest.mark.parametrize("law", LAWS)
def test_speech_keeps_its_quality(law: Law) -> None:
    speech = np.frombuffer(recording("two_cities.wav", 5.0), "<i2")
    heard = g711.decode(law, g711.encode(law, speech)).astype(np.float64)
    noise = heard - speech
    assert 10 * np.log10((speech.astype(np.float64) ** 2).mean() / (noise**2).mean()) > 30


@pytest.mark.parametrize("law", LAWS)
def test_a_voice_in_any_pieces_is_the_same_voice(law: Law) -> None:
    voice = recording("two_cities.wav", 3.0)
    audio = AudioFormat(law, 8_000)
    whole, cut = Downlink(audio), Downlink(audio)
    at_once = b"".join([*whole.send(voice), *whole.finish()])
    pieces = [voice[start : start + 1_234] for start in range(0, len(voice), 1_234)]
    in_pieces = b"".join([p for piece in pieces for p in cut.send(piece)] + [*cut.finish()])
    _alike(g711.decode(law, at_once), g711.decode(law, in_pieces))
    assert abs(len(at_once) - len(voice) // 6) < 10
    assert max(len(piece) for piece in Downlink(audio).send(voice)) <= 1_600


def test_audio_at_24_khz_in_any_pieces_is_the_same_audio() -> None:
    sound = recording("two_cities.wav", 3.0)
    audio = AudioFormat()
    one, many = PcmUplink(audio), PcmUplink(audio)
    pieces = [sound[start : start + 2_222] for start in range(0, len(sound), 2_222)]
    at_once = one.to_candidate_rate(sound)
    in_pieces = b"".join(many.to_candidate_rate(piece) for piece in pieces)
    size = min(len(at_once), len(in_pieces))
    _alike(np.frombuffer(at_once[:size], "<i2"), np.frombuffer(in_pieces[:size], "<i2"))
    assert abs(len(at_once) - len(sound) * 2 // 3) < 3_000


def _alike(one: NDArray[np.int16], other: NDArray[np.int16]) -> None:
    """But for the resampler's dither, which is of the last bit."""
    assert len(one) == len(other)
    assert np.corrcoef(one, other)[0, 1] > 0.9999
