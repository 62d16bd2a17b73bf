"""In which language it goes on, and how it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.core.events import CompanyFact
from server.core.rules import OwnQuestion, Rules
from server.plan import draft_plan
from tests.core.dialogue.test_dialogue import (
    ANSWER,
    INTERVIEW,
    STAGES,
    ask,
    dialogue,
    go_on,
)

KOREAN = "저는 결제 서비스의 메시지 큐를 Kafka로 옮기면서 유실 문제를 해결했습니다."


def test_a_candidate_who_changes_the_language_is_followed() -> None:
    plan = draft_plan(replace(INTERVIEW, rules=Rules(stages=STAGES, follow_ups=0)))
    talk = dialogue(Rules(stages=STAGES, follow_ups=0), plan=plan)
    ask(talk, talk.opening())
    asked = go_on(talk, KOREAN)
    assert talk.language == "ko"
    assert (asked.language, asked.reason) == ("ko", "language_followed")
    assert asked.question_id == plan[1].question_id
    assert "가" <= max(asked.text) <= "힣"
    back = go_on(talk, ANSWER)
    assert (talk.language, back.language, back.text) == ("en", "en", plan[2].text)


def test_a_follow_up_is_in_the_answers_language() -> None:
    talk = dialogue()
    ask(talk, talk.opening())
    follow_up = go_on(talk, KOREAN)
    assert (follow_up.kind, follow_up.language) == ("follow_up", "ko")
    brief = dialogue(writer=True)
    ask(brief, brief.opening())
    written = brief.brief(KOREAN, 0)
    assert written is not None
    assert written.language == "ko"


def test_only_the_languages_of_the_template_are_followed() -> None:
    talk = dialogue(Rules(stages=STAGES, languages=("en",)))
    ask(talk, talk.opening())
    go_on(talk, KOREAN)
    assert talk.language == "en"


def test_what_an_interviewer_wrote_is_not_translated() -> None:
    own = OwnQuestion("knowledge", {"en": "What is TLS for?"})
    both = OwnQuestion("collaboration", {"en": "Who helped you?", "ko": "누가 도와주셨나요?"})
    rules = Rules(stages=STAGES, follow_ups=0, own=(own, both))
    talk = dialogue(rules, plan=draft_plan(replace(INTERVIEW, rules=rules)))
    ask(talk, talk.opening())
    assert go_on(talk, KOREAN).text == "What is TLS for?"
    assert talk.current.language == "en"
    go_on(talk, KOREAN)
    assert go_on(talk, KOREAN).text == "누가 도와주셨나요?"


FACTS = (
    CompanyFact("remote, 재택", {"en": "The team works from home two days a week."}),
    CompanyFact("team size, 팀 규모", {"en": "The team has eight engineers."}),
)


@pytest.mark.parametrize(
    ("said", "near", "told"),
    [
        ("How much time is left?", "minutes", "about 30 of them are left"),
        ("How much time is left?", "kept", "for 7 days"),
        ("What does it pay?", "company:1", "The team has eight engineers."),
        ("What does it pay?", None, "hiring team"),
        ("Okay.", None, None),
    ],
)
def test_the_candidates_last_questions_are_answered_from_what_may_be_told(
    said: str, near: str | None, told: str | None
) -> None:
    talk = dialogue(Rules(stages=STAGES, company=FACTS, keep_days=7))
    ask(talk, talk.opening())
    while talk.current.stage != "closing":
        go_on(talk)
    closing = talk.chosen(said, 0, None, near)
    assert closing.kind == "closing"
    assert closing.text == dialogue().closing().text
    assert (told in closing.lead) if told else not closing.lead
