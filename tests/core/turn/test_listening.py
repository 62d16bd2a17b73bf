"""Captions are asked for as often as the recogniser has time for them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from server.core.events import Preview
from tests.core.candidate import ANSWER, Candidate
from tests.core.test_session import answering


@pytest.fixture
def who() -> Candidate:
    return answering(*[ANSWER] * 20)


def asked(who: Candidate, since: int = 0) -> list[int]:
    return [one.end_ms for one in who.effects[since:] if isinstance(one, Preview)]


def apart(times: list[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(times)]


@pytest.mark.parametrize(("takes_ms", "every_ms"), [(96, 1_000), (320, 1_000), (640, 1_800)])
def test_they_take_a_third_of_the_time_at_the_most(
    who: Candidate, takes_ms: int, every_ms: int
) -> None:
    who.caption_ms = takes_ms
    who.speak(12_000)
    gaps = apart(asked(who))
    assert len(gaps) >= 4
    assert min(gaps) >= every_ms
    assert max(gaps) <= every_ms + 96


def test_while_none_comes_none_is_asked_for(who: Candidate) -> None:
    who.speak(12_000)
    assert len(asked(who)) == 1


def test_where_there_is_no_time_for_them_they_end_and_come_back(who: Candidate) -> None:
    who.caption_ms, who.caption = 160, None
    for _ in range(6):  # the pace is the session's, not the segment's
        who.speak(10_000)
        who.wait(400)
    assert len(asked(who)) <= 8
    assert apart(asked(who))[-1] >= 16_000
    before, who.caption = len(who.effects), "some words"
    for _ in range(5):
        who.speak(10_000)
        who.wait(400)
    back = asked(who, before)
    assert len(back) >= 20
    assert apart(back)[-1] < 2_000


def test_late_final_words_are_a_reason_too(who: Candidate) -> None:
    who.caption_ms, who.decode_frames = 96, 80
    who.speak(3_000)
    who.wait(600)
    who.speak(2_000)
    before = len(who.effects)
    who.speak(3_000)  # the words come after 2.5 s
    late = asked(who, before)
    assert apart(late) == [] or max(apart(late)) >= 2_000
