"""The candidates of the interviews in the documentation."""

from __future__ import annotations

from typing import get_args

from bench.transcripts import BEGIN, DOCUMENT, END, rules
from server.core.events import StageName
from server.demo.people import people
from server.language.families import Aspect


def test_there_are_three_in_each_language_who_have_an_answer_to_every_stage() -> None:
    languages = [who.language for who in people().values()]
    assert sorted(languages) == ["en"] * 3 + ["ko"] * 3
    known = {"answer", "before", *get_args(Aspect)}
    for who in people().values():
        assert set(who.stages) == set(get_args(StageName))
        assert all(set(said) <= known and "answer" in said for said in who.stages.values())


def test_they_are_asked_one_question_a_stage_and_what_was_said_is_in_the_document() -> None:
    assert {stage.questions for stage in rules().stages} == {1}
    text = DOCUMENT.read_text("utf-8")
    held = text[text.index(BEGIN) : text.index(END)]
    for who in people().values():
        assert f"#### {who.name}, {who.role}" in held
        assert f"**{who.name}:** {who.stages['introduction']['answer']}" in held
