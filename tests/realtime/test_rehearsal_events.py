"""What a page says in a rehearsal, and what is not understood."""

from __future__ import annotations

import pytest

from server.realtime.rehearsal_events import EndPractice, PingPractice, SayPractice, practised


def test_what_a_page_says_is_typed() -> None:
    assert practised('{"type": "say", "slower": true}') == SayPractice(slower=True)
    assert practised('{"type": "say"}') == SayPractice(slower=False)
    assert practised('{"type": "done"}') == EndPractice()
    assert practised('{"type": "ping", "id": 7}') == PingPractice(7)


@pytest.mark.parametrize(
    "text",
    [
        *("", "nothing", "[]", "{}", "[" * 100_000, '{"type": "leave"}'),
        *('{"type": "ping"}', '{"type": "ping", "id": "7"}'),
    ],
)
def test_what_is_not_understood_is_nothing(text: str) -> None:
    assert practised(text) is None
