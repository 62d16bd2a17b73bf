"""What the candidate is told: on the newest line only, and nothing while there is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.core.events import Hold, Hush, Release
from server.ports import VOICE_RATE
from server.realtime.candidate import ELSEWHERE, Candidate
from server.realtime.line import Line
from server.realtime.loudspeaker import Loudspeaker
from server.realtime.viva_dialect import VivaDialect

GREETING: dict[str, Any] = {
    "interview_id": "1",
    "target_role": "Engineer",
    "language": "en",
    "engines": [],
    "audio_ms": 0,
    "heard_ms": 0,
}
SECOND = bytes(2 * VOICE_RATE)


@pytest.fixture
def loudspeaker() -> Loudspeaker:
    return Loudspeaker()


@pytest.fixture
def candidate(loudspeaker: Loudspeaker) -> Candidate:
    return Candidate(loudspeaker)


async def sent(line: Line) -> list[str]:
    line.close(1000, "enough")
    types = []
    while (frame := await line.next_frame()) is not None:
        types.append(json.loads(frame)["type"] if isinstance(frame, str) else "voice")
    return types


async def test_nobody_is_told_anything_and_nothing_is_played(
    candidate: Candidate, loudspeaker: Loudspeaker
) -> None:
    candidate.voice(1, 0, SECOND)
    candidate.voice_done(1, VOICE_RATE)
    candidate.pass_on(Hush(1))
    candidate.stored(1_000)
    assert not candidate.there
    assert not loudspeaker.playing


async def test_the_newest_line_is_theirs(candidate: Candidate) -> None:
    older, newer = Line(VivaDialect()), Line(VivaDialect())
    for line in (older, newer):
        candidate.take(line, GREETING, 0, [])
    candidate.caption(1, 0, "so far", "and so")
    assert (older.close_code, older.close_reason) == ELSEWHERE
    assert "viva.partial" not in await sent(older)
    assert (await sent(newer))[-1] == "viva.partial"


async def test_only_their_own_line_leaves_them_alone(candidate: Candidate) -> None:
    older, newer = Line(VivaDialect()), Line(VivaDialect())
    for line in (older, newer):
        candidate.take(line, GREETING, 0, [])
    assert not candidate.leave(older)
    assert candidate.there
    assert candidate.leave(newer)
    assert not candidate.there


async def test_the_loudspeaker_plays_what_they_are_sent(
    candidate: Candidate, loudspeaker: Loudspeaker
) -> None:
    line = Line(VivaDialect())
    candidate.take(line, GREETING, 0, [])
    assert candidate.marks
    candidate.voice(1, 0, SECOND)
    assert loudspeaker.playing
    candidate.pass_on(Hold(1, 0))
    candidate.pass_on(Release(1))
    candidate.pass_on(Hush(1))
    candidate.voice_done(1, VOICE_RATE)
    told = await sent(line)
    assert "voice" not in told  # hushed before it was on its way
    assert told[-4:] == ["viva.hold", "viva.release", "viva.hush", "viva.voice_done"]
