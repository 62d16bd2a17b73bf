"""What holds on one OpenAI Realtime connection: what its client may choose, and what is fixed.

The interview is the session. Its questions, voice and role are the server's; how audio is sent and
how long to wait for more of an answer are the client's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from server.realtime.wire import WireError

KINDS_OF_DETECTION = "server_vad, semantic_vad or null, with numbers that can be"
PACES = {"low": 1.5, "medium": 1.0, "auto": 1.0, "high": 0.7}
USUAL_SILENCE_MS = 500
HASTIEST, MOST_PATIENT, BY_HAND = 0.7, 3.0, 100.0
"""``BY_HAND``: the client itself says when an answer is over; silence practically never does."""

TRANSCRIBER = "whisper-1"
"""Whatever does it. The types of clients a year old know only names of OpenAI's."""

WITHOUT_TRACE = frozenset({"type", "object", "id", "expires_at"})
"""What a client repeats of the session it was told, and means nothing by."""

SAY_AUDIO = "this is of the beta; say session.audio.input.format and session.audio.output.format"

OF_BETA = frozenset({"input_audio_format", "output_audio_format"})
"""In the beta dialect they said how sound is sent: taken without effect they would be noise."""

SAYABLE = re.compile(r"[a-z_]{1,40}")
MOST_SAID = 20


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
        self.transcription: dict[str, Any] | None = {"model": TRANSCRIBER}
        self.noise_reduction: dict[str, Any] | None = None
        self.turn_detection: dict[str, Any] | None = _semantic({})
        self.unheeded: list[str] = []
        """Of the last update, what was taken without effect."""

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

    def chosen(self) -> dict[str, Any]:
        """What a client may choose, as it is; another connection's ``update`` takes it."""
        return {"audio": self.session()["audio"]}

    def _transcription(self) -> dict[str, Any] | None:
        return (
            None if self.transcription is None else self.transcription | {"language": self.language}
        )

    def update(self, asked: Mapping[str, Any]) -> Iterator[WireError]:
        """Apply what may be chosen. Comes back what can only be a mistake; what the interview has
        fixed stays as it is, and ``unheeded`` says what that was."""
        self.unheeded = []
        for name, value in asked.items():
            if name == "type" and value not in (None, "realtime"):
                yield _invalid("session.type", "the session is of type realtime")
            elif name == "audio" and value is not None:
                yield from self._update_audio(value)
            elif name in OF_BETA and value not in (None, "pcm16"):
                yield WireError("unknown_parameter", SAY_AUDIO, param=f"session.{name}")
            elif name not in WITHOUT_TRACE and not self._holds(name, value):
                self._unheeded(name)

    def _unheeded(self, path: str) -> None:
        """Names are written down, and never what was asked: instructions may say anything."""
        if len(self.unheeded) < MOST_SAID:
            known = all(SAYABLE.fullmatch(part) for part in path.split("."))
            self.unheeded.append(path if known else "other")

    def _holds(self, name: str, value: Any) -> bool:
        """Whether the client asks for what is so anyway."""
        held = self.session()
        return value is None or value == held.get(name) or (not value and not held.get(name))

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
            self._update_transcription(asked["transcription"])
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
            self._unheeded("audio.output.voice")
        if asked.get("speed") not in (None, 1, 1.0):
            self._unheeded("audio.output.speed")

    def _update_transcription(self, asked: Any) -> None:
        if asked is None:
            self.transcription = None
            return
        model, language = _get(asked, "model"), _get(asked, "language")
        self.transcription = {"model": model if isinstance(model, str) else TRANSCRIBER}
        if language not in (None, self.language):
            self._unheeded("audio.input.transcription.language")
        if _get(asked, "prompt"):
            self._unheeded("audio.input.transcription.prompt")

    def _update_turn_detection(self, asked: Any) -> Iterator[WireError]:
        """What is not said stays as it was, where the kind of it stays."""
        path = "session.audio.input.turn_detection"
        if asked is None:
            self.turn_detection = None
            return
        if not isinstance(asked, Mapping):
            yield _invalid(path, KINDS_OF_DETECTION)
            return
        said = {name: value for name, value in asked.items() if value is not None}
        before = self.turn_detection or {"type": "server_vad"}
        kind = said.get("type", before["type"])
        whole = {**(before if kind == before["type"] else {}), **said}
        if kind == "semantic_vad" and whole.get("eagerness", "auto") in tuple(PACES):
            self.turn_detection = _semantic(whole)
        elif kind == "server_vad" and _sound(whole):
            self.turn_detection = _by_silence(whole)
        else:
            yield _invalid(path, KINDS_OF_DETECTION)
            return
        for name in asked:
            if self.turn_detection.get(name) != asked[name] and asked[name] is not None:
                self._unheeded(f"audio.input.turn_detection.{name}")


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
    return {
        "type": "semantic_vad", "eagerness": asked.get("eagerness", "auto"), **_answers(asked),
    }  # fmt: skip


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


def _invalid(param: str, message: str) -> WireError:
    return WireError("invalid_value", message, param=param)


def _bad_format(param: str) -> WireError:
    message = "audio/pcm at a rate of 24000, audio/pcmu or audio/pcma, one channel"
    return _invalid(param, message)
