"""The built-in interviewer's follow-ups."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import guard
from server.core.understanding import ASKS, STAR, Asks, Star
from server.language.families import Aspect
from server.language.following import LONG_SIGNS
from server.language.grammar import grammar
from server.language.pack import shipped

PACKS = shipped()
ANSWER = "Our stock was wrong, so I brought in barcodes."
told = st.none() | st.sets(st.sampled_from(STAR))


def ask(
    language: str,
    has: Collection[Star] | None,
    *asked: str,
    kind: Asks = "story",
    stage: str = "experience",
    answer: str = ANSWER,
) -> str | None:
    pack = PACKS.of(language)
    found = pack.follow_up("general", stage, "?", answer, told=has, asks=kind, asked=["?", *asked])
    return found.text if found else None


def means(text: str | None, kind: Asks, aspect: Aspect) -> bool:
    return text in PACKS.of("en").wordings(kind, aspect)


@given(st.sampled_from(["ko", "en"]), st.sampled_from(ASKS), told)
def test_a_follow_up_is_the_packs_and_may_be_spoken(
    language: str, kind: Asks, has: set[Star] | None
) -> None:
    text = ask(language, has, kind=kind)
    if text is not None:
        assert guard.check(text, grammar=grammar(language), target_role="", history=[]) is None


@pytest.mark.parametrize(
    ("kind", "has", "words", "aspect"),
    [
        ("story", {"situation"}, "story", "own_part"),
        ("story", {"result"}, "result", "own_part"),
        ("story", {"situation", "action"}, "story", "result"),
        ("story", {"situation", "action", "result"}, "story", "decision"),
        ("story", {"situation", "action", "number"}, "story", "decision"),
        ("story", {"learning", "situation"}, "story", "result"),
        ("case", {"action", "situation"}, "case", "decision"),
        ("case", {"action", "situation", "decision"}, "case", "result"),
        ("case", {"situation", "result"}, "result", "own_part"),
        ("practice", {"action"}, "practice", "situation"),
        ("practice", {"action", "situation"}, "practice", "decision"),
        ("case", {"action"}, "case", "decision"),
        ("view", set(), "view", "situation"),
        ("part", {"number"}, "part", "own_part"),
        ("reason", {"action", "decision"}, "reason", "result"),
        ("part", {"task"}, "part", "own_part"),
        ("story", {"number"}, "story", "situation"),
        ("lesson", {"learning"}, "lesson", "own_part"),
        ("introduction", {"situation", "task"}, "introduction", "result"),
        ("story", None, "story", "result"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_done_comes_first(
    kind: Asks, has: set[Star], words: Asks, aspect: Aspect
) -> None:
    assert means(ask("en", has, kind=kind), words, aspect)


@pytest.mark.parametrize(
    ("kind", "has"),
    [
        ("story", {"situation", "action", "decision", "result"}),
        ("story", {"action", "result", "learning"}),
        ("practice", {"action", "situation", "result"}),
        ("fact", set()),
        ("closing", {"situation"}),
    ],
)
def test_where_nothing_is_missing_nothing_is_asked(kind: Asks, has: set[Star]) -> None:
    assert ask("en", has, kind=kind) is None


def test_no_aspect_of_a_topic_is_asked_for_twice() -> None:
    asked: list[str] = []
    while (text := ask("en", {"situation"}, *asked)) is not None:
        asked.append(text)
    kinds = [
        kind for text in asked for kind in ("own_part", "result", "decision")
        if means(text, "story", kind)
    ]  # fmt: skip
    assert kinds == ["own_part", "result", "decision"]


def test_a_wording_comes_once_in_an_interview_and_the_same_is_asked_of_another_topic() -> None:
    first = ask("en", {"situation"})
    assert first is not None
    pack = PACKS.of("en")
    asked = ["?", first, "Next?"]
    found = pack.follow_up(
        "general", "experience", "Next?", ANSWER, told={"situation"}, asks="story", asked=asked
    )
    assert found is not None
    assert means(found.text, "story", "own_part")
    assert found.text != first


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_has_told_it_all_is_not_asked_on(language: str) -> None:
    assert ask(language, set(), answer="x" * LONG_SIGNS) is None
    assert ask(language, set(), stage="unheard") is None
