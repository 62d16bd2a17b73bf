"""Messages on the wire to candidates."""

from __future__ import annotations

import json

from server.realtime import wire


def test_every_event_has_an_id_of_its_own() -> None:
    first, second = (json.loads(wire.encode(wire.Cleared())) for _ in range(2))
    assert first["type"] == "input_audio_buffer.cleared"
    assert first["event_id"] != second["event_id"]


def test_an_error_says_what_it_is_about() -> None:
    error = wire.WireError("invalid_audio", "audio must be base64", "mine", "audio")
    told = json.loads(wire.encode(wire.error_event(error)))
    assert told["type"] == "error"
    assert told["error"] | {"type": ""} == {
        "type": "",
        "code": "invalid_audio",
        "message": "audio must be base64",
        "param": "audio",
        "event_id": "mine",
    }
