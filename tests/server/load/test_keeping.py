"""Sound that the server may not have."""

from __future__ import annotations

from server.load.keeping import LONGEST_MS, Keeping


def kept(count: int, *, spoken: range = range(0)) -> Keeping:
    """So many frames of 40 ms, each its number."""
    keeping = Keeping()
    for number in range(count):
        keeping.add(bytes([number]), 40, answer=number in spoken)
    return keeping


def taken(keeping: Keeping) -> list[int]:
    found: list[int] = []
    while (pcm := keeping.take()) is not None:
        found += pcm
    return found


def test_each_is_taken_once_and_what_is_stored_goes() -> None:
    keeping = kept(6, spoken=range(2, 5))
    assert taken(keeping) == [0, 1, 2, 3, 4, 5]
    assert keeping.spoken_ms == 120
    keeping.acknowledge(180)
    assert keeping.spoken_ms == 80, "of what ended a while before"
    assert taken(keeping) == []


def test_what_was_not_sent_is_kept_whatever_is_stored() -> None:
    keeping = kept(3)
    keeping.acknowledge(10_000)
    assert taken(keeping) == [0, 1, 2]


def test_after_a_break_it_goes_on_from_what_was_understood() -> None:
    keeping = kept(6)
    taken(keeping)
    keeping.rewind(heard_ms=80, audio_ms=200)
    assert taken(keeping) == [2, 3, 4, 5]
    keeping.acknowledge(340)
    keeping.rewind(heard_ms=0, audio_ms=360)
    assert taken(keeping) == [4, 5], "by the new clock"


def test_what_is_not_wanted_is_dropped_and_what_comes_then_is_not() -> None:
    keeping = kept(4)
    keeping.forget(160)
    keeping.add(b"\x09", 40, answer=False)
    assert taken(keeping) == [9]


def test_ten_minutes_are_the_most() -> None:
    keeping = Keeping()
    for _ in range(3):
        keeping.add(b"\x01", LONGEST_MS / 2, answer=True)
    assert keeping.spoken_ms == LONGEST_MS
