"""A reader that understands nothing comes out far below one that is right four times in five."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bench.eval_report import CANARIES, Canary, figures, load
from server.ports import Message

LANGUAGES = ("en", "ko")


class FourInFive:
    """Knows the labels, and takes every fifth sentence that shows something for one that does
    not."""

    model = "labels"

    def __init__(self, language: str) -> None:
        self.shows: dict[str, list[str]] = {}
        labelled = [
            (one.text, [interview.lines[line - 1] for line in one.shows])
            for interview in load(language)
            for one in interview.sentences
            if one.shows
        ]
        self.shows = {text: lines for at, (text, lines) in enumerate(labelled) if at % 5 != 2}

    async def close(self) -> None: ...

    async def write_json(
        self, messages: Sequence[Message], schema: Mapping[str, object], **asked: Any
    ) -> dict[str, Any]:
        task = messages[1].content
        lines = re.findall(r"^(\d+)\. (.+)$", task, re.MULTILINE)
        said = re.findall(r"^\[(\d+)\] (.+)$", task, re.MULTILINE)
        return {
            "lines": [
                {
                    "line": int(number),
                    "sentences": [int(n) for n, text in said if line in self.shows.get(text, ())],
                    "why": "",
                }
                for number, line in lines
            ]
        }


@pytest.mark.parametrize("language", LANGUAGES)
async def test_canaries_are_told_from_a_reader(language: str) -> None:
    reader = await figures(FourInFive(language), language)
    assert (reader.precision, reader.voided) == (1.0, 0)
    assert reader.f1 > 0.8
    for which in CANARIES:
        canary = await figures(Canary(which), language)
        assert canary.voided == 0, "it is understood, and wrong"
        assert canary.f1 < reader.f1 - 0.5, which


@pytest.mark.parametrize("language", LANGUAGES)
def test_interviews_are_of_several_trades_and_each_line_is_shown_somewhere(language: str) -> None:
    found = load(language)
    assert {one.trade for one in found} == {one.trade for one in load("en")}
    assert len({one.trade for one in found}) >= 4
    for interview in found:
        shown = {line for one in interview.sentences for line in one.shows}
        assert shown == set(range(1, len(interview.lines) + 1))
        plain = [one for one in interview.sentences if not one.shows]
        assert len(plain) >= len(interview.sentences) / 2, "else pointing anywhere is often right"
