"""What is played of the voice, and what a client is told of it."""

from __future__ import annotations

from typing import Any

from server.rtc.opus import FRAME_BYTES
from server.rtc.playout import Cut, Playout


def of(told: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["type"].partition(".")[2], one["response_id"]) for one in told]


def test_a_voice_is_played_from_its_first_frame_to_its_last() -> None:
    told: list[dict[str, Any]] = []
    playout = Playout(told.append)
    assert playout.frame() is None
    assert playout.idle.is_set()
    playout.add("resp_1", "item_1", b"a" * (FRAME_BYTES + 10))
    assert told == []
    assert playout.frame() == b"a" * FRAME_BYTES
    assert of(told) == [("started", "resp_1")]
    assert playout.frame() is None, "the rest of a frame waits for what comes"
    assert not playout.idle.is_set()
    playout.finish("resp_1")
    assert playout.frame() == b"a" * 10 + bytes(FRAME_BYTES - 10)
    assert playout.frame() is None
    assert of(told) == [("started", "resp_1"), ("stopped", "resp_1")]
    assert playout.idle.is_set()


def test_responses_are_played_one_after_the_other() -> None:
    told: list[dict[str, Any]] = []
    playout = Playout(told.append)
    for number in (1, 2):
        playout.add(f"resp_{number}", f"item_{number}", bytes(FRAME_BYTES))
        playout.finish(f"resp_{number}")
    while playout.frame() is not None:
        pass
    assert of(told) == [
        ("started", "resp_1"), ("stopped", "resp_1"), ("started", "resp_2"), ("stopped", "resp_2"),
    ]  # fmt: skip


def test_what_is_cleared_is_played_no_more_and_told_how_far_it_came() -> None:
    told: list[dict[str, Any]] = []
    playout = Playout(told.append)
    assert playout.clear() == []
    playout.add("resp_1", "item_1", bytes(10 * FRAME_BYTES))
    playout.add("resp_2", "item_2", bytes(10 * FRAME_BYTES))
    for _ in range(3):
        playout.frame()
    assert playout.clear() == [Cut("item_1", 60), Cut("item_2", 0)]
    assert of(told) == [("started", "resp_1"), ("cleared", "resp_1")]
    assert playout.frame() is None
    assert playout.idle.is_set()
    assert playout.clear() == []


def test_a_last_frame_that_was_filled_up_counts_as_what_was_in_it() -> None:
    playout = Playout(lambda _: None)
    playout.add("resp_1", "item_1", bytes(FRAME_BYTES + FRAME_BYTES // 2))
    playout.finish("resp_1")
    playout.frame()
    playout.frame()
    assert playout.clear() == [Cut("item_1", 30)]


def test_where_nothing_more_comes_what_is_here_is_played() -> None:
    playout = Playout(lambda _: None)
    playout.add("resp_1", "item_1", bytes(FRAME_BYTES + 2))
    playout.end()
    assert [playout.frame() is None for _ in range(3)] == [False, False, True]
    assert playout.idle.is_set()
