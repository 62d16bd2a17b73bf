"""What is asked when an answer lacks something."""

from __future__ import annotations

import pytest

from server.core.dialogue.following import WANTED, worded
from server.core.dialogue.probes import asks, probe, simpler, wordings
from server.core.pack import Aspect
from server.core.understanding import ASKS
from server.language.pack import shipped

PACKS = shipped()
LANGUAGES = list(PACKS.by_language)


def test_wordings_take_turns_and_name_the_line_that_they_ask_for() -> None:
    english = PACKS.of("en")
    first = probe(english, "nursing", "experience", "story", "result")
    assert first is not None
    assert first.line == "Says what was made safer, and how"
    second = probe(english, "nursing", "experience", "story", "result", [first.text])
    assert second is not None
    assert second.text == english.probes["story"]["result"].plain[1]
    every = english.probes["story"]["result"].plain
    assert probe(english, "nursing", "experience", "story", "result", every) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_that_is_put_is_not_asked_on_like_a_story(language: str) -> None:
    pack = PACKS.of(language)
    case = pack.families["security"].of("problem_solving")[0].text
    story = pack.stages["problem_solving"].question[0].text
    assert asks(pack, "security", "problem_solving", case) == "case"
    assert asks(pack, "security", "problem_solving", story, "case") == "story"
    assert asks(pack, "security", "problem_solving", "anything else") == "case"
    assert asks(pack, "security", "problem_solving", "anything else", "view") == "view"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_wanted_can_be_asked_for_and_said_in_other_words(language: str) -> None:
    pack = PACKS.of(language)
    for kind in ASKS:
        for aspect in WANTED.get(kind, ()):
            told: tuple[tuple[Aspect, ...], ...] = ((), ("result",))
            for has in told:
                texts = wordings(pack, worded(kind, aspect, has), aspect)
                assert texts
                assert {simpler(pack, text) for text in texts}.isdisjoint({None, *texts})
    assert simpler(pack, "How was the weather?") is None


def test_a_line_of_the_stage_is_asked_for_where_the_family_has_none() -> None:
    found = probe(PACKS.of("en"), "welding", "collaboration", "story", "situation")
    assert found is not None
    assert found.line == "Describes the other side's view and where it differed"
