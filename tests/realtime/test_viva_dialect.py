"""What our own pages are told of each fact, and how the voice reaches them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from server.core.events import (
    ControlTaken,
    Fact,
    FloorPassed,
    InterviewEnded,
    InterviewStarted,
    QuestionAsked,
    SegmentHeard,
    SegmentPending,
    SpeechStarted,
    SpeechStopped,
    SteppedIn,
    VoiceClaimed,
)
from server.realtime.progress import Progress
from server.realtime.viva_dialect import PIECE_BYTES, VivaDialect
from server.realtime.wire import AUDIO_HEADER, Unpacked

ASKED = QuestionAsked(2, "q", "Why?", "bank", "planned", "s", None, None, None)
HEARD = SegmentHeard(2, 1, 0, 500, "Because.", (), "test", None)


WAITS = SegmentPending(2, 2, 600, 900, "en", "late", background=True)
STEPPED_IN = SteppedIn("s", "line", "user 1", "Mina", "A bit closer, please.", turn=2)


def told(frames: Iterable[str | bytes]) -> list[dict[str, Any]]:
    return [json.loads(frame) for frame in frames]


@pytest.mark.parametrize(
    ("fact", "kind", "says"),
    [
        (FloorPassed(2, "listening", 40), "viva.floor", {"floor": "listening", "at_ms": 40}),
        (ASKED, "viva.question", {"turn": 2, "text": "Why?", "source": "bank"}),
        (SpeechStarted(2, 1, 7), "input_audio_buffer.speech_started", {"audio_start_ms": 7}),
        (SpeechStopped(2, 1, 9), "input_audio_buffer.speech_stopped", {"audio_end_ms": 9}),
        (HEARD, "viva.caption", {"segment": 1, "text": "Because."}),
        (replace(HEARD, background=True), "viva.caption", {"text": "Because.", "background": True}),
        (WAITS, "viva.caption", {"text": "", "pending": True, "background": True}),
        (VoiceClaimed(2), "viva.mine", {"turn": 2}),
        (ControlTaken(2, "pause", "button", 3), "viva.control", {"control": "pause"}),
        (STEPPED_IN, "viva.person", {"step": "line", "text": "A bit closer, please."}),
        (InterviewEnded("candidate"), "viva.ended", {"reason": "candidate"}),
    ],
)
def test_a_fact_is_one_event(fact: Fact, kind: str, says: dict[str, Any]) -> None:
    (event,) = told(VivaDialect().fact(fact))
    assert event["type"] == kind
    assert says.items() <= event.items()


def test_what_is_not_for_the_candidate_is_not_told() -> None:
    assert told(VivaDialect().fact(InterviewStarted("Role", "en"))) == []
    assert told(VivaDialect().fact(replace(STEPPED_IN, step="question"))) == []


def test_the_candidate_learns_what_a_person_did_and_not_who_it_was() -> None:
    (event,) = told(VivaDialect().fact(STEPPED_IN))
    assert "Mina" not in str(event)


def test_how_many_follow_it_is_told() -> None:
    (event,) = told(VivaDialect().company(3, 1))
    assert (event["type"], event["people"], event["listening"]) == ("viva.company", 3, 1)


def test_how_far_it_has_come_is_told() -> None:
    (event,) = told(VivaDialect().progress(Progress(3, 7, 720_000)))
    assert event["type"] == "viva.progress"
    assert (event["topic"], event["topics"], event["left_ms"]) == (3, 7, 720_000)


def test_who_comes_back_is_told_what_was_said_and_not_who_had_the_floor() -> None:
    said: list[Fact] = [ASKED, FloorPassed(2, "listening", 0), SpeechStarted(2, 1, 0), HEARD]
    recalled = [event["type"] for event in told(VivaDialect().recall([*said, VoiceClaimed(2)]))]
    assert recalled == ["viva.question", "viva.caption", "viva.mine"]


def test_voice_carries_its_turn_and_place() -> None:
    (frame,) = VivaDialect().voice(3, 4_800, bytes(64))
    assert isinstance(frame, bytes)
    assert AUDIO_HEADER.unpack_from(frame) == (3, 4_800)
    assert len(frame) == AUDIO_HEADER.size + 64
    (done,) = told(VivaDialect().voice_done(3, 48_000))
    assert (done["turn"], done["duration_ms"]) == (3, 2_000)


def test_voice_to_be_packed_comes_in_pieces_that_join() -> None:
    dialect = VivaDialect()
    dialect.coding = "opus"
    frames = list(dialect.voice(1, 100, bytes(2 * PIECE_BYTES + 10)))
    assert all(isinstance(frame, Unpacked) for frame in frames)
    places = [AUDIO_HEADER.unpack_from(frame)[1] for frame in frames if isinstance(frame, bytes)]
    assert places == [100, 100 + PIECE_BYTES // 2, 100 + PIECE_BYTES]
    end = next(iter(dialect.voice_done(1, 5_000)))
    assert isinstance(end, Unpacked)
    assert AUDIO_HEADER.unpack(end) == (1, 5_000)
