"""What is asked next: stages, time, follow-ups, the candidate's wishes, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from server.core.events import (
    PlannedQuestion,
    QuestionAsked,
    Source,
)
from server.core.interview import Interview
from server.core.rules import Rules, Stage
from server.language.pack import shipped
from server.plan import draft_plan
from tests.core.talk import Talk

MINUTE = 60_000
ANSWER = "I moved the payment service to Kafka because the queue kept losing messages."
RESUME = {
    "header": {"name": "Jane Miller", "target_role": "Backend Engineer"},
    "work": [{"name": "Acme"}],
    "skills": [{"name": "Languages", "keywords": ["Python", "Kafka"]}],
}
INTERVIEW = Interview(
    "5f0c1d8e-0000-4000-8000-000000000001", "Backend Engineer", "en", RESUME, packs=shipped()
)
STAGES = (
    Stage("introduction"),
    Stage("knowledge", 2),
    Stage("collaboration"),
    Stage("closing", follow_ups=0),
)


def question(
    ordinal: int, stage: str, text: str, source: Source = "bank", simpler: str | None = None
) -> PlannedQuestion:
    identity = INTERVIEW.identity(f"planned:{ordinal}")
    return PlannedQuestion(identity, ordinal, text, stage, source, simpler=simpler)


PLAN = (
    question(1, "introduction", "Hello. Could you introduce yourself?"),
    question(2, "knowledge", "How do you keep two writers from corrupting a row?"),
    question(3, "knowledge", "When would you give up a cache?", simpler="When is a cache bad?"),
    question(4, "collaboration", "Tell me about a disagreement with a colleague."),
    question(5, "closing", "Is there anything you would like to add or ask?"),
)


def dialogue(
    rules: Rules | None = None, *, writer: bool = False, plan: Sequence[PlannedQuestion] = PLAN
) -> Talk:
    made = Talk(INTERVIEW, rules or Rules(stages=STAGES), writer=writer)
    made.planned(plan)
    return made


def ask(talk: Talk, asked: QuestionAsked) -> QuestionAsked:
    talk.learn(asked)
    talk.settle()
    return asked


def go_on(talk: Talk, text: str = "", elapsed_ms: int = 0) -> QuestionAsked:
    """The candidate answers, and the next question is asked."""
    chosen = talk.chosen(text, elapsed_ms, None)
    talk.learn(talk.answered(text))
    return ask(talk, chosen)


def outcomes(talk: Talk) -> Sequence[tuple[str | None, str | None]]:
    return talk.outcome()


# The way through the plan.


def test_the_plan_is_asked_in_order_and_then_the_last_words() -> None:
    talk = dialogue()
    asked = [ask(talk, talk.opening())]
    while not talk.over:
        asked.append(go_on(talk))
    assert [one.text for one in asked[:-1]] == [one.text for one in PLAN]
    assert [one.kind for one in asked] == ["opening", *["planned"] * 4, "closing"]
    assert [one.turn for one in asked] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_at_most_so_many_follow_ups_on_a_topic(most: int) -> None:
    talk = dialogue(Rules(stages=STAGES, follow_ups=most))
    ask(talk, talk.opening())
    words = ["Kafka", "Python", "Postgres", "Redis", "Terraform"]
    kinds = []
    for word in words:
        text = f"I rewrote the {word} importer and measured that it took half the time."
        kinds.append(go_on(talk, text).kind)
    assert kinds[:most] == ["follow_up"] * most
    assert kinds[most] == "planned"


def test_a_stage_may_have_its_own_number_of_follow_ups() -> None:
    talk = dialogue(Rules(stages=(Stage("introduction", follow_ups=0), *STAGES[1:])))
    ask(talk, talk.opening())
    assert go_on(talk, ANSWER).text == PLAN[1].text
    assert go_on(talk, ANSWER).kind == "follow_up"


def test_a_follow_up_is_the_packs_and_says_that_there_is_no_model() -> None:
    talk = dialogue()
    opening = ask(talk, talk.opening())
    follow_up = go_on(talk, ANSWER)
    assert (follow_up.kind, follow_up.parent_id) == ("follow_up", opening.question_id)
    assert follow_up.reason == "no_model"
    probes = shipped().of("en").probes["introduction"].values()
    assert any(follow_up.text in probe.plain for probe in probes)


@pytest.mark.parametrize(
    ("third", "asked"),
    [
        ("Please explain how you keep two writers from corrupting the rows.", False),
        ("How do you keep two readers from seeing half a row?", True),
    ],
)
def test_a_question_is_not_asked_again_in_other_words(third: str, asked: bool) -> None:
    talk = dialogue(plan=(*PLAN[:2], question(3, "knowledge", third), *PLAN[3:]))
    ask(talk, talk.opening())
    go_on(talk)
    assert (go_on(talk).text == third) is asked
    assert outcomes(talk)[2] == ((None, None) if asked else ("skipped", "covered"))


def test_what_an_interviewer_wrote_is_asked_though_it_resembles_another() -> None:
    own = question(3, "knowledge", f"Please explain: {PLAN[1].text}", "interviewer")
    talk = dialogue(plan=(*PLAN[:2], own, *PLAN[3:]))
    ask(talk, talk.opening())
    go_on(talk)
    assert go_on(talk).text == own.text


def test_a_model_may_not_ask_again_what_was_asked() -> None:
    talk = dialogue(Rules(stages=STAGES, follow_ups=2), writer=True)
    ask(talk, talk.opening())
    assert talk.brief(ANSWER, 0) is not None
    composed = talk.composed(ANSWER, "Why did you choose Kafka over the old queue?", "m")
    assert isinstance(composed, QuestionAsked)
    assert (composed.source, composed.model, bool(composed.prompt)) == ("llm", "m", True)
    talk.learn(talk.answered(ANSWER))
    ask(talk, composed)
    assert talk.composed("It was.", "What made you choose Kafka over the old queue?", "m") == (
        "repeated"
    )


def test_a_plan_that_comes_late_takes_over_what_was_not_asked_yet() -> None:
    rules = Rules(stages=STAGES, follow_ups=0)
    talk = Talk(INTERVIEW, rules, writer=False)
    opening = ask(talk, talk.opening())
    talk.planned(PLAN)
    assert opening.question_id == PLAN[0].question_id
    assert go_on(talk).text == PLAN[1].text
    talk.planned(PLAN[:1])
    assert go_on(talk).text == PLAN[2].text


# Time.


def test_when_the_time_is_up_only_the_last_words_are_left() -> None:
    talk = dialogue(Rules(stages=STAGES, minutes=10))
    ask(talk, talk.opening())
    assert go_on(talk, ANSWER, elapsed_ms=10 * MINUTE).kind == "closing"
    assert outcomes(talk) == [("answered", None), *[("skipped", "time")] * 4]


def test_a_stage_that_is_over_time_gets_no_follow_up_and_no_second_question() -> None:
    stages = (Stage("introduction", minutes=2), Stage("knowledge", 2, minutes=3), *STAGES[2:])
    talk = dialogue(Rules(stages=stages, minutes=20))
    ask(talk, talk.opening())
    assert go_on(talk, ANSWER, elapsed_ms=2 * MINUTE).text == PLAN[1].text
    assert go_on(talk, ANSWER, elapsed_ms=5 * MINUTE).text == PLAN[3].text
    assert outcomes(talk)[2] == ("skipped", "time")


def test_what_has_to_be_asked_keeps_its_time() -> None:
    own = question(4, "collaboration", "Our own question?", "interviewer")
    talk = dialogue(Rules(stages=STAGES, minutes=10), plan=(*PLAN[:3], own, PLAN[4]))
    ask(talk, talk.opening())
    asked = go_on(talk, ANSWER, elapsed_ms=9 * MINUTE)
    assert (asked.text, asked.source) == ("Our own question?", "interviewer")
    assert go_on(talk, ANSWER, elapsed_ms=9 * MINUTE + 40_000).stage == "closing"
    assert [item for item in outcomes(talk) if item[1]] == [("skipped", "time")] * 2


def test_stages_without_minutes_share_what_is_left() -> None:
    rules = Rules(stages=(Stage("introduction", minutes=4), *STAGES[1:]), minutes=20)
    assert rules.due_ms("introduction") == 4 * MINUTE
    assert rules.due_ms("knowledge") == 12 * MINUTE
    assert rules.due_ms("closing") == 20 * MINUTE
    crowded = Rules(stages=(Stage("introduction", minutes=30), *STAGES[1:]), minutes=20)
    assert crowded.due_ms("closing") == 20 * MINUTE


def test_time_that_is_gone_stays_gone_after_a_restart() -> None:
    talk = dialogue(Rules(stages=STAGES, minutes=10))
    ask(talk, talk.opening())
    asked = go_on(talk, "", elapsed_ms=4 * MINUTE)
    restarted = dialogue(Rules(stages=STAGES, minutes=10))
    restarted.learn(asked)
    assert restarted.spent_ms == 4 * MINUTE


# What the candidate wants.


def test_a_question_is_repeated_word_for_word() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    asked = go_on(talk)
    repeated = ask(talk, talk.repeat_now())
    assert repeated.kind == "repeat"
    assert repeated.spoken.endswith(f" {asked.text}")
    assert repeated.lead
    again = ask(talk, talk.repeat_now())
    assert again.text == repeated.text
    assert again.parent_id == asked.question_id


def test_a_question_is_rephrased_each_time_otherwise_and_repeated_as_it_was_last() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    go_on(talk)
    go_on(talk)
    first = ask(talk, talk.rephrase())
    assert (first.kind, first.parent_id) == ("rephrase", PLAN[2].question_id)
    assert "When is a cache bad?" in first.text
    second = ask(talk, talk.rephrase())
    assert second.text != first.text
    repeated = ask(talk, talk.repeat_now())
    assert repeated.text.count("another way") == 0
    assert "When is a cache bad?" in repeated.text


def test_an_opening_in_other_words_greets_nobody_again() -> None:
    talk = dialogue(plan=draft_plan(replace(INTERVIEW, rules=Rules(stages=STAGES))))
    opening = ask(talk, talk.opening())
    assert "Hello" in opening.text
    assert "Hello" not in talk.rephrase().text


def test_a_follow_up_is_said_in_other_words_of_its_own_and_then_with_a_hint() -> None:
    talk = dialogue(plan=draft_plan(replace(INTERVIEW, rules=Rules(stages=STAGES))))
    ask(talk, talk.opening())
    follow_up = ask(talk, go_on(talk, ANSWER))
    every = [one for kind in shipped().of("en").probes.values() for one in kind.values()]
    (meant,) = [one.simpler for one in every if follow_up.text in one.plain]
    assert ask(talk, talk.rephrase()).text == meant
    assert follow_up.text not in talk.rephrase().text
    assert talk.rephrase().text.startswith(meant)


def test_the_banks_questions_are_rephrased_in_words_of_their_own_also_in_the_other_language() -> (
    None
):
    talk = dialogue(plan=draft_plan(replace(INTERVIEW, rules=Rules(stages=STAGES))))
    ask(talk, talk.opening())
    asked = go_on(talk)
    first = talk.rephrase().spoken
    assert asked.text not in first
    assert first.startswith("Let me put it another way.")
    korean = go_on(talk, "네, 그 일은 제가 주로 맡아서 했습니다.")
    assert korean.language == "ko"
    if korean.kind == "follow_up":
        korean = go_on(talk, "네, 그렇습니다.")
    other = talk.rephrase().spoken
    assert other.startswith("네, 바꾸어 여쭙겠습니다.")
    assert korean.text not in other


def test_a_repeated_opening_greets_nobody_again() -> None:
    talk = dialogue(plan=draft_plan(replace(INTERVIEW, rules=Rules(stages=STAGES))))
    opening = ask(talk, talk.opening())
    repeated = talk.repeat_now()
    assert "Hello" not in repeated.spoken
    assert opening.text.endswith(repeated.text)


@pytest.mark.parametrize("writer", [False, True])
def test_a_question_is_come_back_to_once_when_only_the_interview_was_talked_about(
    writer: bool,
) -> None:
    talk = dialogue(writer=writer)
    ask(talk, talk.opening())
    asked = go_on(talk)
    remark = "There is a wasp in here."
    again = ask(talk, talk.chosen(remark, 0, None))
    assert (again.kind, again.parent_id) == ("repeat", asked.question_id)
    assert again.reason == "off_topic"
    assert again.spoken.endswith(f"Let me come back to my question. {asked.text}")
    following = go_on(talk, remark)
    assert (following.kind, following.question_id) == ("planned", PLAN[2].question_id)


def test_a_skipped_follow_up_is_not_asked_again() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    go_on(talk)
    first = go_on(talk, ANSWER)
    assert first.kind == "follow_up"
    talk.skip("candidate")
    following = ask(talk, talk.chosen("", 0, None))
    assert following.kind == "planned"
    again = talk.chosen(ANSWER, 0, None)
    assert again.text != first.text


def test_what_an_interviewer_wrote_is_rephrased_with_its_own_words() -> None:
    own = question(2, "knowledge", "You said so. What is TLS?", "interviewer")
    talk = dialogue(plan=(PLAN[0], own))
    ask(talk, talk.opening())
    go_on(talk)
    assert "You said so. What is TLS?" in talk.rephrase().text
