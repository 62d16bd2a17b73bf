"""Sound that stays away."""

from __future__ import annotations

from server.core.events import (
    AudioMissed,
    AudioReturned,
    CandidateJoined,
    Fact,
    Input,
    Ticked,
    VoiceFrame,
)
from server.core.state import State
from server.realtime.arrival import MISSED_MS, Arrival

LISTENING = State("en", present=True, floor="listening")


def watched(arrival: Arrival, now_ms: int, event: Input | None = None) -> list[Fact]:
    return arrival.told(event or Ticked(), LISTENING, 0, now_ms)


def expecting(now_ms: int = 1_000) -> Arrival:
    arrival = Arrival()
    assert watched(arrival, now_ms, CandidateJoined(marks=True)) == []
    return arrival


def test_sound_that_stays_away_is_missed_once() -> None:
    arrival = expecting()
    arrival.came(500)
    assert arrival.deadline() == 1_000 + MISSED_MS
    assert watched(arrival, 1_000 + MISSED_MS) == [AudioMissed(0, 0)]
    assert arrival.deadline() is None
    assert watched(arrival, 9_000) == []


def test_sound_that_came_late_is_waited_for_from_there() -> None:
    arrival = expecting()
    arrival.came(2_500)
    assert watched(arrival, 1_000 + MISSED_MS) == []
    assert arrival.deadline() == 2_500 + MISSED_MS
    assert watched(arrival, 2_500 + MISSED_MS) == [AudioMissed(0, 0)]


def test_nothing_is_missed_of_who_never_sent_any() -> None:
    arrival = expecting()
    for now_ms in range(1_000, 60_000, 1_000):
        assert watched(arrival, now_ms) == []


def test_nothing_is_missed_of_who_is_not_listened_to() -> None:
    arrival = expecting()
    arrival.came(1_000)
    speaking = State("en", present=True, floor="speaking")
    assert arrival.told(Ticked(), speaking, 0, 9_000) == []
    assert arrival.deadline() is None
    assert watched(arrival, 9_000) == [], "it is expected from now on"
    assert arrival.deadline() == 9_000 + MISSED_MS


def test_its_return_is_told_once() -> None:
    arrival = expecting()
    arrival.came(1_000)
    assert watched(arrival, 4_000) == [AudioMissed(0, 0)]
    arrival.came(4_050)
    assert watched(arrival, 4_100, VoiceFrame(32, 0.1)) == [AudioReturned(0, 0)]
    assert watched(arrival, 4_200, VoiceFrame(64, 0.1)) == []


def test_what_is_judged_late_is_no_return() -> None:
    arrival = expecting()
    arrival.came(1_000)
    assert watched(arrival, 4_000) == [AudioMissed(0, 0)]
    for now_ms in range(4_100, 9_000, 100):
        assert watched(arrival, now_ms, VoiceFrame(now_ms, 0.1)) == []
