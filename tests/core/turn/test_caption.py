"""Captions only ever grow, in Korean and in English, whatever the recogniser thinks next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.core.turn.caption import Caption


def shown(*hypotheses: str) -> list[str]:
    caption = Caption()
    return [caption.hear(text) for text in hypotheses]


def test_words_are_shown_once_two_hypotheses_agree_and_the_newest_is_held_back() -> None:
    assert shown("I moved", "I moved the", "I moved the payment") == ["", "I moved", " the"]


def test_a_korean_word_waits_for_its_ending() -> None:
    hypotheses = "결제 서비", "결제 서비스를", "결제 서비스를 옮겼", "결제 서비스를 옮겼습니다"
    assert shown(*hypotheses) == ["", "결제", " 서비스를", ""]


def test_punctuation_and_capitals_do_not_hold_a_word_back() -> None:
    assert shown("and so", "And so, my", "and so, my fellow")[1:] == ["And so,", " my"]


def test_what_was_shown_stays_when_the_recogniser_changes_its_mind() -> None:
    first = shown("we use Kafka now", "we use Kafka now for", "the muse cough car")
    assert first == ["", "we use Kafka now", ""]


def test_one_that_is_still_being_written_agrees_with_the_one_before_it_only() -> None:
    caption = Caption()
    told = [caption.hear("I moved the payment")]
    told += [caption.hear(text, whole=False) for text in ("I", "I moved", "I moved the pay")]
    told += [caption.hear("I moved the payments to")]
    assert told == ["", "", "I", " moved the", ""]


def test_what_is_still_being_written_does_not_agree_with_itself() -> None:
    caption = Caption()
    assert [caption.hear(text, whole=False) for text in ("I", "I moved", "I moved it")] == [""] * 3


@given(st.lists(st.lists(st.sampled_from("abcd가나"), max_size=8), max_size=10))
def test_the_caption_never_runs_ahead_of_what_was_heard(hypotheses: list[list[str]]) -> None:
    caption, text = Caption(), ""
    for words in hypotheses:
        text += caption.hear(" ".join(words))
        assert len(text.split()) <= max((len(h) for h in hypotheses), default=0)
        assert not text.startswith(" ")
        assert "  " not in text
