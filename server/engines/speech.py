"""Any OpenAI-compatible speech server as a voice."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from types import MappingProxyType

from openai import omit

from server.core.events import Language
from server.engines import endpoint
from server.ports import VOICE_RATE, EngineError

CHUNK = VOICE_RATE // 10 * 2
READ_SECONDS = 20.0
CHECK_SECONDS = 3.0


class SpeechServerVoice:
    """A ``Voice`` over ``POST {url}/audio/speech``, whose ``pcm`` is PCM16 mono at 24 kHz.

    ``voices`` names the server's voice for a language, ``otherwise`` that for any other;
    ``extra`` goes into each request's body.
    """

    def __init__(
        self,
        url: str,
        model: str,
        voices: Mapping[Language, str] = MappingProxyType({}),
        key: str | None = None,
        *,
        otherwise: str | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self._client = endpoint.client_for(url, key, READ_SECONDS)
        self._where = f"the speech server at {endpoint.host_of(url)}"
        self._model = model
        self._voices = dict(voices)
        self._otherwise = otherwise
        self._extra = dict(extra) if extra else None
        self.name = model

    async def speak(
        self, text: str, language: Language, rate: float = 1.0
    ) -> AsyncGenerator[bytes, None]:
        voice = self._voices.get(language, self._otherwise)
        if voice is None:
            raise EngineError(f"{self._where} has no voice set for {language}")
        sent = 0
        pending = b""
        try:
            async with self._client.audio.speech.with_streaming_response.create(
                input=text,
                model=self._model,
                voice=voice,
                response_format="pcm",
                speed=omit if rate == 1.0 else rate,
                extra_body=self._extra,
            ) as reply:
                _require_audio(reply.headers.get("content-type", ""), self._where)
                async for piece in reply.iter_bytes():
                    pending += piece
                    whole = len(pending) // CHUNK * CHUNK
                    for start in range(0, whole, CHUNK):
                        yield pending[start : start + CHUNK]
                    sent += whole
                    pending = pending[whole:]
        except EngineError:
            raise
        except Exception as error:
            raise EngineError(f"{self._where} {endpoint.reason(error)}") from error
        if len(pending) > 1:
            yield pending[: len(pending) // 2 * 2]
        elif not sent:
            raise EngineError(f"{self._where} sent no audio")

    async def check(self) -> tuple[bool, str]:
        """Whether it answers at all, without asking for speech."""
        try:
            await self._client.models.list(timeout=CHECK_SECONDS)
        except Exception as error:  # noqa: BLE001
            if not endpoint.lists_nothing(error):
                return False, f"{self._where} {endpoint.reason(error)}"
        return True, f"{self._model} at {self._where.rpartition(' ')[2]}"

    async def close(self) -> None:
        await self._client.close()


def _require_audio(content_type: str, where: str) -> None:
    """Refuse what would be heard as noise: an error page, or a file format with a header."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind.endswith("json") or kind in {"audio/mpeg", "audio/wav"}:
        raise EngineError(f"{where} sent {kind} instead of raw audio")
