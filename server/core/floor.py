"""Who may have the floor after whom: the one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Holder = Literal["nobody", "speaking", "listening", "thinking"]
"""``speaking``: the interviewer; ``listening``: the candidate has it; ``thinking``: the answer
seems to be over, and the next question is awaited. ``nobody`` before, after, and until a candidate
is back whose interview was taken up from its facts."""

PASSES: Mapping[tuple[Holder, Holder], str] = {
    ("nobody", "speaking"): "a question is asked, or said again",
    ("nobody", "listening"): "an answer goes on after a break",
    ("speaking", "listening"): "the question was heard, talked over, taken back or not voiced",
    ("speaking", "speaking"): "another question is asked instead, or the same after a break",
    ("listening", "thinking"): "the answer seems to be over",
    ("listening", "speaking"): "nobody spoke, a wish was granted, or said again after a break",
    ("listening", "listening"): "the answer goes on after a break",
    ("thinking", "listening"): "the candidate goes on, wants a moment, leaves, or it was noise",
    ("thinking", "thinking"): "more was typed",
    ("thinking", "speaking"): "the next question is asked",
    ("speaking", "nobody"): "the interview ends",
    ("listening", "nobody"): "the interview ends",
    ("thinking", "nobody"): "the interview ends",
    ("nobody", "nobody"): "the interview ends before it began",
}


class IllegalPass(RuntimeWarning):
    """The floor went where the table has no way. A warning, because a candidate must not lose the
    interview over it; the tests turn every warning into an error."""
