"""The variables that engines are set by, a class for each that has any of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr

from server.environment import (
    Folder,
    Number,
    Program,
    RequestBody,
    ServerUrl,
    ShellWords,
)

Milliseconds = Annotated[int, Field(ge=100, le=60_000), Number]


class SpeechToText(BaseModel):
    """For every recogniser. One on this machine is found in the folder of data."""

    data: Folder = Field(default=Path(".viva"), description="folder of data")

    stt: str = "auto"
    stt_queue: Annotated[int, Field(ge=1, le=10_000), Number] = Field(
        default=64, description="segments that may wait for the recogniser"
    )


class NamedModel(SpeechToText):
    stt_model: str | None = Field(
        default=None,
        description="name or local path of a Whisper model; with `VIVA_STT_URL` the server's name "
        "of its model",
        json_schema_extra={
            "default": "`large-v3-turbo` on CUDA, else `base`; first the server lists"
        },
    )


class TranscriptionServer(NamedModel):
    stt_url: ServerUrl | None = Field(
        default=None, description="base URL of an OpenAI-compatible transcription server"
    )
    stt_api_key: SecretStr | None = Field(
        default=None, description="secret that the transcription server wants"
    )
    stt_timeout_ms: Milliseconds = Field(
        default=6_000,
        description="milliseconds for the words of a segment, after which this machine hears it",
    )


class Whisper(NamedModel):
    stt_device: Literal["auto", "cuda", "cpu"] = Field(
        default="auto", description="what Whisper runs on"
    )


class LanguageModel(BaseModel):
    llm_url: ServerUrl | None = Field(
        default=None,
        description="base URL of an OpenAI-compatible server, or of a router before several",
    )
    llm_model: str | None = Field(
        default=None,
        description="name of the language model",
        json_schema_extra={"default": "first the server lists"},
    )
    llm_api_key: SecretStr | None = Field(
        default=None, description="secret that the language model server wants"
    )
    llm_timeout_ms: Milliseconds = Field(
        default=4_000, description="milliseconds for a whole question"
    )
    llm_first_token_ms: Milliseconds = Field(
        default=2_500, description="milliseconds to the first word of a question"
    )
    llm_temperature: Annotated[float, Field(ge=0, le=2), Number] = Field(
        default=0.4, description="how freely it words a question"
    )
    llm_seed: Annotated[int, Field(ge=0, le=2**31 - 1), Number] | None = Field(
        default=None, description="for questions that can be repeated"
    )
    llm_extra_body: RequestBody = Field(
        default={},
        description="goes into the body of every request and wins; null takes an entry out",
    )


class OwnLanguageModel(LanguageModel):
    """vLLM on this machine."""

    vllm: Program = Field(
        default="auto",
        description="the program `vllm`, for `viva llm`, which `viva up` starts",
    )
    vllm_port: Annotated[int, Field(ge=1, le=65_535), Number] = Field(
        default=8_001, description="port of this machine that `viva llm` listens on"
    )
    vllm_args: ShellWords = Field(default=(), description="further arguments of `vllm serve`")


class SpeechServer(BaseModel):
    tts_url: ServerUrl | None = Field(
        default=None, description="base URL of an OpenAI-compatible speech server"
    )
    tts_model: str = Field(default="tts-1", description="name of the speech server's model")
    tts_voice: str = Field(default="alloy", description="name of the speech server's voice")
    tts_api_key: SecretStr | None = Field(
        default=None, description="secret that the speech server wants"
    )
