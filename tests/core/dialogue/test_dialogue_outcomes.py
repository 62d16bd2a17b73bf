"""What becomes of every question of the plan."""

from __future__ import annotations

from server.core.events import (
    Fact,
    ItemSettled,
)
from server.core.rules import Rules
from tests.core.dialogue.test_dialogue import (
    ANSWER,
    INTERVIEW,
    PLAN,
    STAGES,
    ask,
    dialogue,
    go_on,
)
from tests.core.talk import Talk


def test_a_skipped_question_gets_no_follow_up() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    asked = go_on(talk)
    (settled,) = talk.skip("candidate")
    assert isinstance(settled, ItemSettled)
    assert (settled.question_id, settled.outcome) == (asked.question_id, "skipped")
    assert talk.chosen(ANSWER, 0, None).text == PLAN[2].text
    assert talk.skip("candidate") == []


def test_what_was_answered_before_a_follow_up_is_skipped_counts() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    assert go_on(talk, ANSWER).kind == "follow_up"
    (settled,) = talk.skip("candidate")
    assert isinstance(settled, ItemSettled)
    assert (settled.outcome, settled.reason) == ("answered", "candidate")
    assert talk.chosen("", 0, None).text == PLAN[1].text


def test_what_is_decided_is_told_once_and_as_soon_as_it_is() -> None:
    talk = dialogue()
    talk.learn(talk.opening())
    assert talk.settle() == []
    chosen = talk.chosen("", 0, None)
    talk.learn(talk.answered(""))
    talk.learn(chosen)
    (settled,) = talk.settle()
    assert isinstance(settled, ItemSettled)
    assert (settled.ordinal, settled.outcome, settled.reason) == (1, "asked", "no_answer")
    assert talk.settle() == []


def test_an_interview_that_ends_early_leaves_nothing_open() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    go_on(talk)
    talk.learn(talk.answered(ANSWER))
    told = talk.conclude("candidate")
    assert [(fact.outcome, fact.reason) for fact in told if isinstance(fact, ItemSettled)] == [
        ("answered", None), *[("skipped", "ended:candidate")] * 3,
    ]  # fmt: skip
    assert all(outcome for outcome, _ in talk.outcome())
    assert talk.conclude("candidate") == []


def test_facts_before_the_plan_are_the_same_as_after_it() -> None:
    talk, facts = dialogue(), list[Fact]()
    facts.append(ask(talk, talk.opening()))
    for text in ("", ANSWER, ""):
        chosen = talk.chosen(text, 0, None)
        facts += [talk.answered(text), chosen]
        talk.learn(facts[-2])
        ask(talk, chosen)
    late = Talk(INTERVIEW, Rules(stages=STAGES), writer=False)
    for fact in facts:
        late.learn(fact)
    late.planned(PLAN)
    assert late.outcome() == talk.outcome()
    assert late.chosen("", 0, None) == talk.chosen("", 0, None)
