"""How much silence ends an answer: bounded, monotone, and thirty seconds for a thinker."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from server.core.habit import Habit
from server.core.turn.ending import Evidence, silence_needed
from server.core.turn.patience import Weights
from server.core.understanding import Reading

READINGS: list[Reading | None] = [None, *get_args(Reading)]
WEIGHTS = Weights()
HABITS = st.lists(st.integers(64, 30_000), max_size=12)


def habit_of(pauses: list[int]) -> Habit:
    habit = Habit()
    for pause in pauses:
        habit = habit.learned(pause)
    return habit


EVIDENCE = st.builds(
    Evidence,
    st.sampled_from(READINGS),
    st.none() | st.floats(0, 1),
    HABITS.map(habit_of),
    st.integers(0, 5),
)
SURE = Evidence("complete", 0.99, Habit())


@given(EVIDENCE, st.floats(0.5, 2))
def test_silence_is_bounded_and_the_interviews_pace_only_lengthens_it(
    evidence: Evidence, pace: float
) -> None:
    needed = silence_needed(evidence, WEIGHTS, pace)
    assert 300 <= needed <= WEIGHTS.cap_ms
    assert needed <= silence_needed(evidence, WEIGHTS, pace * 1.5)


@given(EVIDENCE, st.floats(0, 1), st.floats(0, 1))
def test_the_surer_the_turn_model_the_sooner(evidence: Evidence, one: float, two: float) -> None:
    low, high = sorted((one, two))
    surer = silence_needed(replace(evidence, score=high), WEIGHTS)
    assert surer <= silence_needed(replace(evidence, score=low), WEIGHTS)


@given(EVIDENCE)
def test_words_that_promise_more_are_waited_for_longer(evidence: Evidence) -> None:
    waits = [
        silence_needed(replace(evidence, reading=reading), WEIGHTS)
        for reading in ("complete", "unsure", "trailing", "thinking")
    ]
    assert waits == sorted(waits)
    assert waits[-1] >= 30_000


@given(st.sampled_from([0.5, 0.7, 1.0, 1.5]), st.floats(0, 1))
def test_thinking_is_granted_thirty_seconds_at_any_pace(pace: float, score: float) -> None:
    thinker = Evidence("thinking", score, Habit())
    assert silence_needed(thinker, WEIGHTS, pace) >= 30_000


def test_a_sure_end_is_answered_soon_and_a_doubtful_one_is_not() -> None:
    assert silence_needed(SURE, WEIGHTS) == 850
    assert silence_needed(replace(SURE, score=0.5), WEIGHTS) == 1_700


def test_sound_and_words_that_contradict_each_other_are_as_good_as_neither() -> None:
    contradictory = silence_needed(replace(SURE, reading="trailing"), WEIGHTS)
    assert contradictory == silence_needed(replace(SURE, score=None), WEIGHTS)
    assert contradictory < silence_needed(Evidence("trailing", 0.1, Habit()), WEIGHTS)


def test_a_full_stop_is_no_evidence_and_late_words_fall_back_on_the_sound() -> None:
    readings: list[Reading | None] = ["complete", "unsure", None]
    for score in (0.99, 0.3, None):
        waits = {silence_needed(Evidence(one, score, Habit()), WEIGHTS) for one in readings}
        assert len(waits) == 1


def test_who_was_yielded_to_twice_is_given_more() -> None:
    once, twice, often = (silence_needed(replace(SURE, yields=n), WEIGHTS) for n in (1, 2, 3))
    assert once == silence_needed(SURE, WEIGHTS)
    assert once + 500 <= twice < often


def test_a_candidate_who_pauses_long_is_given_more() -> None:
    slow = replace(SURE, habit=habit_of([1_500, 1_800, 1_600, 1_700]))
    quick = replace(SURE, habit=habit_of([300, 350, 280, 320]))
    assert silence_needed(slow, WEIGHTS) > silence_needed(quick, WEIGHTS) + 200


def test_one_long_pause_is_no_habit() -> None:
    assert silence_needed(replace(SURE, habit=habit_of([8_000])), WEIGHTS) == silence_needed(
        SURE, WEIGHTS
    )
