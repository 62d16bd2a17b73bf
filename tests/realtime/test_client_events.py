"""What candidates send: understood, or refused with what is wrong."""

from __future__ import annotations

import pytest

from server.realtime import client_events as wire


def test_an_event_is_read_by_its_type() -> None:
    event = wire.decode('{"type": "viva.played", "turn": 2, "played_ms": 40, "event_id": "e"}')
    assert event == wire.PlayedMark(event_id="e", turn=2, played_ms=40, complete=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "invalid_json"),
        ("{", "invalid_json"),
        ("\ud800", "invalid_json"),
        ('{"type": "session.update", "session": ' + '{"a": ' * 100_000, "invalid_json"),
        ("[]", "invalid_event"),
        ("{}", "invalid_event"),
        ('{"type": "viva.nothing"}', "invalid_event"),
        ('{"type": "viva.played", "turn": -1}', "invalid_event"),
        ('{"type": "viva.control", "control": "explode"}', "invalid_event"),
        ('{"type": "conversation.item.delete", "item_id": ""}', "invalid_event"),
    ],
)
def test_what_cannot_be_understood_is_an_error_of_ours(text: str, code: str) -> None:
    with pytest.raises(wire.WireError) as refused:
        wire.decode(text)
    assert refused.value.code == code


def test_sound_that_is_no_base64_is_refused_with_its_event() -> None:
    event = wire.AppendAudio(event_id="mine", audio="no sound!")
    with pytest.raises(wire.WireError) as refused:
        event.decoded()
    assert (refused.value.code, refused.value.event_id) == ("invalid_audio", "mine")
    assert wire.AppendAudio(audio="AAEC").decoded() == b"\x00\x01\x02"


def test_text_comes_without_what_no_database_takes() -> None:
    content = [wire.Content("input_text", " a\x00b"), wire.Content("image", "x"),
               wire.Content("input_text", "c\x7f\n")]  # fmt: skip
    assert wire.Item(content=content).text("input_text") == "a b c"
    assert wire.Item().text("input_text") == ""
