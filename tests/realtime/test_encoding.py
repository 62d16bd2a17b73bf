"""Stretches become whole frames, and a frame belongs to one time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from server.engines.opus import FRAME_BYTES, FRAME_MS
from server.ports import EngineError
from server.realtime.encoding import (
    MOST,
    PER_MS,
    Encoded,
    Encoding,
    Part,
    Stretch,
    Tape,
    loudness,
)
from tests.speech import recording

SPEECH = recording("two_cities.wav", seconds=4.0)
ANSWER, BESIDE = Part(1, answer=True), Part(1, answer=False)


def stretch(part: Part | None, start_ms: int, end_ms: int, *, ends: bool = False) -> Stretch:
    pcm = SPEECH[start_ms * PER_MS * 2 : end_ms * PER_MS * 2]
    return Stretch(part, start_ms * PER_MS, pcm, 0, ends)


def test_what_fills_no_frame_goes_into_the_next_stretch() -> None:
    tape = Tape()
    (first,) = tape.take([stretch(BESIDE, 0, 1_000)])
    (second,) = tape.take([stretch(ANSWER, 1_000, 2_000)])
    assert (first.start_ms, first.end_ms) == (0, 960)
    assert (second.start_ms, second.end_ms) == (960, 1_980)
    assert len(second.packets) * FRAME_MS == 1_020


def test_before_a_break_the_last_frame_is_filled() -> None:
    tape = Tape()
    said, nothing = tape.take([stretch(ANSWER, 0, 1_000, ends=True), stretch(None, 1_000, 2_000)])
    assert said.end_ms == 1_020
    assert (nothing.part, nothing.packets, nothing.end_ms) == (None, (), 2_000)


def test_where_audio_was_lost_nothing_is_joined() -> None:
    tape = Tape()
    tape.take([stretch(ANSWER, 0, 1_000)])
    (later,) = tape.take([stretch(ANSWER, 2_000, 3_000)])
    assert later.start_ms == 2_000


def test_every_packet_has_its_loudness_and_only_of_its_own_sound() -> None:
    tape = Tape()
    loud, quiet = SPEECH[2_000 * PER_MS * 2 :][: 990 * PER_MS * 2], bytes(1_010 * PER_MS * 2)
    (first,) = tape.take([Stretch(ANSWER, 0, loud, 0, ends=False)])
    (second,) = tape.take([Stretch(ANSWER, 990 * PER_MS, quiet, 0, ends=True)])
    assert len(first.loudness) == len(first.packets) == 16
    assert len(second.loudness) == len(second.packets)
    assert first.loudness + second.loudness[:1] == loudness(loud + quiet[: 30 * PER_MS * 2])
    assert max(first.loudness) > 20
    assert not any(second.loudness[1:])


def test_a_quarter_of_the_scale_is_full_and_nothing_is_more() -> None:
    frame = FRAME_BYTES // 2
    fourth = (2_048).to_bytes(2, "little") * frame
    assert loudness(bytes(2 * frame) + fourth) == bytes([0, 127])
    assert loudness((-32_768).to_bytes(2, "little", signed=True) * frame) == b"\xff"
    assert loudness(b"") == b""


class Torn(Tape):
    def take(self, stretches: Sequence[Stretch]) -> list[Encoded]:
        raise EngineError("torn")


async def test_many_are_encoded_together_each_as_by_itself() -> None:
    encoding = Encoding()
    said = [[stretch(ANSWER, 20 * n, 1_000 + 20 * n)] for n in range(MOST + 2)]
    taken = [encoding.take(Tape(), one) for one in said]
    torn = encoding.take(Torn(), said[0])
    done = await asyncio.gather(*taken, torn, return_exceptions=True)
    assert done[:-1] == [Tape().take(one) for one in said]
    assert isinstance(done[-1], EngineError)
    encoding.close()


async def test_one_tape_goes_on_in_the_order_that_was_asked_for() -> None:
    encoding, tape = Encoding(), Tape()
    taken = [encoding.take(tape, [stretch(ANSWER, at, at + 500)]) for at in range(0, 2_000, 500)]
    starts = [one.start_ms for pieces in await asyncio.gather(*taken) for one in pieces]
    assert starts == [0, 480, 960, 1_500]
    encoding.close()
