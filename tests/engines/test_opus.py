"""Opus in Ogg: what libav decodes again, whole and continued by another writer."""

from __future__ import annotations

from io import BytesIO

import av
import numpy as np
from numpy.typing import NDArray

from server.engines.ogg import HEADER, OggWriter, checksum, packets
from server.engines.opus import BIT_RATE, FRAME_BYTES, FRAME_MS, OpusEncoder
from server.ports import CANDIDATE_RATE
from tests.speech import recording

SPEECH = recording("two_cities.wav", seconds=12.0)
WHOLE = len(SPEECH) - len(SPEECH) % FRAME_BYTES


def decoded(ogg: bytes) -> NDArray[np.float32]:
    """Mono samples at 16 kHz."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=CANDIDATE_RATE)
    with av.open(BytesIO(ogg), "r") as file:
        (stream,) = file.streams.audio
        assert stream.codec_context.name == "opus"
        frames = [part for frame in file.decode(stream) for part in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def likeness(pcm: bytes, heard: NDArray[np.float32]) -> float:
    """Correlation of the loudness every 20 ms: it tells the time and not the waveform."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float32)
    size = min(len(samples), len(heard)) // 320 * 320
    loud = [np.sqrt(np.mean(s[:size].reshape(-1, 320) ** 2, axis=1)) for s in (samples, heard)]
    return float(np.corrcoef(*loud)[0, 1])


def test_speech_comes_back_at_its_time_and_small() -> None:
    ogg = OggWriter(1).write(OpusEncoder().encode(SPEECH[:WHOLE]))
    heard = decoded(ogg)
    assert abs(len(heard) - WHOLE // 2) <= FRAME_MS * 16
    assert likeness(SPEECH, heard) > 0.97
    assert len(ogg) * 8 / (WHOLE / 2 / CANDIDATE_RATE) < BIT_RATE * 1.15


def test_a_second_writer_goes_on_where_the_first_one_stopped() -> None:
    middle = WHOLE // FRAME_BYTES // 2 * FRAME_BYTES
    first = OggWriter(7)
    ogg = first.write(OpusEncoder().encode(SPEECH[:middle]))
    second = OggWriter(7, first.pages, first.granule)
    ogg += second.write(OpusEncoder().encode(SPEECH[middle:WHOLE]))
    assert second.granule == WHOLE // 2 * 3
    heard = decoded(ogg)
    assert abs(len(heard) - WHOLE // 2) <= FRAME_MS * 16
    assert likeness(SPEECH[middle:], heard[middle // 2 :]) > 0.97


def test_the_packets_of_a_file_come_out_as_they_went_in() -> None:
    encoded = OpusEncoder().encode(SPEECH[:WHOLE])
    ogg = OggWriter(7)
    assert list(packets(ogg.write(encoded[:33]) + ogg.write(encoded[33:]))) == encoded


def test_every_page_is_numbered_and_checked() -> None:
    ogg = OggWriter(3).write(OpusEncoder().encode(SPEECH[:WHOLE]))
    at, numbers = 0, []
    while at < len(ogg):
        magic, _, _, _, serial, number, crc = HEADER.unpack_from(ogg, at)
        segments = ogg[at + HEADER.size]
        body = at + HEADER.size + 1
        end = body + segments + sum(ogg[body : body + segments])
        page = bytearray(ogg[at:end])
        page[22:26] = bytes(4)
        assert (magic, serial, crc) == (b"OggS", 3, checksum(bytes(page)))
        numbers.append(number)
        at = end
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 10


def test_a_large_packet_is_laced() -> None:
    """No packet of ours is over 255 bytes often, but one may be."""
    packet = bytes(600)
    ogg = OggWriter(1, 2, 0).write([packet, packet[:255]])
    lacing = ogg[HEADER.size + 1 : HEADER.size + 1 + ogg[HEADER.size]]
    assert list(lacing) == [255, 255, 90, 255, 0]
