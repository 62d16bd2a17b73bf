"""Events of a call on their way through."""

from __future__ import annotations

import json

import pytest

from server.rtc import events


def test_formats_are_left_out_of_what_a_session_may_be() -> None:
    detection = {"type": "server_vad"}
    asked = {
        "type": "session.update",
        "session": {
            "instructions": "x",
            "audio": {
                "input": {"format": {"type": "audio/pcmu"}, "turn_detection": detection},
                "output": {"format": {"type": "audio/pcmu"}, "voice": "x"},
            },
        },
    }
    passed = events.without_formats(asked)
    assert passed["session"] == {
        "instructions": "x",
        "audio": {"input": {"turn_detection": detection}, "output": {"voice": "x"}},
    }
    assert asked["session"]["audio"]["input"]["format"], "what came is not touched"  # type: ignore[index]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "session.update"},
        {"type": "session.update", "session": None},
        {"type": "session.update", "session": {"audio": []}},
        {"type": "session.update", "session": {"audio": {"input": None}}},
    ],
)
def test_what_is_wrong_is_the_servers_to_say(event: dict[str, object]) -> None:
    assert events.without_formats(event) == event


def test_sound_travels_in_base64_and_what_is_none_is_no_sound() -> None:
    sent = json.loads(events.append(b"\1\2"))
    assert events.sound({"delta": sent["audio"]}) == b"\1\2"
    for broken in ({}, {"delta": "?"}, {"delta": 7}, {"delta": None}):
        assert events.sound(broken) == b""


def test_what_is_no_event_is_none() -> None:
    assert events.decoded('{"type": "x"}') == {"type": "x"}
    for text in ("", "[]", "nothing", "[" * 100_000):
        assert events.decoded(text) is None


def test_each_of_ours_has_a_name_of_its_own() -> None:
    names = {json.loads(events.told({"type": "error"}))["event_id"] for _ in range(2)}
    assert len(names) == 2
