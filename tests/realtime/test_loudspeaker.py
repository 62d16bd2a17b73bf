"""Which part of the voice is being played, on the microphone's clock."""

from __future__ import annotations

import numpy as np

from server.ports import CANDIDATE_RATE, VOICE_RATE
from server.realtime.loudspeaker import EARLY, TAIL, Loudspeaker, Sound

SECONDS = 2
RISING = np.linspace(0, 16_000, VOICE_RATE * SECONDS).astype("<i2")
"""How loud it is says where in the voice one is."""


def speaking() -> Loudspeaker:
    speaker = Loudspeaker()
    speaker.say(1, 0, RISING[:VOICE_RATE].tobytes())
    speaker.say(1, VOICE_RATE, RISING[VOICE_RATE:].tobytes())
    speaker.said(1)
    return speaker


def place(played: Sound) -> int:
    """The first of these samples, in ms of the voice."""
    return round(float(played[0]) / 16_000 * SECONDS * 1_000)


def test_it_plays_from_when_it_was_sent_to_its_end_and_the_room_a_little_longer() -> None:
    speaker = speaking()
    heard = [speaker.play(CANDIDATE_RATE // 2) for _ in range(4)]
    assert [place(one) for one in heard] == [0, 500, 1_000, 1_500]
    assert speaker.playing
    assert not speaker.play(TAIL).any()
    assert not speaker.playing


def test_what_has_not_been_sent_yet_is_silence() -> None:
    speaker = Loudspeaker()
    assert not speaker.playing
    speaker.say(1, 0, RISING[: VOICE_RATE // 2].tobytes())
    speaker.play(CANDIDATE_RATE // 2)
    assert not speaker.play(CANDIDATE_RATE).any()
    assert speaker.playing


def test_a_report_moves_it_on_but_never_back() -> None:
    speaker = speaking()
    speaker.play(CANDIDATE_RATE // 2)
    speaker.reported(1, 100, complete=False)
    assert place(speaker.play(160)) == 500
    speaker.reported(1, 900, complete=False)
    assert abs(place(speaker.play(160)) - 900 - EARLY * 1_000 // CANDIDATE_RATE) <= 1
    speaker.reported(2, 1_500, complete=False)  # of another question
    assert place(speaker.play(160)) < 1_000


def test_a_hold_stops_it_and_a_hush_ends_it() -> None:
    speaker = speaking()
    speaker.play(CANDIDATE_RATE // 2)
    speaker.hold()
    assert not speaker.play(CANDIDATE_RATE).any()
    speaker.release()
    assert place(speaker.play(160)) == 500
    speaker.hush()
    speaker.play(TAIL)
    assert not speaker.playing


def test_the_next_voice_begins_anew() -> None:
    speaker = speaking()
    speaker.play(CANDIDATE_RATE * 2 + TAIL)
    speaker.say(2, 0, RISING.tobytes())
    assert speaker.playing
    assert place(speaker.play(160)) == 0
