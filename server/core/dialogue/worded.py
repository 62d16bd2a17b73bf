"""Whether a model's own words may be spoken."""

from __future__ import annotations

from difflib import get_close_matches

from server.core import guard
from server.core.events import Exchange, Meant, Reply
from server.core.interview import Interview
from server.core.state import State


def refusal(reply: Reply, interview: Interview, state: State, meant: Meant) -> str | None:
    """The code of what is wrong with saying it, by its form. A question has to rest on words
    that are in the answer; in which words it is asked is free."""
    pack = interview.packs.of(meant.goes_on_in)
    if reply.move == "probe" and not pack.grammar.grounded(reply.evidence or "", meant.text):
        return "ungrounded"
    return guard.check(
        reply.say,
        grammar=pack.grammar,
        target_role=interview.target_role,
        history=[*state.history, Exchange(state.current.text, meant.text)],
        follows=meant.text,
        known=interview.stated,
        instructions=pack.instructions,
    )


def line_of(reply: Reply, state: State) -> str | None:
    """The line of the running topic's rubric that it means."""
    topic = state.topic.question_id if state.topic else None
    rubric = next((one.rubric for one in state.plan if one.question_id == topic), ())
    return next(iter(get_close_matches(reply.line or "", rubric, 1)), None)
