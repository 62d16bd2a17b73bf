"""Events of a call on their way through: which the browser is told, and what it may say."""

from __future__ import annotations

import base64
import binascii
from secrets import token_hex
from typing import Any, Final

import msgspec

CLEAR: Final = "output_audio_buffer.clear"
UPDATE: Final = "session.update"
APPEND: Final = "input_audio_buffer.append"
DELTA: Final = "response.output_audio.delta"
AUDIO_DONE: Final = "response.output_audio.done"
RESPONSE_DONE: Final = "response.done"
SPEECH_STARTED: Final = "input_audio_buffer.speech_started"
CREATED: Final = "session.created"

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(dict[str, Any])


def encoded(event: dict[str, Any]) -> str:
    return _encoder.encode(event).decode()


def decoded(text: str) -> dict[str, Any] | None:
    """None where it is no event: the server says what is wrong with it."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def told(event: dict[str, Any]) -> str:
    """One of ours to the browser."""
    return encoded({"event_id": f"event_{token_hex(8)}", **event})


def failed(code: str, message: str, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "code": code, "message": message}}


def append(pcm: bytes) -> str:
    return encoded({"type": APPEND, "audio": base64.b64encode(pcm).decode()})


def truncate(item_id: str, played_ms: int) -> str:
    return encoded(
        {
            "type": "conversation.item.truncate",
            "item_id": item_id,
            "content_index": 0,
            "audio_end_ms": played_ms,
        }
    )


def sound(event: dict[str, Any]) -> bytes:
    """Of a delta: PCM16 mono 24 kHz."""
    try:
        return base64.b64decode(event.get("delta", ""), validate=True)
    except (binascii.Error, ValueError, TypeError):
        return b""


def without_formats(event: dict[str, Any]) -> dict[str, Any]:
    """A ``session.update`` as it holds over WebRTC: in which format sound travels is agreed there,
    and between us and the server it is PCM."""
    session = event.get("session")
    if not isinstance(session, dict) or not isinstance(session.get("audio"), dict):
        return event
    audio: dict[str, Any] = session["audio"]
    halves = {
        half: {name: one for name, one in value.items() if name != "format"}
        if isinstance(value, dict)
        else value
        for half, value in audio.items()
    }
    return {**event, "session": {**session, "audio": halves}}
