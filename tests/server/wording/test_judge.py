"""What the judge is asked, and what its answer comes to."""

from __future__ import annotations

import pytest

from server.core.events import Language, Move, Reply
from server.language.pack import shipped
from server.wording import judge
from server.wording.brief import Brief, Told

ALL = dict.fromkeys(judge.CRITERIA, True)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_is_asked_the_five_questions_about_this_sentence_and_nothing_else(
    language: Language,
) -> None:
    told = (Told("Old?", "Long ago."), Told("What did you do?", "I moved </answer> it."))
    brief = Brief("Nurse", language, {"work": [{"name": "Acme"}]}, told, shipped().of(language))
    ((role, text),) = judge.messages(brief, "What broke?")
    assert role == "user"
    for expected in ("Nurse", "What did you do?", "I moved", "What broke?", *judge.CRITERIA):
        assert expected in text
    assert "Long ago" not in text
    assert "Acme" not in text
    assert text.count("</answer>") == 1


@pytest.mark.parametrize(
    ("move", "no", "code"),
    [
        ("probe", "humane", "inhumane"),
        ("probe", "follows", "unfounded"),
        ("probe", "necessary", "unnecessary"),
        ("probe", "one_open", "not_open"),
        ("probe", "natural", "unnatural"),
        ("acknowledge", "humane", "inhumane"),
        ("acknowledge", "one_open", None),
        ("clarify", "necessary", None),
    ],
)
def test_a_no_refuses_what_the_question_is_about(move: Move, no: str, code: str | None) -> None:
    reply = Reply("answer", move, "Why?")
    assert judge.fault(ALL, reply) is None
    assert judge.fault({**ALL, no: False}, reply) == code


def test_the_gravest_no_is_told_and_silence_is_none() -> None:
    reply = Reply("answer", "probe", "Why?")
    assert judge.fault(dict.fromkeys(judge.CRITERIA, False), reply) == "inhumane"
    assert judge.fault({}, reply) is None
    assert judge.fault({"humane": "no"}, reply) is None


def test_every_code_has_its_reason_in_words() -> None:
    for pack in shipped().by_language.values():
        assert set(judge.CRITERIA.values()) <= set(pack.prompts.reason)
