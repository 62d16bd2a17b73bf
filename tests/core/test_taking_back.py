"""A question that came too early is taken back: speech in its beginning goes on with the answer."""

from __future__ import annotations

from typing import TypeVar

import pytest

from server.core.events import (
    AnswerCommitted,
    AnswerGiven,
    AnswerTyped,
    ControlUsed,
    Hush,
    InterviewEnded,
    ItemSettled,
    Played,
    QuestionAsked,
    QuestionTakenBack,
    QuestionVoiced,
    Release,
    Say,
    SegmentTranscribed,
    SpeechStarted,
    VoiceStarted,
)
from server.core.interview import Interview
from server.core.session import Session
from server.core.state import State
from server.language.pack import shipped
from tests.core.candidate import ANSWER, Candidate, fresh

INTERVIEW = "00000000-0000-7000-8000-00000000000a"
FIRST = "We moved the payment service to Kafka because the nightly batch was too slow."
REST = "The tricky part was that two teams wrote to the same table at night."
VOICE_MS = 6_000

F = TypeVar("F")


def session() -> Session:
    packs = shipped()
    resume = {"header": {"name": "Kim"}}
    return fresh(Interview(INTERVIEW, "Backend Engineer", "en", resume, packs=packs))


def told(who: Candidate, kind: type[F]) -> list[F]:
    return [fact for fact in who.facts() if isinstance(fact, kind)]


def interrupted(*script: str, heard_ms: int = 700, marks: bool = True) -> Candidate:
    """The answer seemed over; of the second question, which takes 6 s, so much has been heard."""
    who = Candidate(session(), list(script))
    who.join(marks=marks)
    who.hear_question()
    who.speak(3_000)
    until_asked(who, 2)
    begin(who, heard_ms)
    return who


def until_asked(who: Candidate, count: int) -> None:
    while len(told(who, QuestionAsked)) < count:
        who.wait(32)
        assert who.now_ms < 120_000


def begin(who: Candidate, heard_ms: int) -> None:
    who.give(VoiceStarted(who.session.turn))
    who.give(QuestionVoiced(who.session.turn, VOICE_MS))
    who.wait(heard_ms)
    who.give(Played(who.session.turn, heard_ms, complete=False))


@pytest.mark.parametrize("marks", [True, False])
def test_the_rest_of_an_answer_is_not_the_answer_to_the_next_question(*, marks: bool) -> None:
    who = interrupted(FIRST, REST, ANSWER, marks=marks)
    who.speak(3_000)
    (back,) = told(who, QuestionTakenBack)
    assert (back.turn, back.reopened) == (2, 1)
    assert 500 < back.played_ms < 2_500
    assert Hush(2) in who.effects
    assert who.session.turn == 1
    until_asked(who, 3)
    answer = told(who, AnswerGiven)[-1]
    assert (answer.turn, answer.text) == (1, f"{FIRST} {REST}")
    assert [one.segment for one in told(who, SpeechStarted)] == [1, 2]


def test_nothing_of_it_counts_as_asked() -> None:
    who = interrupted(FIRST, REST)
    question = who.session.state.current
    who.speak(3_000)
    state = who.session.state
    assert question not in state.asked
    assert state.answered == frozenset()
    assert state.history == ()
    assert 1 not in state.past
    until_asked(who, 3)
    again = who.session.state.current
    assert (again.text, again.parent_id) == (question.text, question.parent_id)


def test_a_turn_that_was_taken_back_gives_its_number_to_no_other() -> None:
    who = interrupted(FIRST, REST)
    who.speak(3_000)
    until_asked(who, 3)
    assert who.session.turn == 3
    begin(who, 100)
    who.give(Played(2, VOICE_MS, complete=True))
    who.give(SegmentTranscribed(2, 1, "Late words.", (), "test", 900))
    assert who.session.state.floor == "speaking"


def test_what_was_settled_with_it_is_open_again() -> None:
    who = Candidate(session(), [ANSWER, "We split it by customer and moved them one by one.", REST])
    who.join()
    who.hear_question()
    who.speak(3_000)
    until_asked(who, 2)
    who.hear_question()
    who.speak(3_000)
    until_asked(who, 3)
    (settled,) = told(who, ItemSettled)
    begin(who, 600)
    who.speak(4_000)
    (back,) = told(who, QuestionTakenBack)
    assert back.unsettled == (settled.question_id,)
    assert who.session.state.settled == {}
    until_asked(who, 4)
    assert [one.question_id for one in told(who, ItemSettled)] == [settled.question_id] * 2


