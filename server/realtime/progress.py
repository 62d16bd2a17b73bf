"""How far an interview has come, as the candidate is told: in topics, and in time."""

from __future__ import annotations

from typing import NamedTuple

from server.core.dialogue.coverage import Coverage
from server.core.interview import Interview
from server.core.state import TAKEN_OVER, State


class Progress(NamedTuple):
    """``topic`` of ``topics``, 0 before the first; ``left_ms`` of the interview's time were left
    when the last question was asked."""

    topic: int
    topics: int
    left_ms: int


def progress(interview: Interview, state: State) -> Progress:
    """Saying a question again or in other words, and a follow-up, begin no topic; what was left out
    of the plan is none any more, and a question that a person wanted asked is one."""
    rules = interview.rules.lasting(state.more_minutes)
    coverage = Coverage(rules, state, interview.packs.same)
    begun = {
        one.question_id
        for one in state.asked
        if one.kind in ("opening", "planned") and one.reason != TAKEN_OVER
    }
    ahead = sum(
        one.question_id not in begun and coverage.became(one)[0] is None for one in state.plan
    )
    return Progress(len(begun), len(begun) + ahead, max(0, rules.total_ms - state.spent_ms))
