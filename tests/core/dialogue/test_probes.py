"""What is asked when an answer lacks something."""

from __future__ import annotations

import pytest

from server.core.dialogue.probes import kind, probe
from server.core.pack import Aspect
from server.language.pack import shipped

PACKS = shipped()
EVERY: tuple[Aspect, ...] = ("situation", "own_part", "decision", "result", "learning", "number")


def test_the_familys_own_words_for_its_line_come_first() -> None:
    english = PACKS.of("en")
    first = probe(english, "nursing", "experience", "?", ["result"])
    assert first is not None
    assert first.line == "Says what was made safer, and how"
    assert first.text == "What was different on the ward after that?"
    second = probe(english, "nursing", "experience", "?", ["result"], [first.text])
    assert second is not None
    assert second.text in english.probes["story"]["result"].plain


def test_nothing_is_asked_where_nothing_is_missing_or_all_was_asked() -> None:
    english = PACKS.of("en")
    assert probe(english, "nursing", "experience", "?", []) is None
    asked: list[str] = []
    while found := probe(english, "nursing", "experience", "?", EVERY, asked):
        asked.append(found.text)
    assert len(asked) == len(set(asked)) > 20


@pytest.mark.parametrize("language", list(PACKS.by_language))
def test_a_case_that_is_put_is_not_probed_like_a_story(language: str) -> None:
    pack = PACKS.of(language)
    case = pack.families["security"].of("problem_solving")[0].text
    story = pack.stages["problem_solving"].question[0].text
    assert kind(pack, "security", "problem_solving", case) == "case"
    assert kind(pack, "security", "problem_solving", story) == "story"
    assert kind(pack, "security", "problem_solving", "anything else") == "case"
    found = probe(pack, "graduate", "problem_solving", story, ["learning"])
    assert found is not None
    assert found.text == pack.probes["story"]["learning"].plain[0]


def test_a_line_of_the_stage_is_asked_for_where_the_family_has_none() -> None:
    english = PACKS.of("en")
    found = probe(english, "welding", "collaboration", "?", ["situation"])
    assert found is not None
    assert found.text == "What mattered most to the other side?"
