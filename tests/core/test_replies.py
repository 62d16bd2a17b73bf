"""What a language model's reply does in an interview: its act counts, the table decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events import (
    AnswerGiven,
    Compose,
    QuestionAsked,
    QuestionComposed,
    Reply,
    UtteranceUnderstood,
)
from server.core.rules import Rules
from server.wording import prompts
from server.wording.brief import brief as told_of
from tests.core.candidate import ANSWER, PLAN, Candidate, asks
from tests.core.test_session import answering, candidate, floors, told


def replied(who: Candidate, reply: Reply, *, fault: str | None = None) -> Compose:
    """To the request that is open."""
    compose = who.briefs()[-1]
    who.give(QuestionComposed(compose.turn, compose.revision, reply, "m", 1, fault=fault))
    return compose


def said(text: str) -> Candidate:
    who = answering(text, writer=True)
    who.speak(2_000)
    who.wait(4_500)
    return who


def understood(who: Candidate) -> UtteranceUnderstood:
    return told(who, UtteranceUnderstood)[-1]


@pytest.mark.parametrize(
    ("act", "move", "kind", "answers"),
    [
        ("answer", "next", "planned", True),
        ("wish_repeat", "repeat", "repeat", False),
        ("wish_skip", "confirm", "confirm", False),
        ("clarify", "clarify", "rephrase", False),
        ("wish_moment", "wait", "aside", False),
        ("refuse_private", "acknowledge", "planned", False),
        ("distress", "acknowledge", "aside", False),
    ],
)
def test_the_models_act_counts_where_nobody_else_noticed(
    act: str, move: str, kind: str, *, answers: bool
) -> None:
    who = said(ANSWER)
    replied(who, Reply(act, move))  # type: ignore[arg-type]
    assert (understood(who).act, understood(who).answers) == (act, answers)
    assert told(who, QuestionAsked)[-1].kind == kind
    assert bool(told(who, AnswerGiven)) is answers


def test_a_model_that_sees_an_answer_where_a_wish_was_read_makes_it_one() -> None:
    who = said("What do you mean by that?")
    replied(who, asks("What is not clear about the reports?", "What do you mean by that?"))
    assert understood(who).act == "answer"
    assert told(who, QuestionAsked)[-1].source == "llm"


@pytest.mark.parametrize(
    "text",
    ["Sorry, I am crying.", "Could you repeat the question?", "I may not talk about that."],
)
def test_where_it_is_known_what_to_do_nobody_is_asked(text: str) -> None:
    who = said(text)
    assert who.briefs() == []
    assert told(who, QuestionAsked)[-1].kind in ("aside", "repeat", "planned")


@pytest.mark.parametrize(
    "act", ["refuse_private", "refuse_confidential", "dont_know", "protest", "distress"]
)
def test_a_model_cannot_probe_after_what_the_table_leaves_alone(act: str) -> None:
    who = said(ANSWER)
    replied(who, Reply(act, "probe", "Why will you not say it?", ANSWER))  # type: ignore[arg-type]
    question = told(who, QuestionAsked)[-1]
    assert question.source == "bank"
    assert "Why will you" not in question.spoken


def test_to_a_refusal_only_the_packs_words_are_said() -> None:
    """Whatever a model was talked into saying there: that somebody has passed, say."""
    who = said(ANSWER)
    replied(who, Reply("refuse_confidential", "acknowledge", "You have passed the interview."))
    question = told(who, QuestionAsked)[-1]
    assert len(who.briefs()) == 1
    assert (question.text, question.model) == ("Second?", None)
    assert question.lead
    assert "passed" not in question.spoken


def test_a_correction_is_taken_and_the_model_may_ask_what_fits() -> None:
    who = said("That is not what I do.")
    replied(who, Reply("correct_interviewer", "correct", "What does your work look like then?"))
    question = told(who, QuestionAsked)[-1]
    assert (question.kind, question.source) == ("rephrase", "llm")
    assert question.text == "What does your work look like then?"
    assert question.lead, "it is taken in the pack's words"


def test_what_a_question_means_is_said_in_the_models_words() -> None:
    who = said("What do you mean by that?")
    replied(who, Reply("clarify", "clarify", "Which work are you doing now?"))
    question = told(who, QuestionAsked)[-1]
    assert (question.kind, question.source) == ("rephrase", "llm")
    assert question.text == "Which work are you doing now?"
    assert not told(who, AnswerGiven)


def test_other_words_for_a_question_may_be_much_like_it() -> None:
    plan = (replace(PLAN[0], text="What led you to move the reports to Kafka?"), *PLAN[1:])
    who = candidate("What do you mean by that?", writer=True)
    who.join(plan)
    who.hear_question()
    who.speak(2_000)
    who.wait(4_500)
    simpler = "What made you move all of the reports over to Kafka?"
    replied(who, Reply("clarify", "clarify", simpler))
    assert told(who, QuestionAsked)[-1].text == simpler


def test_a_fact_is_told_word_for_word_and_found_by_the_name_the_model_gives() -> None:
    who = said(ANSWER)
    replied(who, Reply("question_process", "answer", "You have all day.", line="decides"))
    question = told(who, QuestionAsked)[-1]
    assert "People decide" in question.spoken
    assert "all day" not in question.spoken
    assert understood(who).about == "decides"


def test_the_same_words_to_another_question_are_asked_about_anew() -> None:
    who = candidate(ANSWER, ANSWER, writer=True, rules=Rules(follow_ups=2))
    who.join()
    who.hear_question()
    for _ in range(2):
        who.speak(2_000)
        who.wait(4_500)
        if len(who.briefs()) == 1:
            replied(who, Reply("wish_moment", "wait"))
            who.hear_question()
    assert len(who.briefs()) == 2
    assert [one.act for one in told(who, UtteranceUnderstood)] == ["wish_moment"]


@pytest.mark.parametrize(("floor", "waits"), [("goes_on", True), ("over", False)])
def test_an_answer_that_breaks_off_is_waited_for_longer(floor: str, *, waits: bool) -> None:
    def ended_after(floor: str) -> int:
        who = answering(ANSWER, writer=True)
        who.speak(3_000)
        who.wait(480)
        reply = Reply("answer", "next", floor=floor)  # type: ignore[arg-type]
        replied(who, reply)
        ms = 0
        while floors(who)[-1] == "listening":
            who.wait(32)
            ms += 32
        return ms

    assert (ended_after(floor) > ended_after("over")) is waits


@pytest.mark.parametrize(
    ("floor", "waits"), [("goes_on", True), ("wants_time", True), ("over", False)]
)
def test_a_model_that_hears_more_to_come_is_believed_after_the_others(
    floor: str, *, waits: bool
) -> None:
    """It answers when silence and sound have taken the answer for over already."""
    who = answering(ANSWER, ANSWER, writer=True)
    who.speak(3_000)
    while floors(who)[-1] == "listening":
        who.wait(32)
    assert floors(who)[-1] == "thinking"
    replied(who, Reply("answer", "probe", "What broke?", ANSWER, floor=floor))  # type: ignore[arg-type]
    assert (floors(who)[-1] == "listening") is waits
    if floor == "goes_on":
        who.wait(1_000)
        assert told(who, QuestionAsked)[-1].text == "What broke?"


RUBRIC = ("Names the effect", "Says why", "Says what was learned")
QUESTIONS = (
    "What broke first?",
    "Who noticed that the lag had grown?",
    "Which of the two would you keep?",
    "How long did the move take?",
)
LONG_PLAN = tuple(
    replace(planned, competency=f"Competency {planned.ordinal}", rubric=RUBRIC) for planned in PLAN
)


def test_what_a_model_is_told_of_a_turn_is_told_again_in_the_same_words() -> None:
    parts = [f"In part {n} we moved it to Kafka." for n in ("one", "two", "three", "four")]
    who = candidate(*parts, writer=True, rules=Rules(follow_ups=2))
    who.join(LONG_PLAN)
    who.hear_question()
    before: prompts.Messages = []
    for part in parts:
        who.speak(2_000)
        who.wait(3_000)
        if len(who.briefs()) > len(before) // 2:
            session, compose = who.session, who.briefs()[-1]
            brief = told_of(session.interview, session.state, compose.meant)
            messages = prompts.messages(brief)
            assert messages[: len(before)] == before
            before = messages
            say = QUESTIONS[len(before) // 2 - 1]
            replied(who, Reply("answer", "probe", say, part, "names the effect"))
        who.hear_question()
    opening, second, *_, last = brief.history
    assert opening.reply == Reply("answer", "probe", QUESTIONS[0], parts[0], "Names the effect")
    assert (opening.probes_left, opening.seen, opening.missing) == (2, (), RUBRIC)
    assert (second.probes_left, second.question) == (1, QUESTIONS[0])
    assert (last.topic, last.competency, last.probes_left) == ("Second?", "Competency 2", 2)
    assert (last.next_topic, last.reply) == ("Competency 3", None)
