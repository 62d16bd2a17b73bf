"""Whatever a model wrote around its question, one plain question is left."""

from __future__ import annotations

import pytest

from server.core import guard
from server.language.grammar import grammar
from server.wording.question import clean


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ('"What broke first?"', "What broke first?"),
        ("**Question 2:** What broke first?", "What broke first?"),
        ("**후속 질문:** 무엇이 먼저 고장 났나요?", "무엇이 먼저 고장 났나요?"),
        ("What broke first? And how did you notice?", "What broke first?"),
        ("<think>The candidate moved it.</think>\nWhat broke first?", "What broke first?"),
        ("- What broke first? 😊", "What broke first?"),
        ("You moved it to Kafka. What broke first?", "You moved it to Kafka. What broke first?"),
        ("How did `node_modules` grow?", "How did node_modules grow?"),
        ("", ""),
    ],
)
def test_a_reply_becomes_one_plain_question(reply: str, question: str) -> None:
    assert clean(reply) == question


def test_a_thought_that_does_not_end_is_not_spoken() -> None:
    assert (
        guard.check(
            clean("<think>What should I ask?"), grammar=grammar("en"), target_role="", history=()
        )
        == "markup"
    )
