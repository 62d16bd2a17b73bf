"""Facts alone make the state, live and in a replay."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.core.events import (
    AnswerTyped,
    CandidateJoined,
    CandidateLeft,
    ControlUsed,
    FloorPassed,
    InterviewEnded,
    QuestionAsked,
    SegmentHeard,
)
from server.core.interview import Interview
from server.core.state import State
from server.language.pack import shipped
from tests.core.candidate import Candidate, fresh

QUESTION = QuestionAsked(1, "q", "Why?", "bank", "planned", "experience", None, None, None)
INTERVIEW = Interview(
    "5f0c1d8e-0000-4000-8000-000000000001", "Backend Engineer", "en", packs=shipped()
)


MOVES = st.sampled_from([
    "hear", "speak", "wait", "type", "leave", "join", "repeat", "rephrase", "skip", "moment",
    "pause", "resume", "pass_time",
])  # fmt: skip


def play(who: Candidate, move: str) -> None:
    match move:
        case "hear":
            who.hear_question()
        case "speak":
            who.speak(800)
        case "wait":
            who.wait(4_000)
        case "type":
            who.give(AnswerTyped("I moved the payment service to Kafka."))
        case "leave":
            who.give(CandidateLeft())
        case "join":
            who.give(CandidateJoined(marks=True))
        case "pass_time":
            who.pass_time(46_000)
        case _:
            who.give(ControlUsed(move, "button"))  # type: ignore[arg-type]


@given(st.lists(MOVES, max_size=30))
def test_a_replay_knows_what_the_session_knew(moves: list[str]) -> None:
    """Whatever happens, no pass is illegal, and the facts alone give the same state."""
    live = fresh(INTERVIEW)
    who = Candidate(live, script=["We measured it first, and then we moved it."] * 40)
    who.join()
    for move in moves:
        play(who, move)
    again = fresh(INTERVIEW)
    again.replay(who.facts())
    there = live.state.alone()
    assert again.state.planned(there.plan) == there
    if any(isinstance(fact, InterviewEnded) for fact in who.facts()):
        assert again.state.ended


def test_words_of_an_earlier_turn_are_kept_but_answer_nothing() -> None:
    state = State("en")
    for turn in (1, 2):
        state = state.apply(replace(QUESTION, turn=turn))
    late = SegmentHeard(1, 3, 900, 1_800, "and it held.", (), "test")
    assert state.apply(late).answer.text == ""
    assert state.apply(replace(late, turn=2)).answer.text == "and it held."


def test_what_was_heard_as_noise_is_no_answer() -> None:
    state = State("en").apply(QUESTION)
    for fact in (
        FloorPassed(1, "listening", 0),
        SegmentHeard(1, 1, 0, 900, "", (), "test"),
        FloorPassed(1, "thinking", 2_000),
        FloorPassed(1, "listening", 2_100),
    ):
        state = state.apply(fact)
    assert state.answer.heard == ()
    assert state.understood_ms == 2_100
