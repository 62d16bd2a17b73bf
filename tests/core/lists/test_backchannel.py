"""Sounds that mean "go on", and words that do not."""

from __future__ import annotations

import pytest

from server.core.lists.backchannel import is_backchannel


@pytest.mark.parametrize(
    "text",
    ["", "  ", "네", "네.", "네 네", "넵", "네, 알겠습니다.", "음…", "아, 네", "Uh-huh.", "Mm-hmm",
     "Okay.",     "Yeah, right.", "Yes, yes.", "I see.", "Uh huh", "Oh, okay"],
)  # fmt: skip
def test_a_backchannel(text: str) -> None:
    assert is_backchannel(text)


@pytest.mark.parametrize(
    "text",
    ["네?  다시요", "잠깐만요", "Sorry, may I", "Okay, so I", "no", "아니요", "네 저는",
     "Yes, I led it",     "right now", "유지"],
)  # fmt: skip
def test_words_that_want_the_floor(text: str) -> None:
    assert not is_backchannel(text)
