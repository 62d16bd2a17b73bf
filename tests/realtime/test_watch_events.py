"""What whoever watches says, and what is not understood."""

from __future__ import annotations

from uuid import UUID

import pytest

from server.realtime.watch_events import Listen, Speak, wished

STEP = UUID("00000000-0000-7000-8000-000000000007")


def test_what_is_wished_is_typed() -> None:
    assert wished('{"type": "listen", "on": true}') == Listen(on=True)
    assert wished('{"type": "speak", "on": false}') == Speak(on=False)
    step = f'{{"type": "speak", "on": true, "now": true, "step_id": "{STEP}", "up": "opus"}}'
    assert wished(step) == Speak(on=True, now=True, step_id=STEP, up="opus")


@pytest.mark.parametrize(
    "text",
    [
        *("", "nothing", "[]", "{}", '{"type": "leave"}', "[" * 100_000),
        *('{"type": "listen"}', '{"type": "listen", "on": "yes"}'),
        '{"type": "speak", "on": true, "up": "mp3"}',
        '{"type": "speak", "on": true, "step_id": "none"}',
    ],
)
def test_what_is_not_understood_is_nothing(text: str) -> None:
    assert wished(text) is None
