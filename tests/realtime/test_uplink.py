"""What connections send, at the rate of the server."""

from __future__ import annotations

import numpy as np
import pytest

from server.realtime.terms import AudioFormat
from server.realtime.uplink import NoUplink, OpusUplink, PcmUplink
from server.realtime.wire import WireError
from tests.speech import recording

SPEECH = recording("two_cities.wav", 2.0)


def test_pcm_at_the_servers_rate_goes_through_untouched() -> None:
    uplink = PcmUplink(AudioFormat("audio/pcm", 16_000))
    assert uplink.to_candidate_rate(SPEECH) == SPEECH


def test_another_rate_is_converted_as_one_stream_whatever_its_pieces() -> None:
    sent = np.repeat(np.frombuffer(SPEECH, "<i2"), 3)[::2].astype("<i2").tobytes()  # 24 kHz
    whole = PcmUplink(AudioFormat("audio/pcm", 24_000)).to_candidate_rate(sent)
    pieces = PcmUplink(AudioFormat("audio/pcm", 24_000))
    put_together = b"".join(
        pieces.to_candidate_rate(sent[start : start + 960]) for start in range(0, len(sent), 960)
    )
    shared = min(len(whole), len(put_together))
    assert abs(len(put_together) - len(SPEECH)) < 2 * 16 * 60, "a filter holds a few ms"
    apart = np.frombuffer(whole[:shared], "<i2").astype(int) - np.frombuffer(
        put_together[:shared], "<i2"
    )
    assert np.abs(apart).max() <= 2


@pytest.mark.parametrize("rate", [16_000, 24_000])
def test_a_stream_may_be_cut_anywhere(rate: int) -> None:
    whole = PcmUplink(AudioFormat("audio/pcm", rate)).to_candidate_rate(SPEECH)
    pieces = PcmUplink(AudioFormat("audio/pcm", rate))
    put_together = b"".join(
        pieces.to_candidate_rate(SPEECH[start : start + 641])
        for start in range(0, len(SPEECH), 641)
    )
    shared = min(len(whole), len(put_together))
    assert len(whole) - shared < 2 * 16 * 60, "a filter holds a few ms"
    apart = np.frombuffer(whole[:shared], "<i2").astype(int) - np.frombuffer(
        put_together[:shared], "<i2"
    )
    assert np.abs(apart).max() <= 2


def test_what_cannot_be_heard_is_refused_once() -> None:
    nothing = NoUplink()
    with pytest.raises(WireError) as refused:
        nothing.to_candidate_rate(bytes(640))
    assert refused.value.code == "format_not_heard"
    assert nothing.to_candidate_rate(bytes(640)) == b""


def test_what_is_no_opus_is_refused() -> None:
    with pytest.raises(WireError) as refused:
        OpusUplink().to_candidate_rate(b"\xff" * 7)
    assert refused.value.code == "invalid_audio"
