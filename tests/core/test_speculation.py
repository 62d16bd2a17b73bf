"""The next question is written at the pause; if the candidate goes on, nothing of it remains."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.events import (
    AnswerGiven,
    Compose,
    EngineFailed,
    QuestionAsked,
    QuestionComposed,
    QuestionVoiced,
    Say,
    Score,
    Tell,
    TurnTimed,
    VoiceStarted,
    Withdraw,
)
from tests.core.candidate import ANSWER, Candidate, asks
from tests.core.test_session import answering, floors, told

WRITTEN = "You moved the payment service to Kafka; what broke first?"


def written(who: Candidate, compose: Compose, text: str = WRITTEN) -> None:
    who.give(QuestionComposed(compose.turn, compose.revision, asks(text), "qwen", 300, 120))


def withdrawn(who: Candidate) -> list[int]:
    return [effect.revision for effect in who.effects if isinstance(effect, Withdraw)]


def test_the_turn_model_is_asked_once_a_pause_after_half_a_second() -> None:
    who = answering(ANSWER)
    who.speak(3_000)
    who.wait(2_500)
    ends = [effect.end_ms for effect in who.effects if isinstance(effect, Score)]
    (given,) = told(who, AnswerGiven)
    after = [end_ms - given.timings["speech_end_ms"] for end_ms in ends]
    assert [ms // 100 for ms in after] == [5]


def test_of_words_that_promise_more_the_sound_is_judged_like_any() -> None:
    who = answering("We moved the payment service to Kafka because")
    who.speak(3_000)
    who.wait(1_900)
    assert len([effect for effect in who.effects if isinstance(effect, Score)]) == 1


def test_writing_begins_at_the_pause_before_the_answer_is_over() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(3_000)
    who.wait(480)
    assert len(who.briefs()) == 1
    assert floors(who)[-1] == "listening"
    assert not told(who, AnswerGiven)


def test_what_was_written_in_time_is_asked_the_moment_the_answer_is_over() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(3_000)
    who.wait(480)
    written(who, who.briefs()[0])
    assert len(told(who, QuestionAsked)) == 1
    while floors(who)[-1] == "listening":
        who.wait(32)
    assert told(who, QuestionAsked)[-1].text == WRITTEN
    assert floors(who)[-2:] == ["thinking", "speaking"]
    who.give(VoiceStarted(2))
    (timed,) = told(who, TurnTimed)
    assert timed.turn == 1
    assert timed.timings["first_token_ms"] < timed.timings["decision_ms"]
    assert timed.timings["question_ms"] == timed.timings["decision_ms"]


def test_a_candidate_who_goes_on_makes_it_void() -> None:
    who = answering(ANSWER, "And then I wrote the runbook.", writer=True)
    who.speak(3_000)
    who.wait(480)
    first = who.briefs()[0]
    who.speak(1_000)
    assert withdrawn(who) == [first.revision]
    written(who, first)
    who.wait(480)
    second = who.briefs()[-1]
    assert second.revision > first.revision
    assert second.meant.text.endswith("runbook.")
    written(who, first)
    who.wait(4_000)
    assert len(told(who, QuestionAsked)) == 1, "the void one must not be asked"
    written(who, second)
    assert told(who, QuestionAsked)[-1].source == "llm"


def test_nothing_is_written_where_the_candidate_will_go_on() -> None:
    who = answering("I led the migration and", writer=True)
    who.speak(2_000)
    who.wait(1_500)
    assert not who.briefs()


def test_a_failure_before_the_end_is_asked_about_at_the_end() -> None:
    who = answering(ANSWER, writer=True)
    who.speak(3_000)
    who.wait(480)
    compose = who.briefs()[0]
    who.give(EngineFailed("llm", 1, "model_failed", revision=compose.revision))
    assert len(told(who, QuestionAsked)) == 1
    who.wait(4_000)
    question = told(who, QuestionAsked)[-1]
    assert (question.source, question.reason) == ("bank", "model_failed")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["speak", "wait", "write"]), st.integers(1, 40)), max_size=30
    )
)
def test_nothing_speculative_is_ever_heard_or_stored(steps: list[tuple[str, int]]) -> None:
    """Whatever happens: a question is told and said only of the revision that is not void, never
    while the candidate has the floor, and what is said has been told."""
    who = answering(*[ANSWER] * 40, writer=True)
    for step, count in steps:
        if step == "write":
            for compose in who.briefs()[-count:]:
                written(who, compose, f"You moved to Kafka: what broke in run {compose.revision}?")
        else:
            who.frames(0.9 if step == "speak" else 0.0, count * 64)
        if floors(who)[-1] == "speaking":
            who.give(VoiceStarted(who.session.turn))
            who.give(QuestionVoiced(who.session.turn, 10))
            who.hear_question()
    void = set(withdrawn(who))
    for question in told(who, QuestionAsked):
        if question.source == "llm":
            assert int(question.text.rpartition(" ")[2].rstrip("?")) not in void
    asked = {fact.spoken for fact in told(who, QuestionAsked)}
    floor = ""
    for effect in who.effects:
        if isinstance(effect, Tell) and hasattr(effect.fact, "floor"):
            floor = effect.fact.floor
        if isinstance(effect, Say):
            assert effect.text in asked
            assert floor == "speaking"
