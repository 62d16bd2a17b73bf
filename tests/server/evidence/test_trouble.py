"""What the line, the device and the recogniser cost is told in numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.core.events import (
    AudioMissed,
    AudioReturned,
    CandidateConnected,
    CandidateDisconnected,
    Fact,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    StepFailed,
)
from server.evidence.trouble import Gap, trouble

BEGAN = datetime(2026, 11, 24, 14, tzinfo=UTC)


def heard(turn: int, segment: int, start: int, end: int, **more: object) -> SegmentHeard:
    return SegmentHeard(turn, segment, start, end, "word", (), "test", **more)  # type: ignore[arg-type]


def told(*facts: tuple[float, Fact]) -> list[tuple[Fact, datetime]]:
    return [(fact, BEGAN + timedelta(seconds=at)) for at, fact in facts]


def test_gaps_of_the_line_and_the_device_last_as_long_as_they_lasted() -> None:
    found = trouble(
        told(
            (0, CandidateConnected(0)),
            (10, heard(1, 1, 5_000, 9_000)),
            (20, CandidateDisconnected(19_000)),
            (29, CandidateConnected(19_000)),
            (40, AudioMissed(2, 30_000)),
            (43.5, AudioReturned(2, 30_500)),
        ),
        10,
        2,
    )
    assert found.gaps == (Gap("line", 1, 19_000, 9_000), Gap("silent", 2, 30_000, 3_500))
    assert (found.words, found.doubted, found.lost_percent) == (10, 2, 0)


def test_what_could_not_be_read_is_lost_and_what_came_late_is_not() -> None:
    found = trouble(
        told(
            (1, heard(1, 1, 0, 8_000)),
            (2, SegmentPending(1, 2, 8_000, 9_000, "en", "late")),
            (3, heard(1, 2, 8_000, 9_000)),
            (4, SegmentPending(2, 1, 10_000, 11_000, "en", "late")),
            (5, heard(2, 2, 11_000, 12_000, unclear="lost")),
            (6, heard(2, 3, 12_000, 13_000, background=True, error="x")),
        ),
        10,
        0,
    )
    assert [(gap.cause, gap.lasted_ms) for gap in found.gaps] == [
        ("unread", 1_000), ("unclear", 1_000),
    ]  # fmt: skip
    assert found.lost_percent == 17


def test_cut_ins_and_faults_are_counted() -> None:
    back = QuestionTakenBack(2, "q", 1, (), 500)
    found = trouble(told((1, back), (2, StepFailed(2, "Played", "KeyError"))), 0, 0)
    assert (found.cut_ins, found.faults, found.gaps) == (1, 1, ())
    assert trouble([], 0, 0).lost_percent == 0
