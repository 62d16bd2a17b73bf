"""Segments: every opening has a closing, no audio is in two, none looks ahead."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.core.events import VoiceFrame
from server.core.turn.decisions import Closed, Opened
from server.realtime.segment import FRAME_MS, Segmenter, Sensitivity


def feed(segmenter: Segmenter, probabilities: list[float]) -> list[Opened | Closed]:
    edges: list[Opened | Closed] = []
    for probability in probabilities:
        edges += segmenter.feed(VoiceFrame(segmenter.now_ms + FRAME_MS, probability))
    return edges


def test_speech_between_pauses_is_one_segment_with_its_first_syllable() -> None:
    segmenter = Segmenter(Sensitivity())
    edges = feed(segmenter, [0.0] * 20 + [0.9] * 30 + [0.0] * 20)
    opened, closed = edges
    assert isinstance(opened, Opened)
    assert isinstance(closed, Closed)
    assert opened.onset_ms == 20 * FRAME_MS
    assert opened.start_ms == opened.onset_ms - Sensitivity().preroll_ms
    assert closed.speech_end_ms == 50 * FRAME_MS
    assert closed.speech_end_ms < closed.end_ms <= segmenter.now_ms


def test_a_click_is_no_speech() -> None:
    assert feed(Segmenter(Sensitivity()), [0.0] * 5 + [0.9] + [0.0] * 30) == []


def test_a_short_pause_does_not_end_a_segment() -> None:
    edges = feed(Segmenter(Sensitivity()), [0.9] * 10 + [0.0] * 5 + [0.9] * 10)
    assert [type(edge) for edge in edges] == [Opened]


def test_endless_speech_is_cut_without_a_gap() -> None:
    edges = feed(Segmenter(Sensitivity(longest_ms=1_000)), [0.9] * 100)
    closed = [edge for edge in edges if isinstance(edge, Closed)]
    opened = [edge for edge in edges if isinstance(edge, Opened)]
    assert len(closed) == 3
    assert [edge.end_ms for edge in closed] == [edge.start_ms for edge in opened[1:]]


@given(st.lists(st.floats(0, 1), max_size=400))
def test_segments_pair_up_and_never_overlap_or_look_ahead(probabilities: list[float]) -> None:
    segmenter = Segmenter(Sensitivity(longest_ms=2_000))
    last_end, open_segment = 0, None
    for probability in probabilities:
        for edge in segmenter.feed(VoiceFrame(segmenter.now_ms + FRAME_MS, probability)):
            if isinstance(edge, Opened):
                assert open_segment is None
                assert last_end <= edge.start_ms <= edge.onset_ms <= segmenter.now_ms
                open_segment = edge
            else:
                assert open_segment is not None
                assert edge.segment == open_segment.segment
                assert open_segment.start_ms == edge.start_ms <= edge.end_ms <= segmenter.now_ms
                assert edge.speech_end_ms <= edge.end_ms
                last_end, open_segment = edge.end_ms, None
    assert (open_segment is not None) == segmenter.speaking
