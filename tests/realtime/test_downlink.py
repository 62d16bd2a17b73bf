"""The voice in the format of one connection: nothing added, nothing lost, no long pieces."""

from __future__ import annotations

import numpy as np
import pytest

from server.engines.opus_stream import FRAME_SAMPLES
from server.ports import VOICE_RATE
from server.realtime.downlink import PIECE_MS, Downlink, OpusDownlink
from server.realtime.terms import AudioFormat
from server.realtime.wire import AUDIO_HEADER, Unpacked

SECOND = (np.sin(np.arange(VOICE_RATE) / 20) * 8_000).astype("<i2").tobytes()


def test_pcm_is_what_was_spoken() -> None:
    downlink = Downlink(AudioFormat("audio/pcm", VOICE_RATE))
    pieces = [*downlink.send(SECOND), *downlink.send(SECOND[:1_000]), *downlink.finish()]
    assert b"".join(pieces) == SECOND + SECOND[:1_000]
    assert max(map(len, pieces)) == VOICE_RATE * 2 * PIECE_MS // 1_000


@pytest.mark.parametrize("law", ["audio/pcmu", "audio/pcma"])
def test_a_telephone_hears_as_long_as_it_was_spoken(law: str) -> None:
    downlink = Downlink(AudioFormat(law, 8_000))  # type: ignore[arg-type]
    pieces = [*downlink.send(SECOND), *downlink.send(SECOND), *downlink.finish()]
    assert abs(sum(map(len, pieces)) - 16_000) <= 1
    assert max(map(len, pieces)) <= 8_000 * PIECE_MS // 1_000


def test_opus_frames_are_placed_one_after_the_other_and_anew_for_each_voice() -> None:
    downlink = OpusDownlink()

    def voice(turn: int) -> list[tuple[int, ...]]:
        sound = Unpacked(AUDIO_HEADER.pack(turn, 0) + SECOND)
        end = Unpacked(AUDIO_HEADER.pack(turn, VOICE_RATE))
        frames = [*downlink.pack(sound), *downlink.pack(end)]
        assert all(len(frame) > AUDIO_HEADER.size for frame in frames)
        return [AUDIO_HEADER.unpack_from(frame) for frame in frames]

    for turn in (1, 2):
        places = voice(turn)
        assert places == [(turn, n * FRAME_SAMPLES) for n in range(len(places))]
        assert len(places) * FRAME_SAMPLES >= VOICE_RATE
