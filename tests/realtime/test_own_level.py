"""Whether what is heard is far quieter than the candidate, known without ever doubting a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events.answer import Answer, Past
from server.core.events.facts import SegmentHeard
from server.core.state import State
from server.realtime.own_level import FAR_DB, FIRST_FRAMES, OwnLevel

THEIRS = State("en", floor="listening")
QUIET = SegmentHeard(1, 1, 0, 900, "we moved it", (), "test", background=True)


class Room:
    def __init__(self) -> None:
        self.level = OwnLevel()
        self.state = THEIRS

    def hears(self, loud_db: float | None, frames: int, probability: float = 0.9) -> list[bool]:
        return [self.level.is_far(self.state, probability, loud_db) for _ in range(frames)]


@pytest.fixture
def known() -> Room:
    room = Room()
    room.hears(-20, FIRST_FRAMES)
    return room


def test_nobody_is_far_before_somebody_was_heard() -> None:
    room = Room()
    assert not any(room.hears(-50, FIRST_FRAMES - 1))
    assert not any(room.hears(-50, 300))


def test_what_is_far_quieter_is_far(known: Room) -> None:
    assert all(known.hears(-40, 100))
    assert known.hears(-20, 1) == [False]
    assert known.hears(-40, 1) == [True]


@pytest.mark.parametrize("whose", [Answer(claimed=True), Answer((QUIET,))])
def test_a_quieter_voice_that_was_the_candidates_is_learned_anew(
    known: Room, whose: Answer
) -> None:
    assert all(known.hears(-40, 100))
    known.state = replace(THEIRS, past={1: Past("q", whose)})
    assert not any(known.hears(-40, 300))
    assert all(known.hears(-60, 100)), "they are known again"


@pytest.mark.parametrize("quieter_db", [6, 10, 12, FAR_DB - 0.5])
def test_who_speaks_more_softly_is_not_far(known: Room, quieter_db: float) -> None:
    assert not any(known.hears(-20 - quieter_db, 400))


def test_who_goes_softly_step_by_step_is_followed_however_far(known: Room) -> None:
    for loud_db in range(-20, -50, -2):
        assert not any(known.hears(loud_db, 150))


def test_what_is_far_does_not_become_the_level(known: Room) -> None:
    known.hears(-40, 3_000)
    assert known.hears(-40, 1)[0]


@pytest.mark.parametrize("state", [State("en", floor="speaking"), replace(THEIRS, paused=True)])
def test_what_is_heard_beside_their_turn_says_nothing(known: Room, state: State) -> None:
    assert not any(known.level.is_far(state, 0.9, -50) for _ in range(100))


def test_without_levels_nothing_is_far(known: Room) -> None:
    assert not any(known.hears(None, 100))
