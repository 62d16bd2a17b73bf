"""What an answer leads to, by what it meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.dialogue.moves import Move, next_move
from server.core.events import Kind, QuestionAsked, SegmentHeard, Understood, Wish
from server.core.state import State

QUESTION = QuestionAsked(1, "q", "Why?", "bank", "planned", "experience", None, None, None)


def state(*, kind: Kind = "planned", error: str | None = None) -> State:
    heard = SegmentHeard(1, 1, 0, 900, "", (), "test", error)
    return State("en").apply(replace(QUESTION, kind=kind)).apply(heard)


@pytest.mark.parametrize(("error", "move"), [(None, "listen"), ("no engine", "say_again")])
def test_without_words_it_was_noise_unless_nothing_could_read_it(
    error: str | None, move: Move
) -> None:
    meant = Understood("", None, "en", only_remarks=False)
    assert next_move(state(error=error), meant) == move


@pytest.mark.parametrize(
    ("wish", "kind", "move"),
    [
        (None, "planned", "go_on"),
        ("end", "planned", "end"),
        ("skip", "planned", "skip"),
        ("moment", "planned", "encourage"),
        ("moment", "repeat", "go_on"),
    ],
)
def test_a_wish_is_granted_and_a_long_moment_is_asked_after_once(
    wish: Wish | None, kind: Kind, move: Move
) -> None:
    meant = Understood("said", wish, "en", only_remarks=False)
    assert next_move(state(kind=kind), meant) == move
