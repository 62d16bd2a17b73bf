"""What is asked when an answer lacks something."""

from __future__ import annotations

import pytest

from server.core.understanding import ASKS
from server.language.families import Aspect
from server.language.following import WANTED, worded
from server.language.pack import shipped

PACKS = shipped()
LANGUAGES = list(PACKS.by_language)


def test_wordings_take_turns_and_name_the_line_that_they_ask_for() -> None:
    pack = PACKS.of("en")
    assert pack.line("nursing", "experience", "result") == "Says what was made safer, and how"
    every = pack.wordings("story", "result")
    assert every == pack.probes["story"]["result"].plain
    for before in range(len(every) + 1):
        asked = (*every[:before], "?")
        found = pack.follow_up(
            "nursing",
            "experience",
            "?",
            "",
            told=("action", "situation"),
            asks="story",
            asked=asked,
        )
        assert (found.text if found else None) == (*every, None)[before]
        assert found is None or found.line == "Says what was made safer, and how"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_that_is_put_is_not_asked_on_like_a_story(language: str) -> None:
    pack = PACKS.of(language)
    case = pack.families["security"].of("problem_solving")[0].text
    story = pack.stages["problem_solving"].question[0].text
    assert pack.asks("security", "problem_solving", case, None) == "case"
    assert pack.asks("security", "problem_solving", story, "case") == "story"
    assert pack.asks("security", "problem_solving", "anything else", None) == "case"
    assert pack.asks("security", "problem_solving", "anything else", "view") == "view"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_wanted_can_be_asked_for_and_said_in_other_words(language: str) -> None:
    pack = PACKS.of(language)
    for kind in ASKS:
        for aspect in WANTED.get(kind, ()):
            told: tuple[tuple[Aspect, ...], ...] = ((), ("result",))
            for has in told:
                texts = pack.wordings(worded(kind, aspect, has), aspect)
                assert texts
                assert {pack.simpler("general", "experience", text) for text in texts}.isdisjoint(
                    {None, *texts}
                )
    assert pack.simpler("general", "experience", "How was the weather?") is None


def test_a_line_of_the_stage_is_asked_for_where_the_family_has_none() -> None:
    found = PACKS.of("en").line("welding", "collaboration", "situation")
    assert found == "Describes the other side's view and where it differed"
