"""An answer is parted into sentences whose words stand in it, with times where it was heard."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.events.answer import GAP
from server.evidence.sentences import LONGEST, Sentence, sentences, words_of


def heard(text: str, gap_before: str = "", sure: float = 0.9) -> list[dict[str, Any]]:
    words, at = [], 0
    for word in text.split():
        at += 3_000 if word == gap_before else 0
        words.append({"text": word, "start_ms": at, "end_ms": at + 300, "sure": sure})
        at += 300
    return words


def parted(text: str, words: list[dict[str, Any]] | None = None, clear: str = "") -> list[Sentence]:
    given_words = heard(text) if words is None else words
    return sentences(1, "a", 1, text, words_of(text, given_words, clear or text))


def test_by_their_signs_in_both_languages() -> None:
    found = parted("I moved it. Did it hold? Yes, e.g. at 3.5 percent. 네, 그랬습니다. 끝났어요")
    assert [one.text for one in found] == [
        "I moved it.", "Did it hold?", "Yes, e.g. at 3.5 percent.", "네, 그랬습니다.", "끝났어요",
    ]  # fmt: skip
    assert [(one.first, one.last) for one in found] == [(0, 2), (3, 5), (6, 10), (11, 12), (13, 13)]
    assert [one.number for one in found] == [1, 2, 3, 4, 5]
    assert (found[1].start_ms, found[1].end_ms) == (900, 1_800)


def test_by_a_pause_where_nobody_punctuated() -> None:
    text = "one two three four five six seven eight"
    assert [one.last for one in parted(text, heard(text, "seven"))] == [5, 7]
    assert len(parted(text, heard(text, "three"))) == 1, "too short to be parted"
    assert max(one.last - one.first for one in parted("word " * 200)) < LONGEST


def test_what_was_typed_has_its_span_alone() -> None:
    (one,) = parted("I typed this.", [])
    assert (one.first, one.last, one.start_ms, one.end_ms) == (0, 2, None, None)


def test_doubt_is_told_word_by_word() -> None:
    words = heard("We kept ten minutes.")
    words[2]["sure"] = 0.3
    (one,) = parted("We kept ten minutes.", words)
    assert one.doubted == (2,)


def test_nothing_is_quoted_across_what_nobody_could_make_out() -> None:
    text = "I moved the check blurred words into the queue."
    found = parted(text, clear=f"I moved the check {GAP} into the queue.")
    assert [(one.text, one.clear) for one in found] == [
        ("I moved the check", True), ("blurred words", False), ("into the queue.", True),
    ]  # fmt: skip


def test_words_of_another_reading_leave_no_times_and_break_nothing() -> None:
    words = [{"text": "elsewhere", "start_ms": 1, "end_ms": 2, "sure": None}]
    assert [one.start_ms for one in parted("Nothing of it.", words)] == [None]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_is_no_sentence(text: str) -> None:
    assert parted(text) == []


@given(st.text(max_size=200))
def test_every_word_is_in_one_sentence(text: str) -> None:
    found = parted(text)
    count = len(words_of(text, [], text))
    covered = [place for one in found for place in range(one.first, one.last + 1)]
    assert covered == list(range(count))
    assert all(one.text in text and one.text.strip() for one in found)
