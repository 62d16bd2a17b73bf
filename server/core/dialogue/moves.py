"""What to do with an answer whose words are all there: the one place where the move is chosen."""

from __future__ import annotations

from typing import Literal

from server.core.events import Control, Understood
from server.core.state import State

Move = Literal["listen", "say_again", "end", "encourage", "go_on"] | Control
"""``listen``: it was noise. ``say_again``: no engine could read it. ``encourage``: the time to
think was long, the same question again. ``go_on``: the next question. Else what was wished for."""


def next_move(state: State, meant: Understood) -> Move:
    if not meant.text:
        return "say_again" if state.answer.unread else "listen"
    if meant.wish == "moment":
        return "go_on" if state.current.kind == "repeat" else "encourage"
    return meant.wish or "go_on"
