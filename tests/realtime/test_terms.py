"""What a stock client may choose about its connection, and what the interview has fixed."""

from __future__ import annotations

from typing import Any

import pytest

from server.realtime.terms import AudioFormat, Terms


def refused(terms: Terms, **asked: Any) -> dict[str | None, str]:
    """The code of each field that was refused."""
    return {refusal.param: refusal.code for refusal in terms.update(asked)}


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({"type": "audio/pcm", "rate": 24_000}, AudioFormat()),
        ({"type": "audio/pcm"}, AudioFormat()),
        ({"type": "audio/pcmu"}, AudioFormat("audio/pcmu", 8_000)),
        ({"type": "audio/pcma", "rate": 8_000}, AudioFormat("audio/pcma", 8_000)),
    ],
)
def test_each_half_has_a_format_of_its_own(asked: dict[str, Any], held: AudioFormat) -> None:
    terms = Terms()
    assert refused(terms, audio={"input": {"format": asked}}) == {}
    assert (terms.hears, terms.speaks) == (held, AudioFormat())
    assert refused(terms, audio={"output": {"format": asked}}) == {}
    assert terms.speaks == held
    assert terms.session()["audio"]["input"]["format"] == held.as_json()


@pytest.mark.parametrize(
    "asked", [{"type": "audio/opus"}, {"type": "audio/pcm", "rate": 16_000}, {}, "pcm16", [1]]
)
def test_a_format_that_is_not_spoken_leaves_the_one_there_was(asked: Any) -> None:
    terms = Terms()
    found = refused(terms, audio={"input": {"format": asked}, "output": {"format": asked}})
    assert found == {
        "session.audio.input.format": "invalid_value",
        "session.audio.output.format": "invalid_value",
    }
    assert terms.hears == terms.speaks == AudioFormat()


def test_a_second_of_sound_has_so_many_bytes() -> None:
    assert AudioFormat().bytes_per_s == 48_000
    assert AudioFormat("audio/pcmu", 8_000).bytes_per_s == 8_000


def test_what_the_interview_fixed_stays_and_is_no_mistake() -> None:
    terms = Terms("gpt-realtime")
    before = terms.session()
    asked = {
        "instructions": "Ask about cats.",
        "model": "other",
        "tools": [{"type": "function"}],
        "tool_choice": "required",
        "output_modalities": ["text"],
        "prompt": {"id": "p"},
        "temperature": 0.2,
        "modalities": ["text"],
    }
    audio = {"voice": "marin", "speed": 1.5}
    assert refused(terms, **asked, audio={"output": audio}) == {}
    assert terms.unheeded == [*asked, *(f"audio.output.{name}" for name in audio)]
    assert terms.session() == before


def test_who_asks_for_what_is_so_anyway_is_not_refused() -> None:
    terms = Terms("gpt-realtime")
    assert refused(terms, **terms.session()) == {}
    assert terms.unheeded == []
    assert refused(terms, instructions="", tools=[], prompt=None, tracing=None) == {}
    assert terms.unheeded == []


def test_what_was_asked_is_not_written_down_with_its_name() -> None:
    terms = Terms()
    asked = {f"Speak of Ms Kim {number}": "x" for number in range(50)}
    assert refused(terms, **asked) == {}
    assert terms.unheeded == ["other"] * 20


@pytest.mark.parametrize("name", ["input_audio_format", "output_audio_format"])
def test_sound_that_the_beta_would_send_otherwise_is_a_mistake(name: str) -> None:
    assert refused(Terms(), **{name: "pcm16"}) == {}
    assert refused(Terms(), **{name: "g711_ulaw"}) == {f"session.{name}": "unknown_parameter"}


@pytest.mark.parametrize("audio", [3, {"input": "loud"}, {"output": [1]}])
def test_what_is_no_object_is_refused(audio: Any) -> None:
    terms = Terms()
    before = terms.session()
    assert set(refused(terms, audio=audio).values()) == {"invalid_value"}
    assert terms.session() == before


def test_the_language_is_the_interviews() -> None:
    terms = Terms()
    terms.language = "ko"
    asked: dict[str, Any] = {"model": "whisper-1", "language": "en"}
    assert refused(terms, audio={"input": {"transcription": asked}}) == {}
    assert terms.unheeded == ["audio.input.transcription.language"]
    held = terms.session()["audio"]["input"]["transcription"]
    assert held == {"model": "whisper-1", "language": "ko"}


@pytest.mark.parametrize(
    ("detection", "pace"),
    [
        ({"type": "semantic_vad", "eagerness": "low"}, 1.5),
        ({"type": "semantic_vad"}, 1.0),
        ({"type": "semantic_vad", "eagerness": "high"}, 0.7),
        ({"type": "server_vad"}, 1.0),
        ({"type": "server_vad", "silence_duration_ms": 200}, 0.7),
        ({"type": "server_vad", "silence_duration_ms": 750}, 1.5),
        ({"type": "server_vad", "silence_duration_ms": 9_000}, 3.0),
        ({"type": "server_vad", "create_response": False}, 100.0),
        (None, 100.0),
    ],
)
def test_turn_detection_is_patience(detection: dict[str, Any] | None, pace: float) -> None:
    terms = Terms()
    assert list(terms.update({"audio": {"input": {"turn_detection": detection}}})) == []
    assert terms.pace == pace


@pytest.mark.parametrize(
    "detection",
    [
        {"type": "other"}, 3, {"type": "server_vad", "threshold": 2}, {"eagerness": "very"},
        {"type": "server_vad", "silence_duration_ms": "x"},
        {"type": "semantic_vad", "eagerness": 1},
        {"type": "server_vad", "silence_duration_ms": True},
    ],
)  # fmt: skip
def test_turn_detection_that_cannot_be_changes_nothing(detection: Any) -> None:
    terms = Terms()
    before = terms.session()
    (refusal,) = terms.update({"audio": {"input": {"turn_detection": detection}}})
    assert refusal.param == "session.audio.input.turn_detection"
    assert terms.session() == before


def test_what_is_not_said_of_turn_detection_stays() -> None:
    terms = Terms()

    def detection(**asked: Any) -> dict[str, Any]:
        assert refused(terms, audio={"input": {"turn_detection": asked}}) == {}
        assert terms.turn_detection is not None
        return terms.turn_detection

    assert detection(eagerness="low")["type"] == "semantic_vad"
    assert detection(create_response=False)["eagerness"] == "low"
    first = detection(type="server_vad", silence_duration_ms=900, threshold=0.3)
    assert first["create_response"], "of another kind nothing is left"
    assert detection(threshold=0.4) == first | {"threshold": 0.4}
    assert detection(silence_duration_ms=None)["silence_duration_ms"] == 900
    terms.turn_detection = None
    assert detection(silence_duration_ms=700)["type"] == "server_vad"


def test_what_turn_detection_cannot_do_is_not_said_to_hold() -> None:
    terms = Terms()
    asked = {"type": "server_vad", "interrupt_response": False, "idle_timeout_ms": 6_000}
    assert refused(terms, audio={"input": {"turn_detection": asked}}) == {}
    held = terms.turn_detection or {}
    assert (held["interrupt_response"], held["idle_timeout_ms"]) == (True, None)
    path = "audio.input.turn_detection"
    assert terms.unheeded == [f"{path}.interrupt_response", f"{path}.idle_timeout_ms"]
