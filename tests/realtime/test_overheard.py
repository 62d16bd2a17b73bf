"""Who is heard while a voice plays of whose sound nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, repeat

import pytest

from server.realtime.overheard import ENOUGH, SURE, TAIL_FRAMES, Overheard

ROOM_DB = -60.0
SPEECH = 0.9
SECOND = 31


def echo(level_db: float) -> list[float]:
    """Three seconds of a voice in a room: syllables, and the gaps between them."""
    return [level_db + (0, -3, -9, -20)[at % 4] for at in range(3 * SECOND)]


def heard(overheard: Overheard, levels: Iterable[float]) -> list[float]:
    return [overheard.judge(SPEECH, level) for level in levels]


def speaking(levels: Iterable[float]) -> Overheard:
    overheard = Overheard()
    overheard.begin()
    overheard.sounds()
    assert set(heard(overheard, levels)) == {0.0}
    return overheard


@pytest.mark.parametrize("level_db", [-20.0, -30.0, -45.0])
def test_a_voice_that_comes_back_is_nobody(level_db: float) -> None:
    """Whether it is the first, which has to be learned, or a later one."""
    overheard = speaking(echo(level_db))
    overheard.end()
    heard(overheard, repeat(ROOM_DB, SECOND))
    overheard.begin()
    assert set(heard(overheard, echo(level_db))) == {0.0}


@pytest.mark.parametrize("own_db", [-40.0, -25.0])
def test_with_earphones_who_talks_is_heard_within_a_tenth_of_a_second(own_db: float) -> None:
    overheard = speaking(repeat(ROOM_DB, 2 * SECOND))
    talked = heard(overheard, repeat(own_db, SECOND))
    assert talked[: SURE - 1] == [0.0] * (SURE - 1)
    assert set(talked[SURE - 1 :]) == {SPEECH}


def test_who_talks_over_an_echo_is_heard_where_they_are_far_louder() -> None:
    overheard = speaking(echo(-40.0))
    assert SPEECH in heard(overheard, repeat(-22.0, 10))
    assert set(heard(speaking(echo(-28.0)), repeat(-22.0, 10))) == {0.0}, "by button only"


def test_a_click_is_nobody() -> None:
    overheard = speaking(repeat(ROOM_DB, 2 * SECOND))
    assert set(heard(overheard, chain([-20.0] * (SURE - 1), repeat(ROOM_DB, 5)))) == {0.0}


def test_a_loudspeaker_that_is_turned_up_is_learned() -> None:
    overheard = speaking(echo(-40.0))
    louder = [*echo(-26.0), *echo(-26.0), *echo(-26.0)]
    assert set(heard(overheard, louder)[-SECOND:]) == {0.0}


def test_silence_before_it_begins_teaches_nothing_of_how_loud_it_comes_back() -> None:
    overheard = Overheard()
    overheard.begin()
    heard(overheard, repeat(ROOM_DB, 2 * ENOUGH))
    overheard.sounds()
    assert set(heard(overheard, echo(-30.0))) == {0.0}


def test_while_it_is_held_whoever_speaks_is_heard() -> None:
    overheard = speaking(echo(-30.0))
    overheard.hold(held=True)
    assert overheard.judge(SPEECH, -35.0) == SPEECH
    overheard.hold(held=False)
    assert overheard.judge(SPEECH, -35.0) == 0.0


def test_what_a_room_keeps_of_it_is_nobody_and_then_all_is_as_ever() -> None:
    overheard = speaking(echo(-30.0))
    overheard.end()
    after = heard(overheard, repeat(-32.0, TAIL_FRAMES + 1))
    assert after == [0.0] * (TAIL_FRAMES - 1) + [SPEECH] * 2


def test_where_no_client_speaks_nothing_is_changed() -> None:
    assert set(heard(Overheard(), echo(-30.0))) == {SPEECH}
