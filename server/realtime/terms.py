"""What holds on one OpenAI Realtime connection: what its client may choose, and what is fixed.

The interview is the session. Its questions, voice and role are the server's; how audio is sent and
how long to wait for more of an answer are the client's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from server.realtime.wire import WireError

FIXED = "conversation_already_has_active_response"
"""The code of every refusal to change what the interview has fixed: `param` says what. A code of
our own would say it better, but Pipecat stops listening at any error whose code is neither this
one nor `response_cancel_not_active`, and it sends instructions with every set-up."""

PACES = {"low": 1.5, "medium": 1.0, "auto": 1.0, "high": 0.7}
USUAL_SILENCE_MS = 500
HASTIEST, MOST_PATIENT, BY_HAND = 0.7, 3.0, 100.0
"""``BY_HAND``: the client itself says when an answer is over; silence practically never does."""

UNUSED = frozenset({
    "type", "object", "id", "expires_at", "include", "max_output_tokens", "parallel_tool_calls",
    "reasoning", "temperature", "tracing", "truncation",
})  # fmt: skip
"""Settings of a language model or of OpenAI's own service: nothing here depends on them."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """``rate`` in Hz; always mono."""

    type: Literal["audio/pcm", "audio/pcmu", "audio/pcma"] = "audio/pcm"
    rate: int = 24_000

    @property
    def bytes_per_s(self) -> int:
        return self.rate * (2 if self.type == "audio/pcm" else 1)

    def as_json(self) -> dict[str, Any]:
        pcm = {"type": self.type, "rate": self.rate}
        return pcm if self.type == "audio/pcm" else {"type": self.type}


