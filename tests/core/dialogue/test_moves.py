"""What an utterance leads to, by what was done with it and where in the interview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from server.core.dialogue.moves import NEEDED, TABLE, Row, beside_work, came, in_peace, next_move
from server.core.events import (
    Kind,
    Meant,
    Move,
    QuestionAsked,
    SegmentHeard,
    UtteranceUnderstood,
)
from server.core.state import State
from server.core.understanding import ACTS, HURT, Act, Clause, Sensitive, Understood

QUESTION = QuestionAsked(1, "q", "Why?", "bank", "planned", "experience", None, None, None)


def state(
    kind: Kind = "planned",
    reason: str | None = None,
    *,
    stage: str = "experience",
    text: str = "said",
) -> State:
    """A planned question, after which something of this kind was said."""
    known = State("en").apply(replace(QUESTION, stage=stage))
    if kind != "planned":
        known = known.apply(replace(QUESTION, turn=2, kind=kind, reason=reason, stage=stage))
    return known.apply(SegmentHeard(known.turn, 1, 0, 900, text, (), "test"))


def meant(
    act: Act,
    sensitive: Sensitive = "none",
    *,
    work: bool = False,
    sure: float = 0.9,
    clauses: Sequence[Act] = (),
    near: str | None = None,
    self_harm: bool = False,
) -> Meant:
    parts = tuple(Clause("part", one, 0.9) for one in clauses)
    return Meant("said", "en", Understood(act, sure, sensitive, work, self_harm, parts), near)


def test_every_act_has_its_row() -> None:
    assert set(TABLE) == set(ACTS)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "answer_then_wish"])
def test_the_row_of_the_table_counts_and_says_to_what(act: Act) -> None:
    work = act == "correct_self"
    assert next_move(state(), meant(act, work=work)) == replace(TABLE[act], about=act)


def test_what_is_taken_back_without_another_answer_is_still_to_be_told() -> None:
    row = next_move(state(), meant("correct_self"))
    assert (row.after, row.answers, row.about) == ("same", False, "correct_self")


@pytest.mark.parametrize(
    ("read", "beside"),
    [
        (Understood("answer", 0.9), False),
        (Understood("answer", 0.9, work=True, star=()), False),
        (Understood("answer", 0.9, star=()), True),
        (Understood("answer", 0.3, star=("action",)), True),
        (Understood("answer", 0.4, work=True, star=("action",)), True),
        (Understood("answer", 0.9, star=("action",)), False),
    ],
)
def test_what_says_nothing_of_work_is_not_asked_on(read: Understood, beside: bool) -> None:
    assert beside_work(read) is beside


def test_what_is_not_sure_is_an_answer() -> None:
    for act in ACTS:
        assert next_move(state(), meant(act, sure=0.3, work=True)).answers
    assert next_move(state(), meant("wish_end", sure=NEEDED)).move == "confirm"


@pytest.mark.parametrize(
    ("clauses", "move", "about"),
    [
        (("answer", "wish_repeat"), "repeat", "wish_repeat"),
        (("wish_skip", "answer"), "confirm", "wish_skip"),
        (("answer", "question_process"), "answer", "question_process"),
        (("answer", "answer"), "next", "answer"),
    ],
)
def test_a_wish_beside_an_answer_is_met_and_the_answer_is_kept(
    clauses: Sequence[Act], move: Move, about: str
) -> None:
    row = next_move(state(), meant("answer_then_wish", clauses=clauses))
    assert (row.move, row.about, row.answers) == (move, about, True)


@pytest.mark.parametrize(
    ("read", "move", "after", "answers"),
    [
        (meant("answer", "health"), "acknowledge", "leave", False),
        (meant("answer", "bereavement"), "acknowledge", "wait", False),
        (meant("distress", "bereavement"), "acknowledge", "wait", False),
        (meant("answer", "health", work=True), "next", "leave", True),
        (meant("refuse_private", "family"), "acknowledge", "leave", False),
        (meant("answer", self_harm=True), "human", "wait", False),
        (meant("distress", work=True, self_harm=True), "human", "wait", False),
        (meant("answer", work=True, self_harm=True), "next", "go_on", True),
    ],
)
def test_what_was_confided_is_never_gone_into(
    read: Meant, move: Move, after: str, answers: bool
) -> None:
    row = next_move(state(), read)
    assert (row.move, row.after, row.answers) == (move, after, answers)


def test_what_is_rather_no_answer_is_asked_back_but_never_where_it_may_hurt() -> None:
    unsure = next_move(state(), meant("wish_end", sure=0.3))
    assert (unsure.move, unsure.after, unsure.answers) == ("confirm", "wait", False)
    assert next_move(state("aside", "unsure"), meant("wish_end", sure=0.3)).answers
    assert next_move(state(stage="closing"), meant("wish_end", sure=0.3)).answers
    for act in HURT:
        row = next_move(state(), meant(act, sure=0.2))
        assert (row.move, row.after, row.answers) == ("next", "leave", True)
        assert in_peace(meant(act, sure=0.2).read)


@pytest.mark.parametrize(
    ("wish", "read", "move"),
    [
        ("wish_skip", meant("smalltalk_ack", near="agreed"), "next"),
        ("wish_skip", meant("answer", near="agreed"), "next"),
        ("wish_skip", meant("wish_skip"), "next"),
        ("wish_end", meant("smalltalk_ack", near="agreed"), "close"),
        ("wish_end", meant("smalltalk_ack", near="declined"), "acknowledge"),
        ("wish_skip", meant("answer", near="declined"), "acknowledge"),
        ("wish_skip", meant("smalltalk_ack"), "acknowledge"),
        ("wish_end", meant("wish_end", near="declined"), "acknowledge"),
        ("wish_skip", meant("wish_skip", near="declined"), "acknowledge"),
        ("wish_skip", meant("wish_end", near="declined"), "confirm"),
        ("wish_skip", meant("wish_end", near="agreed"), "confirm"),
        ("wish_end", meant("distress", near="agreed"), "acknowledge"),
    ],
)
def test_a_spoken_skip_or_end_is_done_only_when_it_was_meant(
    wish: Act, read: Meant, move: Move
) -> None:
    assert next_move(state("confirm", wish), read).move == move


def test_who_answers_instead_of_confirming_has_answered() -> None:
    row = next_move(state("confirm", "wish_skip"), meant("answer", work=True))
    assert (row.move, row.answers) == ("next", True)


@pytest.mark.parametrize("reason", ["distress", "bereavement", "self_harm"])
def test_after_a_break_for_comfort_the_topic_is_left(reason: str) -> None:
    for act in ("smalltalk_ack", "answer", "off_topic"):
        row = next_move(state("aside", reason), meant(act))
        assert (row.move, row.after) == ("next", "leave")
    assert next_move(state("aside", reason), meant("wish_end")).move == "confirm"


def test_after_another_break_the_question_is_come_back_to_without_thanks() -> None:
    row = next_move(state("aside", "wish_pause"), meant("smalltalk_ack"))
    assert (row.after, row.about) == ("same", "")


def test_a_moment_after_which_the_answer_came_is_over() -> None:
    row = next_move(state(), meant("answer_then_wish", clauses=("wish_moment", "answer")))
    assert (row.move, row.after, row.answers) == ("next", "go_on", True)
    row = next_move(state(), meant("answer_then_wish", clauses=("answer", "wish_moment")))
    assert row.move == "wait"


def test_what_is_hardly_an_answer_after_a_break_does_not_use_the_question_up() -> None:
    said = Meant("said", "en", Understood("answer", 0.3, star=()), None)
    row = next_move(state("aside", "technical_trouble"), said)
    assert (row.after, row.about, row.answers) == ("same", "", False)
    work = replace(said, read=Understood("answer", 0.9, work=True, star=("action",)))
    assert next_move(state("aside", "technical_trouble"), work).answers


@pytest.mark.parametrize("act", ["smalltalk_ack", "off_topic", "injection", "garbled"])
def test_a_question_is_come_back_to_once(act: Act) -> None:
    again: Kind = "aside" if act == "garbled" else "repeat"
    row = next_move(state(again, act), meant(act))
    assert (row.after, row.answers) == ("leave", True)


@pytest.mark.parametrize(
    ("act", "move", "after"),
    [
        ("answer", "close", "go_on"),
        ("dont_know", "close", "go_on"),
        ("smalltalk_ack", "close", "go_on"),
        ("wish_end", "close", "end"),
        ("question_company", "answer", "go_on"),
        ("wish_repeat", "repeat", "same"),
        ("distress", "acknowledge", "wait"),
        ("refuse_private", "close", "go_on"),
    ],
)
def test_at_the_last_question_nothing_is_come_back_to(act: Act, move: Move, after: str) -> None:
    row = next_move(state(stage="closing"), meant(act))
    assert (row.move, row.after) == (move, after)


def test_a_long_moment_is_asked_after_once() -> None:
    moment = meant("wish_moment")
    assert next_move(state(), moment).move == "wait"
    assert next_move(state(), moment, waited=True) == Row("repeat", "same", about="moment_over")
    assert next_move(state("repeat"), moment, waited=True).after == "leave"
    beside = meant("answer_then_wish", clauses=("answer", "wish_moment"))
    assert next_move(state(), beside, waited=True).move == "next"


def test_without_words_it_was_noise_unless_nothing_could_read_it() -> None:
    assert came(state()) == "words"
    assert came(state(text="")) == "noise"
    unread = SegmentHeard(1, 2, 900, 950, "", (), "test", "no engine")
    assert came(state(text="").apply(unread)) == "unread"


@pytest.mark.parametrize(("act", "sensitive"), [("refuse_private", "none"), ("answer", "health")])
def test_a_topic_is_in_peace_from_then_on_until_the_next(act: Act, sensitive: Sensitive) -> None:
    known = state()
    told = UtteranceUnderstood(1, act, 0.2, sensitive, False, False, (), "next", answers=True)
    assert not known.topic_in_peace
    after = known.apply(told).apply(replace(QUESTION, turn=2, kind="follow_up"))
    assert after.topic_in_peace
    assert not after.apply(replace(QUESTION, turn=3)).topic_in_peace
