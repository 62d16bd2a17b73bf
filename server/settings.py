"""The environment, typed and read once. A wrong value is refused by its variable's name."""

from __future__ import annotations

import ipaddress
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args
from urllib.parse import SplitResult, urlsplit

Stt = Literal["auto", "whisper", "moonshine"]
Device = Literal["auto", "cuda", "cpu"]
Windows = Literal["whole", "short"]
Recording = Literal["off", "consent"]
LogFormat = Literal["console", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]

T = TypeVar("T", bound=str)

MIB = 1024 * 1024
NAMES: Final = (
    "VIVA_HOST",
    "VIVA_PORT",
    "VIVA_DATA",
    "DATABASE_URL",
    "REDIS_URL",
    "VIVA_STT",
    "VIVA_STT_MODEL",
    "VIVA_STT_DEVICE",
    "VIVA_STT_QUEUE",
    "VIVA_STT_WINDOWS",
    "VIVA_LLM_URL",
    "VIVA_LLM_MODEL",
    "VIVA_LLM_API_KEY",
    "VIVA_LLM_FIRST_TOKEN_MS",
    "VIVA_LLM_TIMEOUT_MS",
    "VIVA_LLM_TEMPERATURE",
    "VIVA_LLM_SEED",
    "VIVA_VLLM",
    "VIVA_VLLM_ARGS",
    "VIVA_TTS_URL",
    "VIVA_TTS_MODEL",
    "VIVA_TTS_VOICE",
    "VIVA_TTS_API_KEY",
    "VIVA_MAX_RESUME_BYTES",
    "VIVA_INTERVIEWER_KEY",
    "VIVA_RECORDING",
    "VIVA_RECORDING_DAYS",
    "VIVA_LOG",
    "VIVA_LOG_LEVEL",
)


class SettingsError(Exception):
    """A variable has a value it may not have; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. URLs that may hold a password, and keys, stay out of the repr."""

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path = Path(".viva")
    database_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    stt: Stt = "auto"
    stt_model: str | None = None
    stt_device: Device = "auto"
    stt_queue: int = 64
    stt_windows: Windows = "whole"
    llm_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    llm_first_token_ms: int = 2_500
    llm_timeout_ms: int = 4_000
    llm_temperature: float = 0.4
    llm_seed: int | None = None
    vllm: str = "auto"
    vllm_args: tuple[str, ...] = ()
    tts_url: str | None = None
    tts_model: str | None = None
    tts_voice: str | None = None
    tts_api_key: str | None = field(default=None, repr=False)
    max_resume_bytes: int = 10 * MIB
    interviewer_key: str | None = field(default=None, repr=False)
    recording: Recording = "off"
    recording_days: int = 30
    log: LogFormat = "console"
    log_level: LogLevel = "info"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Raises SettingsError. A variable that is empty counts as one that is not set."""
        read, default = _Environment(env), cls()
        return cls(
            host=read.loopback("VIVA_HOST", default.host),
            port=read.integer("VIVA_PORT", default.port, 1, 65_535),
            data=Path(read.text("VIVA_DATA") or default.data).expanduser(),
            database_url=read.secret_url("DATABASE_URL", ("postgresql", "postgres")),
            redis_url=read.secret_url("REDIS_URL", ("redis", "rediss", "unix")),
            stt=read.choice("VIVA_STT", default.stt, get_args(Stt)),
            stt_model=read.text("VIVA_STT_MODEL"),
            stt_device=read.choice("VIVA_STT_DEVICE", default.stt_device, get_args(Device)),
            stt_queue=read.integer("VIVA_STT_QUEUE", default.stt_queue, 1, 10_000),
            stt_windows=read.choice("VIVA_STT_WINDOWS", default.stt_windows, get_args(Windows)),
            llm_url=read.web_url("VIVA_LLM_URL", "VIVA_LLM_API_KEY"),
            llm_model=read.text("VIVA_LLM_MODEL"),
            llm_api_key=read.text("VIVA_LLM_API_KEY"),
            llm_first_token_ms=read.integer(
                "VIVA_LLM_FIRST_TOKEN_MS", default.llm_first_token_ms, 100, 60_000
            ),
            llm_timeout_ms=read.integer("VIVA_LLM_TIMEOUT_MS", default.llm_timeout_ms, 100, 60_000),
            llm_temperature=read.decimal("VIVA_LLM_TEMPERATURE", default.llm_temperature, 0, 2),
            llm_seed=read.whole("VIVA_LLM_SEED", 0, 2**31 - 1),
            vllm=read.command("VIVA_VLLM", default.vllm, ("auto", "off")),
            vllm_args=read.words("VIVA_VLLM_ARGS"),
            tts_url=read.web_url("VIVA_TTS_URL", "VIVA_TTS_API_KEY"),
            tts_model=read.text("VIVA_TTS_MODEL"),
            tts_voice=read.text("VIVA_TTS_VOICE"),
            tts_api_key=read.text("VIVA_TTS_API_KEY"),
            max_resume_bytes=read.integer(
                "VIVA_MAX_RESUME_BYTES", default.max_resume_bytes, 1_024, 100 * MIB
            ),
            interviewer_key=read.text("VIVA_INTERVIEWER_KEY"),
            recording=read.choice("VIVA_RECORDING", default.recording, get_args(Recording)),
            recording_days=read.integer("VIVA_RECORDING_DAYS", default.recording_days, 1, 3_650),
            log=read.choice("VIVA_LOG", default.log, get_args(LogFormat)),
            log_level=read.choice("VIVA_LOG_LEVEL", default.log_level, get_args(LogLevel)),
        )


def unknown_names(env: Mapping[str, str]) -> list[str]:
    """Variables that look like viva's and are not: most often a slip of the pen."""
    return sorted(name for name in env if name.startswith("VIVA_") and name not in NAMES)