class Terms:
    """``model``: what the client calls us, from its URL."""

    def __init__(self, model: str = "viva") -> None:
        self.model = model
        self.interview_id = ""
        self.language = ""
        self.hears = AudioFormat()
        self.understood = True
        """Whether ``hears`` is what the client says that it sends."""
        self.speaks = AudioFormat()
        self.voice = "viva"
        self.transcription: dict[str, Any] | None = {"model": "viva"}
        self.noise_reduction: dict[str, Any] | None = None
        self.turn_detection: dict[str, Any] | None = _semantic({})

    @property
    def detects_turns(self) -> bool:
        return self.turn_detection is not None

    @property
    def pace(self) -> float:
        """How patient the interviewer is with this client; 1 is the interview's default."""
        detection = self.turn_detection
        if detection is None or not detection["create_response"]:
            return BY_HAND
        if detection["type"] == "semantic_vad":
            return PACES[detection["eagerness"]]
        wanted: float = detection["silence_duration_ms"] / USUAL_SILENCE_MS
        return min(max(wanted, HASTIEST), MOST_PATIENT)

    def session(self) -> dict[str, Any]:
        """The GA session object."""
        return {
            "type": "realtime",
            "object": "realtime.session",
            "id": f"sess_{self.interview_id}",
            "model": self.model,
            "output_modalities": ["audio"],
            "instructions": "",
            "tools": [],
            "tool_choice": "auto",
            "max_output_tokens": "inf",
            "tracing": None,
            "prompt": None,
            "include": None,
            "audio": {
                "input": {
                    "format": self.hears.as_json(),
                    "transcription": self._transcription(),
                    "noise_reduction": self.noise_reduction,
                    "turn_detection": self.turn_detection,
                },
                "output": {"format": self.speaks.as_json(), "voice": self.voice, "speed": 1.0},
            },
        }

    def _transcription(self) -> dict[str, Any] | None:
        return (
            None if self.transcription is None else self.transcription | {"language": self.language}
        )

    def update(self, asked: Mapping[str, Any]) -> Iterator[WireError]:
        """Apply what may be chosen; the rest comes back, one refusal for each field."""
        for name, value in asked.items():
            if name == "type" and value not in (None, "realtime"):
                yield _invalid("session.type", "the session is of type realtime")
            elif name == "audio" and value is not None:
                yield from self._update_audio(value)
            elif name in UNUSED or name == "audio":
                continue
            elif not self._holds(name, value):
                yield _fixed(f"session.{name}")

    def _holds(self, name: str, value: Any) -> bool:
        """Whether the client asks for what is so anyway."""
        match name:
            case "tool_choice":
                return value in (None, "auto", "none")
            case "model" | "output_modalities":
                return value is None or value == self.session()[name]
            case _:
                return not value

    def _update_audio(self, audio: Any) -> Iterator[WireError]:
        if not isinstance(audio, Mapping):
            yield _invalid("session.audio", "audio must be an object")
            return
        for half, update in (("input", self._update_input), ("output", self._update_output)):
            value = audio.get(half)
            if isinstance(value, Mapping):
                yield from update(value)
            elif value is not None:
                yield _invalid(f"session.audio.{half}", "this must be an object")

    def _update_input(self, asked: Mapping[str, Any]) -> Iterator[WireError]:
        path = "session.audio.input"
        if asked.get("format") is not None:
            hears = _format(asked["format"])
            if hears is None:
                yield _bad_format(f"{path}.format")
            self.understood = hears is not None
            self.hears = hears or self.hears
        if "turn_detection" in asked:
            yield from self._update_turn_detection(asked["turn_detection"])
        if "transcription" in asked:
            yield from self._update_transcription(asked["transcription"])
        if "noise_reduction" in asked:
            kind = _get(asked["noise_reduction"], "type")
            self.noise_reduction = {"type": kind} if kind in ("near_field", "far_field") else None

    def _update_output(self, asked: Mapping[str, Any]) -> Iterator[WireError]:
        path = "session.audio.output"
        if asked.get("format") is not None:
            speaks = _format(asked["format"])
            if speaks is None:
                yield _bad_format(f"{path}.format")
            self.speaks = speaks or self.speaks
        if asked.get("voice") not in (None, self.voice):
            yield _fixed(f"{path}.voice")
        if asked.get("speed") not in (None, 1, 1.0):
            yield _fixed(f"{path}.speed")

    def _update_transcription(self, asked: Any) -> Iterator[WireError]:
        if asked is None:
            self.transcription = None
            return
        model, language = _get(asked, "model"), _get(asked, "language")
        self.transcription = {"model": model if isinstance(model, str) else "viva"}
        if language not in (None, self.language):
            yield _fixed("session.audio.input.transcription.language")

    def _update_turn_detection(self, asked: Any) -> Iterator[WireError]:
        path = "session.audio.input.turn_detection"
        kind = _get(asked, "type")
        if asked is None:
            self.turn_detection = None
        elif kind == "semantic_vad" and asked.get("eagerness") in (None, *PACES):
            self.turn_detection = _semantic(asked)
        elif kind == "server_vad" and _sound(asked):
            self.turn_detection = _by_silence(asked)
        else:
            yield _invalid(path, "server_vad, semantic_vad or null, with numbers that can be")


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _format(asked: Any) -> AudioFormat | None:
    kind, rate = _get(asked, "type"), _get(asked, "rate")
    if _get(asked, "channels") not in (None, 1):
        return None
    if kind == "audio/pcm" and rate in (None, 24_000):
        return AudioFormat()
    if kind in ("audio/pcmu", "audio/pcma") and rate in (None, 8_000):
        return AudioFormat(kind, 8_000)
    return None


def _answers(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "create_response": asked.get("create_response") is not False,
        "interrupt_response": True,
    }


def _semantic(asked: Mapping[str, Any]) -> dict[str, Any]:
    eagerness = asked.get("eagerness") or "auto"
    return {"type": "semantic_vad", "eagerness": eagerness, **_answers(asked)}


def _by_silence(asked: Mapping[str, Any]) -> dict[str, Any]:
    usual = {"threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": USUAL_SILENCE_MS}
    given = {
        name: float(value) if name == "threshold" else int(value)
        for name in usual
        if (value := asked.get(name)) is not None
    }
    return {"type": "server_vad", **usual, **given, "idle_timeout_ms": None, **_answers(asked)}


def _sound(asked: Mapping[str, Any]) -> bool:
    limits = {"threshold": 1.0, "prefix_padding_ms": 10_000, "silence_duration_ms": 60_000}
    return all(_within(asked.get(name), most) for name, most in limits.items())


def _within(value: Any, most: float) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and 0 <= value <= most)


def _fixed(param: str) -> WireError:
    return WireError(FIXED, "the interview has fixed this; it stays as it is", param=param)


def _invalid(param: str, message: str) -> WireError:
    return WireError("invalid_value", message, param=param)


def _bad_format(param: str) -> WireError:
    message = "audio/pcm at a rate of 24000, audio/pcmu or audio/pcma, one channel"
    return _invalid(param, message)
