"""What the bench of the interviewer's desk reckons with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench.desk import long_talk
from bench.watched import Told, behind, ratios, sights, two
from tests.interviewed import QUESTION_MS, WORD_MS

SENT_S = [100 + 0.04 * frame for frame in range(1, 101)]
"""Frames of 40 ms, in real time."""


def partial(text: str, tentative: str = "", *, watcher: bool = False) -> dict[str, Any]:
    kind = "partial" if watcher else "viva.partial"
    return {"type": kind, "turn": 1, "segment": 1, "text": text, "tentative": tentative}


def final(*words: tuple[str, int], watcher: bool = False) -> dict[str, Any]:
    timed = [{"text": text, "start_ms": end - 300, "end_ms": end} for text, end in words]
    text = " ".join(word for word, _ in words)
    told = {"turn": 1, "segment": 1, "text": text, "words": timed}
    if watcher:
        return {"type": "fact", "kind": "segment_heard", "data": told}
    return {"type": "viva.caption", **told}


def told(*events: tuple[float, dict[str, Any]]) -> Told:
    return [(at, json.dumps(event)) for at, event in events]


SAID = ("I", 400), ("moved", 800), ("the", 1_200), ("check.", 1_600)


@pytest.mark.parametrize("watcher", [True, False])
def test_a_word_waits_until_a_caption_holds_it(watcher: bool) -> None:
    """From the frame with its end; what no caption had waits for the final one."""
    seen = told(
        (101.0, partial("", "i mow", watcher=watcher)),
        (101.9, partial("i moved", "a", watcher=watcher)),
        (102.5, partial(" a", watcher=watcher)),
        (103.0, final(*SAID, watcher=watcher)),
    )
    found = sights(seen, SENT_S)
    assert found.seen_s == pytest.approx([0.6, 0.2, 0.7, 1.4])
    assert found.stays_s == pytest.approx([0.6, 1.1, 1.8, 1.4])
    assert found.settled_s == pytest.approx([1.5, 1.1, 1.8, 1.4])
    assert found.guesses == (3, 2)
    assert found.stood == (3, 1)


def test_what_was_found_of_several_is_counted_together() -> None:
    seen = told((101.0, partial("", "I")), (103.0, final(*SAID)))
    found = sights(seen, SENT_S)
    found.add(sights(seen, SENT_S))
    assert len(found.seen_s) == len(found.stays_s) == len(found.settled_s) == 2 * len(SAID)
    assert found.guesses == (2, 0)
    assert found.stood == (0, 0)


def test_words_that_never_became_final_and_other_news_count_nothing() -> None:
    pending = {"type": "viva.caption", "turn": 1, "segment": 1, "text": "", "pending": True}
    floor = {"type": "fact", "kind": "floor_passed", "data": {"turn": 1}}
    found = sights(told((101.0, partial("I")), (102.0, pending), (103.0, floor)), SENT_S)
    assert found.seen_s == found.settled_s == []


def test_a_word_that_ends_after_the_last_frame_counts_from_that() -> None:
    found = sights(told((105.0, final(("late", 9_000)))), SENT_S)
    assert found.seen_s == found.settled_s == pytest.approx([1.0])


def test_a_watcher_is_behind_by_the_caption() -> None:
    candidate = told((101.0, partial("I moved")), (103.0, final(*SAID)))
    watcher = told(
        (101.25, partial("I moved", watcher=True)),
        (102.0, partial(" nowhere", watcher=True)),
        (103.5, final(*SAID, watcher=True)),
    )
    assert behind(candidate, watcher) == pytest.approx([0.25, 0.5])


def test_milliseconds_and_ratios_of_p50_and_p95() -> None:
    seconds = [number / 1_000 for number in range(1, 101)]
    assert two(seconds) == "51 / 96"
    assert ratios(seconds, [2 * one for one in seconds]) == "2.00 / 2.00"
    assert two([]) == "– / –"
    assert ratios([], seconds) == "– / –"


@pytest.mark.parametrize("minutes", [2, 60])
def test_a_long_talk_takes_as_long_as_it_is_to(minutes: float) -> None:
    texts = ["word " * 100, "other " * 50]
    talk = long_talk(minutes, texts)
    spoken_ms = [QUESTION_MS + WORD_MS * len(one.answer.split()) for one in talk]
    assert 0 <= sum(spoken_ms) - minutes * 60_000 <= max(spoken_ms)
    assert talk[0].stage == "introduction"
    probes = [one for one in talk if one.follows]
    assert all(one.follows in one.rubric for one in probes)
    assert len(probes) == (len(talk) - 1) // 2
