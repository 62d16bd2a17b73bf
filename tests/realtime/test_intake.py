"""Text from outside, as the store can keep it."""

from __future__ import annotations

import pytest

from server.core.events import (
    AnswerTyped,
    EngineFailed,
    QuestionComposed,
    Reply,
    SegmentHeard,
    SegmentTranscribed,
    SoundsLike,
    VoiceFrame,
    Word,
)
from server.core.state import State
from server.realtime.intake import kept_words, storable


@pytest.mark.parametrize(
    ("event", "clean"),
    [
        (AnswerTyped("a\0b"), AnswerTyped("ab")),
        (AnswerTyped("한\ud83d글"), AnswerTyped("한?글")),
        (
            QuestionComposed(1, 1, Reply("answer", "probe", "\0Why?", "\0a", "b\0"), "m", 5),
            QuestionComposed(1, 1, Reply("answer", "probe", "Why?", "a", "b"), "m", 5),
        ),
        (EngineFailed("stt", 1, "b\0ad"), EngineFailed("stt", 1, "bad")),
        (
            SegmentTranscribed(1, 1, "a\0b", (Word("a\0", 0, 5, 0.5), Word("b", 5, 9)), "e", 1),
            SegmentTranscribed(1, 1, "ab", (Word("a", 0, 5, 0.5), Word("b", 5, 9)), "e", 1),
        ),
        (VoiceFrame(32, 0.5), VoiceFrame(32, 0.5)),
    ],
)
def test_text_becomes_storable_and_nothing_else_changes(event: object, clean: object) -> None:
    assert storable(event) == clean  # type: ignore[arg-type]


def test_words_of_a_failed_step_keep_their_place() -> None:
    words = (Word("we", 640, 900), Word("tried", 900, 1_200))
    english = SoundsLike("en", 0.9)
    heard = SegmentTranscribed(2, 3, "we tried", words, "whisper", 1, 0.4, english)
    assert kept_words(heard, State("en")) == [
        SegmentHeard(2, 3, 640, 1_200, "we tried", words, "whisper", None, 0.4, english)
    ]
    assert kept_words(VoiceFrame(32, 0.5), State("en")) == []
    assert kept_words(AnswerTyped("too early"), State("en")) == []