class _Environment:
    """Reads one variable at a time; secrets are never repeated in a message."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str) -> str | None:
        return self._env.get(name, "").strip() or None

    def choice(self, name: str, default: T, choices: Sequence[T]) -> T:
        value = self.text(name)
        if value is None:
            return default
        for choice in choices:
            if choice == value:
                return choice
        raise SettingsError(f"{name} is {value!r}; it may be {', '.join(choices)}")

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,12}", value) or not least <= int(value) <= most:
            raise SettingsError(f"{name} is {value!r}; it may be a number from {least} to {most}")
        return int(value)

    def whole(self, name: str, least: int, most: int) -> int | None:
        return None if self.text(name) is None else self.integer(name, 0, least, most)

    def decimal(self, name: str, default: float, least: float, most: float) -> float:
        value = self.text(name)
        if value is None:
            return default
        if (
            not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value)
            or not least <= float(value) <= most
        ):
            raise SettingsError(f"{name} is {value!r}; it may be a number from {least} to {most}")
        return float(value)

    def command(self, name: str, default: str, words: Sequence[str]) -> str:
        """One of the words, or the path of a program that is there."""
        value = self.text(name) or default
        if value in words:
            return value
        path = Path(value).expanduser()
        if not (path.is_file() and os.access(path, os.X_OK)):
            allowed = ", ".join(words)
            raise SettingsError(
                f"{name} is {value!r}; it may be {allowed} or the path of a program"
            )
        return str(path.absolute())

    def words(self, name: str) -> tuple[str, ...]:
        """Arguments as a shell would split them."""
        try:
            return tuple(shlex.split(self.text(name) or ""))
        except ValueError as error:
            raise SettingsError(f"{name} cannot be split into arguments: {error}") from None

    def loopback(self, name: str, default: str) -> str:
        value = self.text(name) or default
        if value == "localhost":
            return value
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            raise SettingsError(
                f"{name} is {value!r}; it may be localhost or a loopback address such as 127.0.0.1"
            ) from None
        if not address.is_loopback:
            raise SettingsError(
                f"{name} is {value!r}; until accounts exist everything is open, "
                "so viva listens on loopback only (127.0.0.1, ::1 or localhost)"
            )
        return value

    def secret_url(self, name: str, schemes: Sequence[str]) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        parts = _split(name, value)
        place = parts.path if parts.scheme == "unix" else parts.netloc or parts.query
        if parts.scheme not in schemes or not place:
            allowed = " or ".join(f"{scheme}://..." for scheme in schemes)
            raise SettingsError(f"{name} is not a URL that viva knows; it may be {allowed}")
        return value

    def web_url(self, name: str, key_name: str) -> str | None:
        value = self.text(name)
        if value is None:
            return None
        if "," in value:
            raise SettingsError(f"{name} may name one server; put a router in front of several")
        parts = _split(name, value)
        if parts.username or parts.password:
            raise SettingsError(f"{name} holds a user or password; put the key in {key_name}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(
                f"{name} is {value!r}; it may be the base URL of an OpenAI-compatible server, "
                "such as http://127.0.0.1:8001/v1"
            )
        return value.rstrip("/")


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise SettingsError(f"{name} is not a URL") from None
    return parts
