"""The floor's table, its diagram, and that facts alone make the state."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.events import (
    AnswerTyped,
    CandidateJoined,
    CandidateLeft,
    ControlUsed,
    FloorPassed,
    InterviewEnded,
)
from server.core.floor import PASSES, IllegalPass, diagram
from server.core.interview import Interview
from server.core.session import Session
from server.core.state import Memory
from server.language.pack import shipped
from tests.core.candidate import Candidate

PAGE = Path(__file__).resolve().parents[2] / "docs/architecture.md"
INTERVIEW = Interview(
    "5f0c1d8e-0000-4000-8000-000000000001", "Backend Engineer", "en", packs=shipped()
)


def test_the_page_shows_the_table() -> None:
    """``make diagrams`` writes it."""
    assert diagram() in PAGE.read_text("utf-8")


def test_a_pass_that_the_table_does_not_know_is_an_error_here() -> None:
    memory = Memory("en")
    memory.tell(FloorPassed(1, "speaking", 0))
    with pytest.raises(IllegalPass, match="from speaking to thinking"):
        memory.tell(FloorPassed(1, "thinking", 0))


def test_every_holder_can_be_reached_and_left() -> None:
    holders = {before for before, _ in PASSES}
    assert {after for _, after in PASSES} == holders
    assert all((holder, "nobody") in PASSES for holder in holders)


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
    live = Session(INTERVIEW, writer=False)
    who = Candidate(live, script=["We measured it first, and then we moved it."] * 40)
    who.join()
    for move in moves:
        play(who, move)
    again = Session(INTERVIEW, writer=False)
    again.replay(who.facts())
    there = live.state.alone()
    assert again.state.planned(there.plan) == there
    if any(isinstance(fact, InterviewEnded) for fact in who.facts()):
        assert again.ended