def test_the_facts_rebuild_what_was_taken_back() -> None:
    who = interrupted(FIRST, REST)
    who.speak(3_000)
    who.wait(200)
    rebuilt = State("en").planned(who.session.state.plan)
    for fact in who.facts():
        rebuilt = rebuilt.apply(fact)
    assert rebuilt == who.session.state
    assert rebuilt.yields == 1
    assert rebuilt.answer.text == FIRST or rebuilt.answer.text.startswith(FIRST)


def test_something_short_that_goes_on_takes_it_back_too() -> None:
    who = interrupted(FIRST, "It was slow at night.", "It was slow at night.", "And so on.")
    who.speak(700)
    who.wait(600)
    assert len(told(who, QuestionTakenBack)) == 1
    assert who.session.state.answer.text == f"{FIRST} It was slow at night."


@pytest.mark.parametrize("said", ["Could you repeat the question?", "uh-huh"])
def test_words_about_the_question_leave_it_asked(said: str) -> None:
    who = interrupted(FIRST, said, said)
    who.speak(600)
    who.wait(600)
    assert not told(who, QuestionTakenBack)


def test_a_wish_about_the_question_brings_that_one_again() -> None:
    """It was long enough to take the floor before its words were there."""
    who = interrupted(FIRST, "Could you repeat the question?")
    question = who.session.state.current
    who.speak(4_000)
    assert len(told(who, QuestionTakenBack)) == 1
    until_asked(who, 3)
    assert who.session.state.current.text == question.text
    assert told(who, AnswerGiven)[-1].turn == 1


@pytest.mark.parametrize("said_ms", [600, 2_000])
def test_a_wish_of_a_few_words_is_about_the_question_that_is_asked(said_ms: int) -> None:
    who = interrupted(FIRST, "Could you repeat the question?")
    question = who.session.state.current
    who.speak(said_ms)
    until_asked(who, 3)
    assert not told(who, QuestionTakenBack)
    again = who.session.state.current
    assert (again.kind, again.text) == ("repeat", question.text)


def test_words_that_are_late_do_not_let_the_voice_go_on() -> None:
    who = interrupted(FIRST)
    who.speak(2_000)
    who.wait(4_000)
    assert len(told(who, QuestionTakenBack)) == 1
    assert not [one for one in who.effects if isinstance(one, Release)]


def test_a_reply_to_what_was_heard_is_the_answer_to_it() -> None:
    who = interrupted(FIRST, REST, heard_ms=2_600)
    who.speak(3_000)
    who.wait(500)
    assert not told(who, QuestionTakenBack)
    assert who.session.turn == 2
    assert who.session.state.answer.text == REST


@pytest.mark.parametrize(("heard_ms", "back"), [(700, True), (1_150, False)])
def test_a_short_question_can_be_replied_to_once_it_was_heard(heard_ms: int, *, back: bool) -> None:
    who = interrupted(FIRST, REST, heard_ms=0)
    who.give(QuestionVoiced(2, 1_200))
    who.wait(heard_ms)
    who.speak(3_000)
    assert bool(told(who, QuestionTakenBack)) == back


def test_words_that_promised_more_go_on_whatever_was_heard() -> None:
    who = interrupted("We moved it to Kafka because", REST, heard_ms=0)
    who.give(QuestionVoiced(2, 1_200))
    who.wait(1_150)
    who.speak(3_000)
    assert told(who, QuestionTakenBack)


@pytest.mark.parametrize(("heard_ms", "back"), [(700, True), (3_000, False)])
def test_a_last_short_word_is_heard_in_the_beginning_only(heard_ms: int, *, back: bool) -> None:
    """Later a sound so short is a cough."""
    who = interrupted(FIRST, "mate", "mate", heard_ms=heard_ms)
    who.speak(256)
    who.wait(800)
    assert bool(told(who, QuestionTakenBack)) == back
    assert ("mate" in who.session.state.answer.text) == back


def test_time_in_which_the_voice_was_held_was_not_heard() -> None:
    """A cough held it for a second; the words after it come early in the question."""
    who = interrupted(FIRST, "", REST, heard_ms=1_400)
    who.speak(500)
    who.wait(900)
    assert Release(2) in who.effects
    who.speak(2_000)
    assert told(who, QuestionTakenBack)


