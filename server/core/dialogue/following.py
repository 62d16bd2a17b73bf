"""The follow-up without a model: what an answer lacks of what its question asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from server.core.pack import Aspect, Pack
from server.core.understanding import Asks, Star

WANTED: Mapping[Asks, tuple[Aspect, ...]] = {
    "introduction": ("own_part", "result", "situation"),
    "motivation": ("situation", "own_part"),
    "story": ("own_part", "result", "decision"),
    "practice": ("own_part", "situation", "decision", "result"),
    "case": ("decision", "result", "own_part"),  # what they would do is what was asked
    "view": ("situation", "own_part"),
    "part": ("own_part", "result", "decision"),
    "reason": ("result",),
    "result": ("own_part",),
    "lesson": ("own_part", "situation"),
}
"""What a whole answer has, what is most missed first. What is short or the last word is left."""
ENOUGH: Mapping[Asks, tuple[tuple[Aspect, ...], ...]] = {
    "practice": (("own_part", "situation", "decision"), ("own_part", "situation", "result")),
    "story": (("own_part", "result", "learning"),),
    "case": (("situation", "own_part", "result"),),
    "introduction": (("own_part", "number"),),
}
"""What is as good as a whole answer."""
HAS: Mapping[Star, Aspect] = {
    "situation": "situation",
    "task": "own_part",
    "action": "own_part",
    "decision": "decision",
    "result": "result",
    "learning": "learning",
    "number": "number",
}
TAKEN_FOR_GRANTED: frozenset[Star] = frozenset({"situation", "action"})
"""Of an answer that was not read."""
LONG_SIGNS = 900
"""Characters from which an answer has told it all."""


class Asking(NamedTuple):
    """``line``: the line of the rubric that it asks for, None where the rubric has none for it."""

    text: str
    aspect: Aspect
    line: str | None


def follow_up(
    pack: Pack,
    family: str,
    stage: str,
    question: str,
    answer: str,
    told: Collection[Star] | None,
    asked_for: Asks | None,
    asked: Sequence[str],
) -> Asking | None:
    """What to ask on the topic's ``question``, in the pack's words.

    ``told``: what its answers had so far, None where they were not read; ``asked_for``: what the
    question asks for, where the pack does not know it; ``asked``: all that was asked before. None
    where nothing is missing, all of it was asked for, or the question is not one to be asked on.
    """
    of_kind = pack.asks(family, stage, question, asked_for)
    if of_kind is None or len(answer) >= LONG_SIGNS:
        return None
    has = {
        HAS[one]
        for one in (TAKEN_FOR_GRANTED if told is None else told)
        if (of_kind, one) != ("part", "task")  # that is what was asked for
    }
    if of_kind == "story" and "learning" in has:
        has.add("own_part")  # what somebody does otherwise since then, they do
    if any(has.issuperset(enough) for enough in ENOUGH.get(of_kind, ())):
        return None
    if of_kind == "case" and "situation" in has:
        of_kind = "story"  # it was met in real life
    since = asked[_last(question, asked) :]
    missing = [one for one in WANTED.get(of_kind, ()) if one not in has]
    if of_kind == "story" and not has - {"number"}:
        missing.insert(0, "situation")
    elif "number" in has:
        missing.sort(key=lambda one: one == "result")  # a figure is as often as not what came of it
    for aspect in missing:
        texts = pack.wordings(worded(of_kind, aspect, has), aspect)
        if not any(text in since for text in texts):
            fresh = (text for text in texts if text not in asked)
            line = pack.line(family, stage, aspect)
            return next((Asking(text, aspect, line) for text in fresh), None)
    return None


def worded(of_kind: Asks, aspect: Aspect, has: Collection[Aspect]) -> Asks:
    """Whose words ask for it: of what came of something it is asked who had done what."""
    if of_kind == "story" and aspect == "own_part" and "result" in has:
        return "result"
    return "story" if of_kind == "part" and aspect != "own_part" else of_kind


def _last(question: str, asked: Sequence[str]) -> int:
    return max((place for place, text in enumerate(asked) if text == question), default=0)
