"""One candidate's ears."""

from __future__ import annotations

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened
from server.realtime.ears import Ears
from server.realtime.segment import FRAME_MS


def hear(ears: Ears, ms: int, probability: float, *, far: bool = False) -> list[Opened | Closed]:
    edges: list[Opened | Closed] = []
    for _ in range(ms // FRAME_MS):
        frame = VoiceFrame(ears.now_ms + FRAME_MS, probability, far)
        edges += ears.hear(frame, apart=True)
    return edges


def test_speech_is_going_on_until_a_frame_without_it() -> None:
    ears = Ears()
    hear(ears, 640, 0.9)
    sounds = [ears.talking]
    hear(ears, 64, 0.0)
    assert [*sounds, ears.talking] == [True, False]
    assert ears.open_segment == 1, "a pause so short ends no segment"


def test_a_far_voice_is_counted_from_the_candidates_own_on() -> None:
    ears = Ears()
    hear(ears, 1_000, 0.9)
    hear(ears, 400, 0.0)
    before_ms = ears.far_ms
    hear(ears, 4_000, 0.9, far=True)
    assert 3_000 <= ears.far_ms - before_ms <= 4_000
    ears.begin()
    assert ears.far_ms == before_ms == 0


def test_where_it_is_not_asked_for_voices_are_not_told_apart() -> None:
    ears = Ears()
    edges = []
    for number in range(80):
        frame = VoiceFrame(ears.now_ms + FRAME_MS, 0.9, number > 40)
        edges += ears.hear(frame, apart=False)
    assert [type(edge) for edge in edges] == [Opened]
