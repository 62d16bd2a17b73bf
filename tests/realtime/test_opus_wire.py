"""Opus on our own wire: what is spoken is understood, and what is asked can be heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import av
import numpy as np
import pytest
import soxr

from server.engines.opus_stream import FRAME_BYTES, FRAME_SAMPLES, OpusSpeech, OpusVoice
from server.ports import EngineError
from tests.live import Viva, browser, running
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence

pytestmark = pytest.mark.engine


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url) as system:
        yield system


def packets(pcm: bytes) -> list[bytes]:
    """PCM16 16 kHz as Opus."""
    wide = soxr.resample(np.frombuffer(pcm, "<i2"), 16_000, 24_000).astype("<i2").tobytes()
    encoder = OpusVoice()
    return [*encoder.send(wide), *encoder.finish()]


async def test_an_interview_in_opus(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await candidate.send(type="viva.audio", up="opus", down="opus")
        chosen = await candidate.event("viva.audio")
        assert (chosen["up"], chosen["down"]) == ("opus", "opus")
        await candidate.hear_question(1)
        for packet in packets(recording("two_cities.wav", 5.0) + silence(4.0)):
            await candidate.socket.send(packet)
            await asyncio.sleep(0.004)
        heard = await candidate.event("conversation.item.input_audio_transcription.completed")
        assert "best of times" in heard["transcript"].lower()
        done = await candidate.event("viva.voice_done", turn=2)
        frames = candidate.frames[2]
        assert [offset for offset, _ in frames] == [
            number * FRAME_SAMPLES for number in range(len(frames))
        ]
        assert len(frames) == -(-done["duration_ms"] * 24 // FRAME_SAMPLES)
        speech = OpusSpeech()
        sound = b"".join(speech.decode(packet) for _, packet in frames)
        loudness = np.frombuffer(sound, "<i2").astype(np.float64).std()
        assert loudness > 300
        size = sum(len(packet) for _, packet in frames)
        assert size * 8 / (done["duration_ms"] / 1_000) < 48_000
        await candidate.socket.send(b"\xff\xff\xff")
        assert (await candidate.event("error"))["error"]["code"] == "invalid_audio"
        await candidate.send(type="viva.audio", up="pcm16", down="pcm16")
        await candidate.event("viva.audio", up="pcm16")
        await candidate.socket.send(bytes(1_280))
        await candidate.send(type="viva.audio", up="flac")
        await candidate.event("error")


def test_no_sample_is_lost_and_the_sound_is_the_same() -> None:
    pcm = recording("two_cities.wav", 6.0)
    speech = OpusSpeech()
    heard = b"".join(speech.decode(packet) for packet in packets(pcm))
    assert abs(len(heard) - len(pcm)) < 2 * FRAME_BYTES
    before = _loudness(pcm)
    after = _loudness(heard)[: len(before)]
    assert np.corrcoef(before[: len(after)], after)[0, 1] > 0.98


def _loudness(pcm: bytes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Of each 50 ms."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    return np.asarray(samples[: len(samples) // 800 * 800].reshape(-1, 800).std(axis=1))


@pytest.mark.parametrize("packet", [b"", b"\xff" * 10, bytes(9_000)])
def test_what_is_no_packet_is_refused_and_the_next_is_heard(packet: bytes) -> None:
    speech = OpusSpeech()
    with pytest.raises(EngineError):
        speech.decode(packet)
    assert sum(len(speech.decode(good)) for good in packets(bytes(32_000))) > 30_000


def test_stereo_is_heard_too() -> None:
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, av.AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = 48_000, "stereo", "s16"
    tone = (8_000 * np.sin(np.arange(9_600) * 0.06)).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2).reshape(1, -1), "s16", "stereo")
    frame.sample_rate = 48_000
    speech = OpusSpeech()
    heard = b"".join(speech.decode(bytes(packet)) for packet in codec.encode(frame))
    assert np.frombuffer(heard, "<i2").astype(np.float64)[800:].std() > 3_000