def test_who_is_yielded_to_again_and_again_is_waited_for_longer() -> None:
    who = interrupted(FIRST, REST, REST, REST)
    for turn in (3, 4):
        who.speak(3_000)
        until_asked(who, turn)
        begin(who, 600)
    who.speak(3_000)
    assert len(told(who, QuestionTakenBack)) == 3
    ended = [fact for fact in who.facts() if isinstance(fact, AnswerGiven)]
    first, *_, last = (given.timings["decision_ms"] for given in ended)
    assert last > first + 500


@pytest.mark.parametrize("by", ["done", "typed"])
def test_who_said_that_the_answer_is_over_is_not_yielded_to(by: str) -> None:
    who = Candidate(session(), [FIRST, REST])
    who.join()
    who.hear_question()
    who.speak(2_000)
    who.wait(500)
    who.give(AnswerCommitted() if by == "done" else AnswerTyped("And that is all."))
    until_asked(who, 2)
    begin(who, 500)
    who.speak(4_000)
    assert not told(who, QuestionTakenBack)


def test_what_was_asked_for_by_button_is_not_taken_back() -> None:
    who = interrupted(FIRST, REST, heard_ms=300)
    who.give(ControlUsed("rephrase", "button"))
    begin(who, 300)
    who.speak(4_000)
    assert not told(who, QuestionTakenBack)


def test_it_is_not_taken_back_after_a_break() -> None:
    who = interrupted(FIRST, REST, heard_ms=300)
    who.give(ControlUsed("pause", "button"))
    who.give(ControlUsed("resume", "button"))
    begin(who, 300)
    assert [say.turn for say in who.said()][-1] == 2
    who.speak(4_000)
    assert not told(who, QuestionTakenBack)


def test_words_that_come_meanwhile_are_kept() -> None:
    """Those of the first segment are late: the question was asked without them."""
    who = Candidate(session(), [], decode_frames=3)
    who.join()
    who.hear_question()
    who.speak(1_000)
    who.wait(320)
    who.speak(1_000)
    who.wait(320)
    who.give(SegmentTranscribed(1, 2, REST, (), "test", 96))
    while not told(who, QuestionAsked)[1:]:
        who.wait(320)
        assert who.now_ms < 60_000
    begin(who, 300)
    who.give(SegmentTranscribed(1, 1, FIRST, (), "test", 900))
    who.speak(4_000)
    assert len(told(who, QuestionTakenBack)) == 1
    assert who.session.state.answer.text == f"{FIRST} {REST}"


def test_the_same_is_asked_once_the_answer_is_over() -> None:
    who = interrupted(FIRST, REST)
    who.speak(2_000)
    until_asked(who, 3)
    texts = [effect.text for effect in who.effects if isinstance(effect, Say)]
    assert texts[1] == texts[2]


def at_the_last_words(*script: str, heard_ms: int = 600) -> Candidate:
    who = Candidate(session(), [*[ANSWER.replace("payment", name) for name in "abcdef"], *script])
    who.join()
    who.hear_question()
    while not who.session.state.over:
        who.speak(2_000)
        asked = len(told(who, QuestionAsked))
        until_asked(who, asked + 1)
        if not who.session.state.over:
            who.hear_question()
    begin(who, heard_ms)
    return who


def test_the_last_words_wait_for_the_rest_of_the_last_answer() -> None:
    who = at_the_last_words(REST)
    turn = who.session.state.current.turn
    who.speak(4_000)
    assert [back.turn for back in told(who, QuestionTakenBack)] == [turn]
    while not who.session.state.over:
        who.wait(32)
    who.hear_question()
    assert told(who, AnswerGiven)[-1].text.endswith(REST)
    assert told(who, InterviewEnded) == [InterviewEnded("complete")]


@pytest.mark.parametrize("heard_ms", [2_600, 5_300])
def test_nothing_said_later_over_the_last_words_stops_them(heard_ms: int) -> None:
    who = at_the_last_words(REST, heard_ms=heard_ms)
    who.speak(700)
    assert not told(who, QuestionTakenBack)
    assert not told(who, InterviewEnded)
    who.give(Played(who.session.turn, VOICE_MS, complete=True))
    assert told(who, InterviewEnded) == [InterviewEnded("complete")]


def test_an_end_that_was_asked_for_is_not_taken_back() -> None:
    who = Candidate(session(), ["I would like to stop here.", "Yes", REST])
    who.join()
    who.hear_question()
    for count in (2, 3):
        who.speak(1_500)
        until_asked(who, count)
        if count == 2:
            who.hear_question()
    assert who.session.state.over
    begin(who, 500)
    who.speak(4_000)
    assert not told(who, QuestionTakenBack)
