from __future__ import annotations

from server.core.turn.arrival import MISSED_MS, Arrival


def expecting(now_ms: int = 1_000) -> Arrival:
    arrival = Arrival()
    arrival.expect(now_ms)
    return arrival


def test_sound_that_stays_away_is_missed_once() -> None:
    arrival = expecting()
    assert arrival.deadline() == 1_000 + MISSED_MS
    assert arrival.look(500, 1_000 + MISSED_MS)
    assert arrival.deadline() is None
    assert not arrival.look(500, 9_000)


def test_sound_that_came_late_is_waited_for_from_there() -> None:
    arrival = expecting()
    assert not arrival.look(2_500, 1_000 + MISSED_MS)
    assert arrival.deadline() == 2_500 + MISSED_MS
    assert arrival.look(2_500, 2_500 + MISSED_MS)


def test_nothing_is_missed_of_who_never_sent_any() -> None:
    arrival = expecting()
    for now_ms in range(1_000, 60_000, 1_000):
        assert not arrival.look(None, now_ms)


def test_its_return_is_told_once() -> None:
    arrival = expecting()
    assert not arrival.came()
    arrival.look(1_000, 4_000)
    assert arrival.came()
    assert not arrival.came()
