"""What each version stored is still read, and says the same as the newest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.core.events import AnswerGiven, Fact, SegmentHeard, Word
from server.core.state import State
from server.store.facts import TYPES
from server.store.versions import STEPS, VERSION, NewerFact, Raw, upcast

GOLDEN = Path(__file__).parent / "versions"
"""One interview in which every kind of fact occurs, as each version stored it. Only the newest may
be added to; an older one is what stands in databases."""


def golden(version: int) -> list[Raw]:
    lines = (GOLDEN / f"{version}.jsonl").read_text("utf-8").splitlines()
    return [Raw(**json.loads(line)) for line in lines]


def facts(stored: list[Raw]) -> list[Fact]:
    return [msgspec.convert(raw.data, TYPES[raw.kind]) for raw in upcast(stored)]


def test_there_is_a_golden_file_and_a_step_for_each_version() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {str(v) for v in range(VERSION + 1)}
    assert sorted(STEPS) == [*range(VERSION)]


@pytest.mark.parametrize("version", range(VERSION + 1))
def test_what_a_version_stored_reads_as_the_newest(version: int) -> None:
    stored = golden(version)
    assert {raw.v for raw in stored} == {version}
    known = {raw.kind for raw in stored}
    assert upcast(stored) == [raw for raw in golden(VERSION) if raw.kind in known]


def test_the_newest_is_what_is_stored_today() -> None:
    newest = golden(VERSION)
    assert {raw.kind for raw in newest} == set(TYPES)
    told = facts(newest)
    again = [json.loads(msgspec.json.encode(fact)) for fact in told]
    assert again == [raw.data for raw in newest]


def test_old_and_new_facts_of_one_interview_are_read_together() -> None:
    """A server was replaced by a newer one in the middle of it."""
    old = golden(0)
    known = {raw.kind for raw in old}
    new = [raw for raw in golden(VERSION) if raw.kind in known]
    for cut in range(len(old) + 1):
        assert upcast([*old[:cut], *new[cut:]]) == new


def test_the_language_of_an_unfinished_interview_is_that_of_its_next_question() -> None:
    old = golden(0)
    known = {raw.kind for raw in old}
    new = [raw for raw in golden(VERSION) if raw.kind in known]
    asked = [at for at, raw in enumerate(old) if raw.kind == "question_asked"]
    for cut in asked:
        one, other = State("ko"), State("ko")
        for fact in facts(old[: cut + 1]):
            one = one.apply(fact)
        for fact in facts(new[: cut + 1]):
            other = other.apply(fact)
        assert one == other


def test_facts_of_a_newer_viva_are_refused() -> None:
    with pytest.raises(NewerFact, match="install the newer version"):
        upcast([Raw("interview_started", VERSION + 1, {})])


def test_words_of_an_older_version_are_neither_sure_nor_doubted() -> None:
    word = {"text": "Kafka", "start_ms": 640, "end_ms": 900}
    heard = {**facts_of("segment_heard"), "text": "Kafka", "words": [word]}
    given = {**facts_of("answer_given"), "text": "Kafka", "words": [word]}
    for kind, data in (("segment_heard", heard), ("answer_given", given)):
        (fact,) = facts([Raw(kind, 2, data)])
        assert isinstance(fact, SegmentHeard | AnswerGiven)
        assert fact.words == (Word("Kafka", 640, 900),)


def facts_of(kind: str) -> Mapping[str, Any]:
    return next(raw.data for raw in golden(2) if raw.kind == kind)
