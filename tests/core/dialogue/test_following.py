"""The built-in interviewer's follow-ups."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import guard
from server.core.dialogue.following import LONG_SIGNS, follow_up
from server.language.grammar import grammar
from server.language.pack import shipped

PACKS = shipped()
STORY = {"en": "Tell me about a mistake that taught you something.", "ko": "실수담을 들려주세요."}
STAGES = (
    "introduction",
    "motivation",
    "experience",
    "knowledge",
    "problem_solving",
    "collaboration",
)
answers = st.text(min_size=1, max_size=LONG_SIGNS - 1)


def ask(language: str, answer: str, *asked: str, stage: str = "experience") -> str | None:
    pack, question = PACKS.of(language), STORY[language]
    found = follow_up(pack, "general", stage, question, answer, [question, *asked])
    return found.text if found else None


@given(st.sampled_from(["ko", "en"]), st.sampled_from(STAGES), answers)
def test_a_follow_up_is_the_packs_and_may_be_spoken(language: str, stage: str, answer: str) -> None:
    text = ask(language, answer, stage=stage)
    assert text is not None
    assert guard.check(text, grammar=grammar(language), target_role="", history=[]) is None
    assert "“" not in text


def test_no_aspect_of_a_topic_is_asked_for_twice() -> None:
    pack = PACKS.of("en")
    asked: list[str] = []
    while (text := ask("en", "I rewrote the importer and it has run since.", *asked)) is not None:
        asked.append(text)
    aspects = [
        name
        for text in asked
        for name, probe in pack.probes["story"].items()
        if text in probe.plain
    ]
    assert len(aspects) == len(set(aspects))
    assert 3 <= len(asked) <= 6


def test_a_short_story_lacks_its_end_and_a_figure_is_not_asked_for_again() -> None:
    english = PACKS.of("en")
    short = ask("en", "Our stock was wrong, so I brought in barcodes.")
    assert short is not None
    long = "I counted the shelves with two colleagues for a week, and then I wrote it all down."
    reasons = ask("en", f"{long} It took 30 days.")
    assert reasons != short
    numbers = english.probes["story"]["number"].plain
    asked: list[str] = []
    while (text := ask("en", f"{long} It took 30 days.", *asked)) is not None:
        asked.append(text)
    assert not set(asked) & set(numbers)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_has_told_it_all_is_not_asked_on(language: str) -> None:
    assert ask(language, "x" * LONG_SIGNS) is None
    assert ask(language, "said", stage="closing") is None
    assert ask(language, "said", stage="unheard") is None
