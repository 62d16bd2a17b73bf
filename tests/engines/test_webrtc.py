"""WebRTC's canceller: of what was played nothing is left, of everything else all."""

from __future__ import annotations

import numpy as np

from server.engines.webrtc import FRAME, WebrtcCanceller
from server.ports import CANDIDATE_RATE
from tests.speech import recording


def test_a_played_voice_is_taken_out_and_a_voice_that_was_not_played_stays() -> None:
    voice = np.frombuffer(recording("two_cities.wav", 8), "<i2")
    voice = voice[: len(voice) // FRAME * FRAME]
    late = np.concatenate([np.zeros(FRAME * 10, np.int16), voice[: -FRAME * 10] // 4])
    silent = np.zeros_like(voice)
    taken = WebrtcCanceller().cancel(late, voice)[CANDIDATE_RATE:].astype(float)
    kept = WebrtcCanceller().cancel(voice, silent)[CANDIDATE_RATE:].astype(float)
    assert len(taken) == len(voice) - CANDIDATE_RATE
    assert np.square(taken).mean() < 1e-3 * np.square(late[CANDIDATE_RATE:].astype(float)).mean()
    assert np.square(kept).mean() > 0.5 * np.square(voice[CANDIDATE_RATE:].astype(float)).mean()
