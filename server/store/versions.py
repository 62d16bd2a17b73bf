"""Facts as earlier versions of viva stored them, brought to what this one reads.

A change to what is stored raises ``VERSION`` and adds the step that leads there. Facts themselves
are never rewritten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

VERSION = 6
"""Of the facts that are stored from now on. 1: ``answer_given`` says in which language the
interview goes on. 2: ``utterance_understood`` says how an utterance was read; what was said before
is not read anew. ``question_asked`` says apart what leads to the
question, and which line of the rubric it asks for. 3: ``segment_heard`` and the words in it and in
``answer_given`` say how sure they are, and what language they sound like. 4: ``question_asked``
says on which words of the answer a model's question rests; ``utterance_understood`` what an answer
has of a story, and what it was asked for. 5: ``segment_heard`` says why nothing may be made of it,
``answer_given`` and ``answer_revised`` what of them may be quoted. 6: ``segment_heard`` and
``segment_pending`` say whether the voice was far quieter than the candidate's."""


class NewerFact(Exception):
    """A fact of a version that this viva does not know."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A fact as it is stored."""

    kind: str
    v: int
    data: Mapping[str, Any]


def upcast(stored: Sequence[Raw]) -> list[Raw]:
    """The facts of one interview, in order, as the current version would have told them. Nothing
    is understood anew: what an old fact does not say is read from those around it. Raises
    NewerFact."""
    newest = max((raw.v for raw in stored), default=0)
    if newest > VERSION:
        raise NewerFact(
            f"this interview has facts of version {newest}, this viva knows those up to {VERSION}; "
            "install the newer version"
        )
    facts = list(stored)
    for version in range(VERSION):
        facts = STEPS[version](facts)
    return facts


def _goes_on_in(facts: Sequence[Raw]) -> list[Raw]:
    """0 to 1. An answer's language was that of the time before it, so the next answer tells what
    came after this one; after the last, the next question does, where it was asked in whatever the
    candidate spoke."""
    told: list[Raw] = []
    answered_in: str | None = None
    asked_in: str | None = None
    for raw in reversed(facts):
        if raw.kind == "answer_given":
            before = raw.data["language"]
            if raw.v == 0:
                data = {**raw.data, "goes_on_in": answered_in or asked_in or before}
                raw = replace(raw, v=1, data=data)  # noqa: PLW2901
            answered_in, asked_in = before, None
        elif raw.kind == "question_asked":
            asked_in = _spoken_in(raw.data) or asked_in
        told.append(raw if raw.v else replace(raw, v=1))
    return told[::-1]


def _spoken_in(question: Mapping[str, Any]) -> str | None:
    """None for one that keeps its own language: a repeated one, or an interviewer's."""
    own = question["kind"] in ("repeat", "rephrase") or question["source"] == "interviewer"
    return None if own else question.get("language")


def _nothing_understood(facts: Sequence[Raw]) -> list[Raw]:
    """1 to 2. Facts of a kind that was not there are not made up; nothing was said apart."""

    def two(raw: Raw) -> Raw:
        new = {"lead": "", "line": None} if raw.kind == "question_asked" else {}
        return replace(raw, v=2, data={**raw.data, **new})

    return [two(raw) if raw.v == 1 else raw for raw in facts]


def _of_unknown_doubt(facts: Sequence[Raw]) -> list[Raw]:
    """2 to 3. No engine said how sure it was."""

    def three(raw: Raw) -> Raw:
        data = dict(raw.data)
        if raw.kind in ("segment_heard", "answer_given"):
            data["words"] = [{**word, "sure": None} for word in data["words"]]
        if raw.kind == "segment_heard":
            data |= {"sure": None, "sounds_like": None}
        return replace(raw, v=3, data=data)

    return [three(raw) if raw.v == 2 else raw for raw in facts]


def _without_evidence(facts: Sequence[Raw]) -> list[Raw]:
    """3 to 4. No question said what it rests on, and no answer was read as a story."""

    def four(raw: Raw) -> Raw:
        new = _NEW_IN_4.get(raw.kind, {})
        return replace(raw, v=4, data={**raw.data, **new})

    return [four(raw) if raw.v == 3 else raw for raw in facts]


_NEW_IN_4: Mapping[str, Mapping[str, None]] = {
    "question_asked": {"evidence": None},
    "utterance_understood": {"star": None, "asks": None},
}


def _of_unknown_clearness(facts: Sequence[Raw]) -> list[Raw]:
    """4 to 5. Nothing was told apart that could not be made out."""

    def five(raw: Raw) -> Raw:
        new = _NEW_IN_5.get(raw.kind, {})
        return replace(raw, v=5, data={**raw.data, **new})

    return [five(raw) if raw.v == 4 else raw for raw in facts]


_NEW_IN_5: Mapping[str, Mapping[str, None]] = {
    "segment_heard": {"unclear": None},
    "answer_given": {"clear": None},
    "answer_revised": {"clear": None},
}


def _of_one_voice(facts: Sequence[Raw]) -> list[Raw]:
    """5 to 6. All that was heard was taken for the candidate."""

    def six(raw: Raw) -> Raw:
        voiced = raw.kind in ("segment_heard", "segment_pending")
        new = {"background": False} if voiced else {}
        return replace(raw, v=6, data={**raw.data, **new})

    return [six(raw) if raw.v == 5 else raw for raw in facts]


STEPS: Mapping[int, Callable[[Sequence[Raw]], list[Raw]]] = {
    0: _goes_on_in,
    1: _nothing_understood,
    2: _of_unknown_doubt,
    3: _without_evidence,
    4: _of_unknown_clearness,
    5: _of_one_voice,
}
