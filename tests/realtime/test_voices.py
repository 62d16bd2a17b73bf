"""Segments are one voice's each, and those of a far quieter one say so."""

from __future__ import annotations

import pytest

from server.core.clock import Clock
from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened
from server.core.turn.patience import Patience
from server.core.turn.turn import Turn
from server.realtime.ears import Ears
from server.realtime.segment import FRAME_MS, Sensitivity
from server.realtime.voices import LEAST_FRAMES

OWN, FAR = False, True


class Room:
    def __init__(self) -> None:
        self.turn = Turn(Patience(), Clock(), Ears())
        self.turn.listen("speaking")
        self.edges: list[Opened | Closed] = []

    @property
    def now_ms(self) -> int:
        return self.turn.audio_ms

    def hears(self, far: bool, ms: int, probability: float = 0.9) -> None:
        for _ in range(ms // FRAME_MS):
            frame = VoiceFrame(self.now_ms + FRAME_MS, probability, far)
            decisions = self.turn.frame(frame, "listening")
            self.edges += [one for one in decisions if isinstance(one, Opened | Closed)]

    def pause(self, ms: int = 480) -> None:
        self.hears(FAR, ms, 0.0)

    @property
    def closed(self) -> list[Closed]:
        return [one for one in self.edges if isinstance(one, Closed)]

    def new(self) -> list[bool]:
        """Of the segments closed since, whether they are another's."""
        found = [one.background for one in self.closed]
        self.edges.clear()
        return found


@pytest.fixture
def room() -> Room:
    """The candidate has spoken."""
    made = Room()
    made.hears(OWN, 5_000)
    made.pause()
    assert made.new() == [False]
    return made


def test_a_far_quieter_voice_after_a_pause_is_anothers(room: Room) -> None:
    room.hears(FAR, 3_000)
    room.pause()
    room.hears(OWN, 3_000)
    room.pause()
    assert room.new() == [True, False]


def test_where_one_voice_goes_on_behind_the_other_they_are_parted(room: Room) -> None:
    began_ms = room.now_ms
    room.hears(OWN, 3_008)
    changed_ms = room.now_ms
    room.hears(FAR, 3_008)
    back_ms = room.now_ms
    room.hears(OWN, 3_008)
    room.pause()
    first, second, third = room.closed
    assert [one.background for one in room.closed] == [False, True, False]
    assert first.start_ms <= began_ms
    assert changed_ms <= first.end_ms <= changed_ms + Sensitivity().tail_ms
    assert second.start_ms == first.end_ms
    assert back_ms - 128 <= second.end_ms <= back_ms, "no first sound of the candidate's is lost"
    assert third.start_ms == second.end_ms
    numbers = [one.segment for one in room.edges]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 3


def test_what_was_parted_is_no_pause_of_the_candidates(room: Room) -> None:
    room.hears(OWN, 3_000)
    room.hears(FAR, 3_000)
    room.pause()
    closed, opened = room.edges[1:3]
    assert isinstance(closed, Closed)
    assert isinstance(opened, Opened)
    assert opened.onset_ms == closed.speech_end_ms


def test_how_words_fade_and_what_bangs_changes_nothing(room: Room) -> None:
    room.hears(FAR, (LEAST_FRAMES - 1) * FRAME_MS)
    room.pause()
    assert room.new() == [False], "less than half a second is how words fade"
    room.hears(FAR, 2_000)
    room.hears(OWN, 2 * FRAME_MS)
    room.hears(FAR, 2_000)
    room.pause()
    assert room.new() == [True]
