"""What servers reply, as several of them do, and as none should."""

from __future__ import annotations

import math
from typing import Any

import pytest

from server.core.events import Word
from server.engines.transcript_reply import Incoming, Told, Unreadable, read


def test_words_stand_beside_the_segments_or_in_them() -> None:
    word = {"word": " Hi", "start": 0.1, "end": 0.42}
    segment = {"text": "Hi", "avg_logprob": -0.2, "no_speech_prob": 0.1}
    beside = read({"text": " Hi\n", "segments": [segment], "words": [word]}, 1_000)
    inside = read({"text": "Hi", "segments": [{**segment, "words": [word]}]}, 1_000)
    assert beside == inside == Told("Hi", (Word("Hi", 100, 420),), -0.2, 0.1)


def test_the_mean_is_that_of_the_segments_by_length_or_of_the_tokens() -> None:
    segments = [{"text": "a" * 30, "avg_logprob": -0.1}, {"text": "b" * 10, "avg_logprob": -0.5}]
    assert read({"text": "x", "segments": segments}, 9).log_probability == pytest.approx(-0.2)
    tokens = [{"token": "x", "logprob": -0.2}, {"token": "y", "logprob": -0.4}]
    assert read({"text": "x", "logprobs": tokens}, 9).log_probability == pytest.approx(-0.3)
    assert read({"text": "x"}, 9).log_probability is None
    assert read({"text": "x", "segments": [*segments, {"text": "c"}]}, 9).log_probability is None


@pytest.mark.parametrize("reply", [None, [], "text", {}, {"text": None}, {"text": ["a"]}, 4])
def test_what_holds_no_text_is_no_transcript(reply: Any) -> None:
    with pytest.raises(Unreadable):
        read(reply, 1_000)


def test_numbers_that_are_none_are_not_taken_and_times_stay_within_the_sound() -> None:
    words = [
        {"word": "a", "start": -4, "end": 99},
        {"word": "b", "start": math.nan, "end": 1},
        {"word": "c", "start": "0", "end": 1},
        {"word": "d", "start": 0.9, "end": 0.2, "probability": 7},
        {"word": " ", "start": 0, "end": 1},
        "e",
    ]
    told = read({"text": "a", "words": words, "segments": [{"avg_logprob": math.inf}, 3]}, 1_000)
    assert told.words == (Word("a", 0, 1_000), Word("d", 900, 900, 1.0))
    assert told.log_probability is None


@pytest.mark.parametrize(
    "events",
    [
        [
            {"type": "transcript.text.delta", "delta": "I moved"},
            {"type": "transcript.text.delta", "delta": " it."},
            {"type": "transcript.text.done", "text": "I moved it."},
        ],
        [
            {"object": "transcription.chunk", "choices": [{"delta": {"content": "I moved"}}]},
            {"object": "transcription.chunk", "choices": [{"delta": {"content": " it."}}]},
            {"object": "transcription.chunk", "choices": []},
        ],
    ],
    ids=["openai", "vllm"],
)
def test_a_stream_grows(events: list[Any]) -> None:
    incoming = Incoming()
    assert [incoming.hear(one) for one in events] == ["I moved", "I moved it.", "I moved it."]


@pytest.mark.parametrize(
    "event", [3, {"type": "transcript.text.delta"}, {"choices": [{"delta": {"content": 4}}]}]
)
def test_a_piece_without_text_is_no_transcript(event: Any) -> None:
    with pytest.raises(Unreadable):
        Incoming().hear(event)
