"""Stretches become whole frames, and a frame belongs to one time."""

from __future__ import annotations

from server.engines.opus import FRAME_MS
from server.realtime.encoding import PER_MS, Part, Stretch, Tape
from tests.speech import recording

SPEECH = recording("two_cities.wav", seconds=4.0)
ANSWER, BESIDE = Part(1, answer=True), Part(1, answer=False)


def stretch(part: Part | None, start_ms: int, end_ms: int, *, ends: bool = False) -> Stretch:
    pcm = SPEECH[start_ms * PER_MS * 2 : end_ms * PER_MS * 2]
    return Stretch(part, start_ms * PER_MS, pcm, 0, ends)


def test_what_fills_no_frame_goes_into_the_next_stretch() -> None:
    tape = Tape()
    (first,) = tape.take([stretch(BESIDE, 0, 1_000)])
    (second,) = tape.take([stretch(ANSWER, 1_000, 2_000)])
    assert (first.start_ms, first.end_ms) == (0, 960)
    assert (second.start_ms, second.end_ms) == (960, 1_980)
    assert len(second.packets) * FRAME_MS == 1_020


def test_before_a_break_the_last_frame_is_filled() -> None:
    tape = Tape()
    said, nothing = tape.take([stretch(ANSWER, 0, 1_000, ends=True), stretch(None, 1_000, 2_000)])
    assert said.end_ms == 1_020
    assert (nothing.part, nothing.packets, nothing.end_ms) == (None, (), 2_000)


def test_where_audio_was_lost_nothing_is_joined() -> None:
    tape = Tape()
    tape.take([stretch(ANSWER, 0, 1_000)])
    (later,) = tape.take([stretch(ANSWER, 2_000, 3_000)])
    assert later.start_ms == 2_000
