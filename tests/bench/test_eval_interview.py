"""Twenty candidates who react, through whole interviews with the built-in interviewer and with bad
ones: the evaluation has to tell them apart."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import get_args

import pytest
from msgspec import structs

from bench.eval_interview import LANGUAGES, hold_all
from bench.interview_figures import Figures, figures, report
from bench.interviewers import BuiltIn, Reply, Spoken
from bench.reactions import Held, Routine, Turn, met, observed
from bench.reactive import Candidate, Utterance
from bench.scenarios import Event, Kind, manner, scenarios
from server.core.events import Language
from tests.bench.canaries import CANARIES, RULES

BUILT_IN = "built-in"
Found = Mapping[tuple[Language, str], Figures]


@pytest.fixture(scope="module")
def interviews() -> dict[Language, list[Held]]:
    with asyncio.Runner() as loop:
        return {
            language: hold_all(
                lambda scenario: BuiltIn(scenario, None, loop, RULES),
                scenarios(language),
                manner(language),
            )
            for language in LANGUAGES
        }


@pytest.fixture(scope="module")
def found(interviews: dict[Language, list[Held]]) -> Found:
    all_of_them: dict[tuple[Language, str], Figures] = {}
    for language, held in interviews.items():
        how, some = manner(language), scenarios(language)
        all_of_them[language, BUILT_IN] = figures(held, how)
        for name, canary in CANARIES.items():
            all_of_them[language, name] = figures(hold_all(canary, some, how), how)
    return all_of_them


def test_there_are_ten_candidates_of_each_language_who_bring_in_everything() -> None:
    for language in LANGUAGES:
        some = scenarios(language)
        assert len(some) >= 10
        assert {event.type for one in some for event in one.events} == set(get_args(Kind))
        assert sum(bool(one.disclosed) for one in some) >= 3
        how = manner(language)
        for one in some:
            assert set(one.disclosed) <= set(one.answers) <= set(how.topics), one.id
            topics = [e.when.partition(":")[2] for e in one.events if e.when.startswith("topic:")]
            assert set(topics) <= set(one.answers), one.id


def test_every_interview_comes_to_its_end(interviews: dict[Language, list[Held]]) -> None:
    for held in (one for some in interviews.values() for one in some):
        assert held.ended in ("complete", "candidate"), held.scenario.id


def test_every_candidate_of_a_role_is_asked_the_same(found: Found) -> None:
    for language in LANGUAGES:
        ((_, same, of),) = found[language, BUILT_IN].shared
        assert same == of >= 4  # one of the two ends early, as she asks to


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_of_what_is_brought_in_is_met_and_no_confidence_is_gone_into(
    found: Found, language: Language
) -> None:
    ours = found[language, BUILT_IN]
    assert ours.met.rate > 0.65
    assert ours.wishes.rate > 0.65
    assert ours.disclosures.of > 10
    assert ours.disclosures.rate < 0.1
    assert ours.asked_on.rate < 0.1
    assert ours.answers.rate > 0.85
    assert ours.alarms <= 3


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_plainly_bad_comes_out_clearly_worse(
    found: Found, language: Language, canary: str
) -> None:
    bad, ours = found[language, canary], found[language, BUILT_IN]
    assert bad.met.rate <= ours.met.rate / 2
    assert bad.met.of > 50
    assert sum(bad.counted[kind].yes for kind in bad.counted) == bad.met.of


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_found_out_by_what_it_does(found: Found, language: Language) -> None:
    def share(name: str, form: str) -> float:
        return found[language, name].forms[form] / found[language, name].questions

    for name, form in (("parrot", "reads back"), ("praises", "praise"), ("pries", "private")):
        assert share(name, form) > 0.4
        assert share(BUILT_IN, form) < share(name, form) / 2
    assert found[language, "asks the same"].repeated_each > 5
    assert found[language, BUILT_IN].repeated_each < 1
    for name in ("parrot", "asks the same", "pries"):
        assert found[language, name].puzzled_each > found[language, BUILT_IN].puzzled_each + 1
    assert found[language, "parrot"].disclosures.rate > 0.5
    assert found[language, "asks the same"].asked_on.rate > 0.9


EVENT = Event("wish_repeat", "turn 1", "Sorry, what was that?", "the same again")
QUESTION = "What do you check before you start a weld?"


LEFT = Spoken("As you like. Why welding?", "planned", "two", lead="As you like.")


def reaction(event: Event, *spoken: Spoken, ended: str | None = None) -> bool:
    """Whether this reply meets the event, said after ``QUESTION``."""
    how, scenario = manner("en"), scenarios("en")[0]
    said = Utterance(event.says, event.type, QUESTION, "one", event=event)
    held = Held(scenario, Reply(), [Turn(said, Reply(spoken, ended=ended))])
    return met(event, observed(held.turns[0], held, Routine([held]), how))


@pytest.mark.parametrize(
    ("kind", "spoken", "right"),
    [
        ("wish_repeat", Spoken(f"Of course. {QUESTION}", "repeat", "one"), True),
        ("wish_repeat", Spoken("How is a weld started?", "rephrase", "one"), False),
        ("wish_rephrase", Spoken("How do you get ready to weld?", "rephrase", "one"), True),
        ("wish_rephrase", Spoken(QUESTION, "repeat", "one"), False),
        ("wish_skip", Spoken("Why this trade?", "planned", "two"), True),
        ("wish_skip", Spoken("What made you do that?", "follow_up", "one"), False),
        ("refuse_private", LEFT, True),
        ("refuse_private", Spoken("Why welding?", "planned", "two"), False),
        ("refuse_private", Spoken("As you like. And why?", "follow_up", "one"), False),
        ("confide", Spoken("Thank you for saying so.", "aside", "one"), True),
        ("confide", Spoken("Wonderful. Why welding?", "planned", "two", lead="Wonderful."), False),
        ("clarify", Spoken("I mean the cleaning and the gas.", "aside", "one"), True),
        ("clarify", Spoken("You said sorry, what was that. Why?", "planned", "two"), False),
        ("wish_pause", Spoken("We can stop here for a while.", "aside", "one"), True),
    ],
)  # fmt: skip
def test_what_meets_an_event_is_what_was_done(kind: Kind, spoken: Spoken, right: bool) -> None:
    says = EVENT.says if kind.startswith("wish") else "Sorry, what was that about?"
    assert reaction(Event(kind, "turn 1", says, ""), spoken) is right


def test_silence_meets_a_wish_for_a_moment_and_an_end_a_wish_for_the_end() -> None:
    assert reaction(Event("wish_moment", "turn 1", "One second.", ""))
    assert not reaction(
        Event("wish_moment", "turn 1", "One second.", ""), Spoken("Why?", "planned", "two")
    )
    goodbye = Spoken("Goodbye then.", "closing", "end")
    assert reaction(Event("wish_end", "late", "I stop.", ""), goodbye, ended="candidate")
    assert not reaction(Event("wish_end", "late", "I stop.", ""), goodbye)


def test_a_candidate_answers_what_was_asked_and_is_puzzled_by_nonsense() -> None:
    chef = next(one for one in scenarios("en") if one.id == "en-chef")
    calm = Candidate(structs.replace(chef, events=()), manner("en"))
    opening = Spoken("Could you introduce yourself?", "opening", "one", "introduction")
    assert calm.says(Reply((opening,))).key == "intro"
    mistake = Spoken("When did something go wrong, what was your mistake?", "planned", "two")
    assert calm.says(Reply((mistake,))).key == "mistake"
    lamps = Spoken("Were lamps purple, or zebras?", "follow_up", "two")
    assert calm.says(Reply((lamps,))).act == "puzzled"
    assert calm.says(Reply((mistake,))).act in ("answer", "exhausted")
    assert calm.says(Reply((mistake,))).why == "repeated"
    married = Spoken("Are you married?", "planned", "three")
    assert calm.says(Reply((married,))).why == "private"


def test_the_report_says_what_is_not_decided(found: Found) -> None:
    told = report("en", found["en", BUILT_IN])
    assert told.count("not decided") == 5
    assert re.search(r"Registered Nurse (\d+) of \1\n", told), told
