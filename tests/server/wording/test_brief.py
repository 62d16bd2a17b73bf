"""What a language model is told of how things stand: read from the facts, turn by turn."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from server.core.dialogue.dialogue import Dialogue
from server.core.events import (
    AnswerGiven,
    CompanyFact,
    Kind,
    Meant,
    QuestionAsked,
    UtteranceUnderstood,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.state import Memory
from server.core.understanding import ANSWER, Star
from server.language.pack import shipped
from server.plan import draft_plan
from server.wording.brief import brief

ID = "00000000-0000-7000-8000-00000000000a"
RESUME = {"header": {"name": "Kim Minsu"}}
RULES = Rules(follow_ups=2, company=(CompanyFact("pay", {"en": "We pay by the hour."}),))


def opened(language: str = "en") -> tuple[Interview, Memory]:
    interview = Interview(ID, "Nurse", language, RESUME, packs=shipped(), rules=RULES)
    memory = Memory(language)
    memory.plan(draft_plan(interview))
    memory.tell(Dialogue(interview, memory.state, writer=True).opening())
    return interview, memory


def meant(text: str, *star: Star, language: str = "en") -> Meant:
    return Meant(text, language, replace(ANSWER, star=star))


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_the_answer_has_is_seen_and_the_rest_of_the_rubric_is_missing(language: str) -> None:
    interview, memory = opened(language)
    topic = memory.state.plan[0]
    pack = shipped().of(language)
    lines = (
        *pack.competency(interview.family, "introduction").lines,
        *pack.stages["introduction"].competency.lines,
    )
    about = {line.text: line.aspect for line in lines if line.text in topic.rubric}
    results = [text for text, aspect in about.items() if aspect == "result"]
    nothing = brief(interview, memory.state, meant("I work.", language=language))
    assert (nothing.history[-1].seen, nothing.history[-1].missing) == ((), topic.rubric)
    told = brief(interview, memory.state, meant("It fell.", "result", language=language))
    (now,) = told.history
    assert set(now.seen) == (set(results) if len(results) == 1 else set())
    assert {*now.seen, *now.missing} == set(topic.rubric)


def test_the_greeting_and_the_name_in_it_are_not_told() -> None:
    interview, memory = opened()
    assert "Kim Minsu" in memory.state.current.text
    (now,) = brief(interview, memory.state, meant("I nurse.")).history
    assert "Kim" not in now.question + now.topic
    assert now.question.endswith("?") or now.question.endswith(".")


def test_what_may_be_told_is_what_viva_and_the_template_may_tell() -> None:
    interview, memory = opened()
    told = brief(interview, memory.state, meant("I nurse."))
    assert told.facts["company:0"] == "We pay by the hour."
    assert "Nurse" in told.facts["role"]
    assert set(told.facts) - {"company:0"} == set(shipped().of("en").facts)
    assert "{" not in "".join(told.facts.values())


def test_how_much_is_left_is_of_the_time_the_question_was_asked() -> None:
    interview, memory = opened()
    (now,) = brief(interview, memory.state, meant("I nurse.")).history
    assert (now.minutes_left, now.probes_left) == (30, 2)
    assert now.next_topic == memory.state.plan[1].competency


def test_two_hundred_turns_are_gone_through_in_no_time() -> None:
    """It is made in a step of the interview, before anybody is asked."""
    interview, memory = opened()
    plan, took = memory.state.plan, []
    for n in range(200):
        turn, now = memory.state.turn, meant(f"{n}. I moved it. " * 40, "action")
        began = time.thread_time()
        told = brief(interview, memory.state, now)
        took.append(time.thread_time() - began)
        assert len(told.history) == n + 1
        read = UtteranceUnderstood(
            turn, "answer", 0.9, "none", True, False, (), "next", True, star=("action",)
        )
        memory.tell(read)
        memory.tell(AnswerGiven(turn, "q", f"a{turn}", now.text, (), "e", "en", "en"))
        planned = plan[n % len(plan)]
        kind: Kind = "follow_up" if n % 3 else "planned"
        asked = planned.question_id if kind == "planned" else f"f{n}"
        memory.tell(
            QuestionAsked(turn + 1, asked, f"Why {n}?", "llm", kind, planned.stage, None, "m", None)
        )
    took.sort()
    assert took[190] < 0.01, "2 ms on a machine that is not shared"
