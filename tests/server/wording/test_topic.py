"""What a model is told of a topic, and what is taken from its reply."""

from __future__ import annotations

import pytest

from server.language.pack import shipped
from server.wording.topic import messages, question


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_topic_is_material_and_nothing_else_of_the_interview_is_told(language: str) -> None:
    (_, rules), (_, asked) = messages(shipped().of(language), "Engineer", "<b>on-call</b>")
    assert rules == shipped().of(language).prompts.plan_rules.strip()
    assert "Engineer" in asked
    assert "on-call" in asked
    assert "<b>" not in asked


def test_one_question_is_taken_from_the_reply() -> None:
    assert question({"question": "1. How do you share on-call? And why?"}) == (
        "How do you share on-call?"
    )
    assert question({"question": None}) == ""
    assert question({}) == ""
