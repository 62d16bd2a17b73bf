"""The voice of a speech server, against a real HTTP server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import numpy as np
import pytest
import pytest_asyncio

from server.core.events import Language
from server.engines.speech import CHUNK, SpeechServerVoice
from server.ports import EngineError
from tests.engines.openai_server import Call, OpenAIServer, failure, models, raw

SPEECH = "/v1/audio/speech"
TONE = (np.sin(np.arange(30_001) / 24_000 * 2 * np.pi * 440) * 8000).astype("<i2").tobytes()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as running:
        yield running


@pytest_asyncio.fixture
async def voice(server: OpenAIServer) -> AsyncIterator[SpeechServerVoice]:
    made = SpeechServerVoice(server.url, "tts-1", {"ko": "sohee", "en": "ryan"}, "key-2")
    yield made
    await made.close()


async def spoken(
    voice: SpeechServerVoice, text: str = "안녕하세요", language: Language = "ko"
) -> list[bytes]:
    return [chunk async for chunk in voice.speak(text, language)]


@pytest.mark.asyncio
async def test_the_audio_arrives_whole_in_even_chunks(
    server: OpenAIServer, voice: SpeechServerVoice
) -> None:
    async def in_odd_pieces(call: Call) -> None:
        await call.begin("audio/pcm")
        for start in range(0, len(TONE), 777):
            await call.send(TONE[start : start + 777])
            await asyncio.sleep(0)

    server.handlers[SPEECH] = in_odd_pieces
    chunks = await spoken(voice)
    assert b"".join(chunks) == TONE
    assert {len(chunk) for chunk in chunks[:-1]} == {CHUNK}
    sent = server.calls[0]
    assert sent.body == {
        "input": "안녕하세요",
        "model": "tts-1",
        "voice": "sohee",
        "response_format": "pcm",
    }
    assert sent.headers["authorization"] == "Bearer key-2"
    await spoken(voice, "Hello", "en")
    assert server.calls[1].body["voice"] == "ryan"


@pytest.mark.asyncio
async def test_the_first_chunk_does_not_wait_for_the_last(
    server: OpenAIServer, voice: SpeechServerVoice
) -> None:
    async def slow(call: Call) -> None:
        await call.begin("audio/pcm")
        await call.send(TONE[:CHUNK])
        await asyncio.sleep(30)

    server.handlers[SPEECH] = slow
    async with aclosing(voice.speak("안녕하세요", "ko")) as chunks:
        assert await asyncio.wait_for(anext(chunks), 2) == TONE[:CHUNK]
    await asyncio.wait_for(server.calls[0].aborted.wait(), 2)


@pytest.mark.asyncio
async def test_half_a_sample_at_the_end_is_dropped(
    server: OpenAIServer, voice: SpeechServerVoice
) -> None:
    server.handlers[SPEECH] = raw("application/octet-stream", TONE + b"\x01")
    assert b"".join(await spoken(voice)) == TONE


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("content_type", "data", "reason"),
    [
        ("application/json", b'{"detail": "no"}', "application/json instead of raw audio"),
        ("text/html; charset=utf-8", b"<h1>hi</h1>", "text/html instead of raw audio"),
        ("audio/mpeg", b"ID3" * 3000, "audio/mpeg instead of raw audio"),
        ("audio/pcm", b"", "no audio"),
    ],
)
async def test_what_is_not_raw_audio_is_never_played(
    server: OpenAIServer, voice: SpeechServerVoice, content_type: str, data: bytes, reason: str
) -> None:
    server.handlers[SPEECH] = raw(content_type, data)
    with pytest.raises(EngineError, match=reason):
        await spoken(voice)


@pytest.mark.asyncio
async def test_failures_name_the_server_and_not_the_text(server: OpenAIServer) -> None:
    voice = SpeechServerVoice(server.url, "tts-1", {"en": "ryan"})
    server.handlers[SPEECH] = failure("500 Internal Server Error", "cannot say: 안녕하세요")
    with pytest.raises(EngineError, match=r"speech server at 127.*HTTP 500") as caught:
        await spoken(voice, "안녕하세요", "en")
    assert "안녕하세요" not in str(caught.value)
    with pytest.raises(EngineError, match="no voice set for ko"):
        await spoken(voice)
    await voice.close()


@pytest.mark.asyncio
async def test_the_check_needs_a_server_and_not_a_list_of_models(
    server: OpenAIServer, voice: SpeechServerVoice
) -> None:
    assert (await voice.check())[0]
    server.handlers["/v1/models"] = models("tts-1")
    assert (await voice.check())[0]
    server.handlers["/v1/models"] = failure("401 Unauthorized")
    ok, why = await voice.check()
    assert not ok
    assert "API key" in why


@pytest.mark.asyncio
async def test_a_slower_voice_is_asked_of_the_server(
    server: OpenAIServer, voice: SpeechServerVoice
) -> None:
    async def audio(call: Call) -> None:
        await call.begin("audio/pcm")
        await call.send(TONE)

    server.handlers[SPEECH] = audio
    async for _ in voice.speak("안녕하세요", "ko", 0.8):
        pass
    assert server.calls[0].body["speed"] == 0.8
