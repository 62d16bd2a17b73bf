"""What an answer lacks of what its question asked for: the follow-up without a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from server.core.understanding import Asks, Star
from server.language.families import Aspect

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


def lacking(
    asks: Asks, answer: str, told: Collection[Star] | None
) -> Sequence[tuple[Asks, Aspect]]:
    """What may be asked for, the best first, and in the words for which kind of question.

    ``asks``: what the topic's question asked for; ``told``: what its answers had so far, None where
    they were not read. Nothing where nothing is missing, or it is not a question to be asked on.
    """
    if len(answer) >= LONG_SIGNS:
        return ()
    has = {
        HAS[one]
        for one in (TAKEN_FOR_GRANTED if told is None else told)
        if (asks, one) != ("part", "task")  # that is what was asked for
    }
    if asks == "story" and "learning" in has:
        has.add("own_part")  # what somebody does otherwise since then, they do
    if any(has.issuperset(enough) for enough in ENOUGH.get(asks, ())):
        return ()
    if asks == "case" and has >= {"situation", "result"}:
        asks = "story"  # it was met in real life, and is over
    missing = [one for one in WANTED.get(asks, ()) if one not in has]
    if asks == "story" and not has - {"number"}:
        missing.insert(0, "situation")
    elif "number" in has:
        missing.sort(key=lambda one: one == "result")  # a figure is as often as not what came of it
    return [(worded(asks, aspect, has), aspect) for aspect in missing]


def worded(asks: Asks, aspect: Aspect, has: Collection[Aspect]) -> Asks:
    """Whose words ask for it: of what came of something it is asked who had done what."""
    if asks == "story" and aspect == "own_part" and "result" in has:
        return "result"
    return "story" if asks == "part" and aspect != "own_part" else asks
