"""The interview in virtual time: patience, follow-ups, late engines, coming back."""

from __future__ import annotations

from typing import TypeVar

import pytest

from server.core.events import (
    AnswerCommitted,
    AnswerGiven,
    AnswerTyped,
    CandidateJoined,
    CandidateLeft,
    Close,
    EndRequested,
    FloorPassed,
    Hush,
    InterviewEnded,
    Language,
    QuestionAsked,
    QuestionComposed,
    QuestionHeard,
    Score,
    SegmentHeard,
    TurnScored,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.language.pack import shipped
from tests.core.candidate import ANSWER, PLAN, Candidate, asks, fresh

INTERVIEW = "00000000-0000-7000-8000-00000000000a"

F = TypeVar("F")


def candidate(
    *script: str, writer: bool = False, language: Language = "en", rules: Rules | None = None
) -> Candidate:
    interview = Interview(
        INTERVIEW, "Backend Engineer", language, {"header": {"name": "Kim"}}, packs=shipped()
    )
    return Candidate(fresh(interview, writer=writer, rules=rules), list(script))


def told(who: Candidate, kind: type[F]) -> list[F]:
    return [fact for fact in who.facts() if isinstance(fact, kind)]


def floors(who: Candidate) -> list[str]:
    return [fact.floor for fact in told(who, FloorPassed)]


def answering(*script: str, writer: bool = False) -> Candidate:
    """A candidate who has heard the first question and has the floor."""
    who = candidate(*script, writer=writer)
    who.join()
    who.hear_question()
    return who


def test_the_opening_is_the_plans_and_is_spoken_after_it_is_told() -> None:
    who = candidate()
    who.join()
    assert told(who, QuestionAsked)[0].text == PLAN[0].text
    assert [say.text for say in who.said()] == [PLAN[0].text]
    assert floors(who) == ["speaking"]


def test_without_a_plan_the_opening_comes_from_the_bank_and_names_the_role() -> None:
    who = candidate()
    who.join(plan=())
    assert not who.said()
    who.pass_time(2_000)
    (question,) = told(who, QuestionAsked)
    assert "Backend Engineer" in question.text
    assert question.kind == "opening"


def test_an_answer_leads_to_a_follow_up() -> None:
    who = answering(ANSWER)
    who.speak(3_000)
    who.wait(2_000)
    (answer,) = told(who, AnswerGiven)
    assert answer.text == ANSWER
    question = told(who, QuestionAsked)[-1]
    assert (question.turn, question.kind, question.source) == (2, "follow_up", "bank")
    probes = shipped().of("en").probes["introduction"].values()
    assert any(question.text in probe.plain for probe in probes)
    assert question.parent_id == PLAN[0].question_id
    assert floors(who) == ["speaking", "listening", "thinking", "speaking"]


def test_one_follow_up_then_the_plan_then_the_end() -> None:
    who = candidate(*[ANSWER.replace("payment", name) for name in ("a", "b", "c", "d", "e", "f")])
    who.join()
    for _ in range(6):
        who.hear_question()
        who.speak(2_000)
        who.wait(2_500)
    kinds = [question.kind for question in told(who, QuestionAsked)]
    assert kinds == [
        "opening", "follow_up", "planned", "follow_up", "planned", "follow_up", "closing",
    ]  # fmt: skip
    who.hear_question()
    assert told(who, InterviewEnded) == [InterviewEnded("complete")]
    assert isinstance(who.effects[-1], Close)


@pytest.mark.parametrize(
    ("text", "pause_ms", "over"),
    [
        ("I led the migration.", 1_600, False),
        ("I led the migration.", 1_900, True),
        ("I led the migration and.", 1_900, False),
        ("I led the migration and", 2_200, True),
        ("I led it. Let me think.", 25_000, False),
        ("I led it. Let me think.", 31_000, True),
    ],
)
def test_patience_depends_on_how_the_words_end(text: str, pause_ms: int, over: bool) -> None:
    who = answering(text)
    who.speak(2_000)
    who.wait(pause_ms)
    assert bool(told(who, AnswerGiven)) == over


def test_a_pause_in_the_middle_joins_its_segments_into_one_answer() -> None:
    who = answering("I started with the schema and", "then I moved the writers.")
    who.speak(2_000)
    who.wait(1_900)
    who.speak(2_000)
    who.wait(2_000)
    (answer,) = told(who, AnswerGiven)
    assert answer.text == "I started with the schema and then I moved the writers."
    assert [heard.segment for heard in told(who, SegmentHeard)] == [1, 2]


def test_a_stalled_network_is_not_silence() -> None:
    who = answering("I led the migration.")
    who.speak(2_000)
    who.wait(800)
    who.pass_time(60_000)
    assert not told(who, AnswerGiven)


def test_speech_while_the_model_writes_reopens_the_answer() -> None:
    who = answering("I led the migration.", "And I trained the team.", writer=True)
    who.speak(2_000)
    who.wait(1_800)
    (first,) = who.briefs()
    assert not told(who, AnswerGiven)
    who.speak(1_000)
    who.give(QuestionComposed(first.turn, first.revision, asks("Stale, isn't it?"), "m", 5))
    assert len(told(who, QuestionAsked)) == 1
    who.wait(2_000)
    second = who.briefs()[-1]
    assert second.revision > first.revision
    assert second.meant.text == "I led the migration. And I trained the team."


def test_i_am_done_ends_the_answer_at_once() -> None:
    who = answering("I led the migration and")
    who.speak(2_000)
    who.give(AnswerCommitted())
    who.wait(200)
    assert told(who, AnswerGiven)[0].text == "I led the migration and"


def test_a_typed_answer_is_kept_with_what_was_said_before_it() -> None:
    who = answering("First I measured.")
    who.speak(1_500)
    who.wait(500)
    who.give(AnswerTyped("  Then I fixed it.  "))
    (answer,) = told(who, AnswerGiven)
    assert answer.text == "First I measured. Then I fixed it."
    assert answer.engine == "test, typed"


@pytest.mark.parametrize("crashed", [False, True])
def test_a_typed_answer_is_not_waited_on_after_a_break(*, crashed: bool) -> None:
    """The line breaks, or the server dies, while the next question is written."""
    who = answering(writer=True)
    who.give(AnswerTyped(ANSWER))
    if crashed:
        heir = candidate(writer=True)
        heir.session.replay(who.facts())
        who = heir
    else:
        who.give(CandidateLeft())
    who.give(CandidateJoined(marks=True))
    (brief,) = who.briefs()[-1:]
    written = asks("What made the nightly batch too slow?")
    who.give(QuestionComposed(brief.turn, brief.revision, written, "m", 100))
    assert [answer.text for answer in told(who, AnswerGiven)] == [ANSWER]
    assert who.session.turn == 2


def test_talking_over_the_question_stops_the_voice_and_keeps_the_words() -> None:
    who = candidate("Sorry, may I start?")
    who.join()
    who.wait(500)
    who.speak(1_200)
    assert any(isinstance(effect, Hush) for effect in who.effects)
    assert [heard.complete for heard in told(who, QuestionHeard)] == [False]
    who.wait(2_000)
    assert told(who, AnswerGiven)[0].text == "Sorry, may I start?"


def test_a_short_sound_does_not_stop_the_voice() -> None:
    who = candidate()
    who.join()
    who.wait(500)
    who.speak(300)
    who.wait(1_000)
    assert floors(who) == ["speaking"]


def test_a_silent_candidate_is_encouraged_once_and_waited_for() -> None:
    who = answering()
    who.wait(46_000)
    assert [question.kind for question in told(who, QuestionAsked)] == ["opening", "repeat"]
    assert PLAN[0].text in told(who, QuestionAsked)[-1].text
    who.hear_question()
    who.wait(200_000)
    assert len(told(who, QuestionAsked)) == 2
    who.wait(110_000)
    assert told(who, InterviewEnded) == [InterviewEnded("no_answer")]


def test_the_end_keeps_the_running_answer() -> None:
    who = answering("I led the migration and")
    who.speak(2_000)
    who.wait(600)
    who.give(EndRequested("candidate"))
    assert told(who, AnswerGiven)[0].text == "I led the migration and"
    assert told(who, InterviewEnded) == [InterviewEnded("candidate")]
    assert who.session.state.ended
    assert who.session.deadline() is None


def test_time_is_up_after_the_budget() -> None:
    who = candidate(ANSWER, rules=Rules(minutes=1))
    who.join()
    who.hear_question()
    who.wait(40_000)
    who.speak(20_000)
    who.wait(3_000)
    assert told(who, QuestionAsked)[-1].kind == "closing"


def silence_until_over(who: Candidate) -> int:
    """Of the answer that is being given, in ms, from now."""
    since = who.now_ms
    while floors(who)[-1] == "listening":
        who.wait(32)
    return who.now_ms - since


def in_the_second_turn(*, pause_before_ms: int = 0) -> Candidate:
    """The first segment of the second answer is over, and its words leave open what follows."""
    who = answering(ANSWER, ANSWER, ANSWER)
    who.speak(4_000)
    silence_until_over(who)
    who.hear_question()
    if pause_before_ms:
        who.speak(3_000)
        who.wait(pause_before_ms)
    who.speak(3_000)
    who.wait(640)
    return who


def test_the_turn_model_is_asked_once_a_pause_and_never_of_a_short_one() -> None:
    for pauses_ms, asked in (((448,), 0), ((640,), 1), ((3_000,), 1), ((640, 448, 640), 2)):
        who = answering(ANSWER, ANSWER, ANSWER)
        for pause_ms in pauses_ms:
            who.speak(2_000)
            who.wait(pause_ms)
        assert sum(isinstance(one, Score) for one in who.effects) == asked, pauses_ms


def test_a_score_counts_for_the_turn_and_the_segment_it_is_about() -> None:
    none = silence_until_over(in_the_second_turn())
    for turn, segment, changes in ((2, 1, True), (1, 1, False)):
        who = in_the_second_turn()
        who.give(TurnScored(turn, segment, 0.99))
        assert (silence_until_over(who) != none) is changes, (turn, segment)
    none = silence_until_over(in_the_second_turn(pause_before_ms=800))
    for segment, changes in ((2, True), (1, False)):
        who = in_the_second_turn(pause_before_ms=800)
        who.give(TurnScored(2, segment, 0.99))
        assert (silence_until_over(who) != none) is changes, segment
