"""What a far quieter voice says is kept as what it is, and is no part of the answer."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerGiven,
    AnswerRevised,
    EngineFailed,
    SegmentHeard,
    SegmentPending,
    SegmentTranscribed,
    VoiceClaimed,
)
from server.realtime.mending import VoiceIsMine
from tests.core.candidate import ANSWER, Candidate
from tests.core.test_session import answering, told

FIRST = "I built the nightly export pipeline for the warehouse team myself."
TELEVISION = "And now the weather for the weekend."


def known(*script: str) -> Candidate:
    """The first answer was loud; the second question has been heard."""
    who = answering(FIRST, *script)
    who.loud_db = -20.0
    who.speak(6_016)
    who.wait(4_000)
    who.hear_question()
    who.wait(500)
    return who


def says(who: Candidate, loud_db: float, ms: int = 3_008) -> None:
    who.loud_db = loud_db
    who.speak(ms)
    who.wait(480)


def given(who: Candidate) -> str:
    who.wait(4_000)
    return told(who, AnswerGiven)[-1].text


def test_it_is_stored_as_what_it_is_and_no_part_of_the_answer() -> None:
    who = known(ANSWER, TELEVISION)
    says(who, -20)
    says(who, -42)
    assert given(who) == ANSWER
    heard = [(one.text, one.background) for one in told(who, SegmentHeard) if one.turn == 2]
    assert heard == [(ANSWER, False), (TELEVISION, True)]


def test_one_that_goes_on_without_a_pause_is_told_apart() -> None:
    who = known(ANSWER, TELEVISION)
    who.loud_db = -20
    who.speak(3_008)
    says(who, -42)
    assert given(who) == ANSWER
    assert [one.background for one in told(who, SegmentHeard) if one.turn == 2] == [False, True]


def test_where_it_is_all_that_was_said_it_is_the_candidate() -> None:
    who = known(ANSWER, ANSWER)
    says(who, -42, 6_016)
    assert given(who) == ANSWER


def test_who_was_the_only_one_speaks_as_loud_as_that_from_then_on() -> None:
    who = known(ANSWER, FIRST, FIRST, TELEVISION)
    says(who, -42, 6_016)
    assert given(who) == ANSWER
    who.hear_question()
    who.wait(500)
    says(who, -42, 6_016)
    says(who, -20)
    says(who, -60)
    assert given(who).count(FIRST) == 2


def test_who_goes_on_more_quietly_within_six_decibels_loses_nothing() -> None:
    who = known(ANSWER, ANSWER, ANSWER)
    for loud_db in (-14, -26, -20):
        says(who, loud_db)
    assert given(who).count(ANSWER) == 3


def test_the_candidate_may_say_that_it_was_them_while_the_answer_runs() -> None:
    who = known(ANSWER, ANSWER)
    says(who, -20)
    says(who, -42)
    who.give(VoiceIsMine(2))
    assert told(who, VoiceClaimed) == [VoiceClaimed(2)]
    assert given(who).count(ANSWER) == 2


def test_the_candidate_may_say_so_when_the_answer_is_over() -> None:
    who = known(ANSWER, "It held for a year.")
    says(who, -20)
    says(who, -42)
    assert given(who) == ANSWER
    who.give(VoiceIsMine(2))
    (revised,) = told(who, AnswerRevised)
    assert (revised.text, revised.reason) == (f"{ANSWER} It held for a year.", "claimed")
    who.give(VoiceIsMine(2))
    assert len(told(who, VoiceClaimed)) == 1, "once"


@pytest.mark.parametrize("second_db", [-20, -42])
def test_an_answer_with_another_voice_in_it_is_not_heard_once_more(second_db: int) -> None:
    who = known(ANSWER, ANSWER)
    who.sure = 0.5
    says(who, -20)
    says(who, second_db)
    given(who)
    assert (who.sitting.mending.worth_rehearing(2) is None) == (second_db == -42)


def test_there_is_nothing_to_claim_where_nobody_else_was_heard() -> None:
    who = known(ANSWER)
    says(who, -20)
    assert given(who) == ANSWER
    for turn in (1, 2, 7):
        who.give(VoiceIsMine(turn))
    assert not told(who, VoiceClaimed)


def test_words_of_it_that_come_late_are_no_part_of_the_answer_either() -> None:
    who = known(ANSWER)
    says(who, -20)
    says(who, -42)
    who.give(EngineFailed("stt", 2, "the recogniser failed", segment=2))
    (pending,) = told(who, SegmentPending)
    assert pending.background
    who.wait(4_000)
    (_, kept) = told(who, AnswerGiven)
    assert (kept.text, kept.clear) == (ANSWER, None), "no gap is left by it"
    who.give(SegmentTranscribed(2, 2, TELEVISION, (), "test", 90))
    assert told(who, SegmentHeard)[-1].background
    assert not told(who, AnswerRevised)
