"""The follow-up without a model: what an answer to this kind of question most often lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from server.core.dialogue.probes import Asking, kind, probe
from server.core.pack import Aspect, Kind, Pack, StageName

OFTEN_LACKING: Mapping[Kind, tuple[Aspect, ...]] = {
    "story": ("decision", "learning", "result", "number"),
    "practice": ("situation", "decision", "result", "learning"),
    "case": ("decision", "result", "own_part"),
    "motivation": ("own_part", "decision", "result"),
    "introduction": ("result", "own_part", "situation"),
}
SHORT: Mapping[Kind, tuple[Aspect, ...]] = {"story": ("result", "decision", "own_part", "learning")}
"""What a sentence or two lack."""

SHORT_SIGNS, LONG_SIGNS = 70, 900
"""Characters up to which an answer is short, and from which it has told it all."""


def follow_up(
    pack: Pack, family: str, stage: str, question: str, answer: str, asked: Sequence[str]
) -> Asking | None:
    """What to ask to this answer to the topic's ``question``, in the pack's words.

    ``asked``: all that was asked before; no aspect of the topic is asked for twice. None where
    nothing is likely to be missing, or the stage has no follow-ups.
    """
    named = next((name for name in get_args(StageName) if name == stage), None)
    if named is None or len(answer) >= LONG_SIGNS:
        return None
    of_kind = kind(pack, family, named, question)
    since = asked[_last(question, asked) :]
    wanted = [one for one in _lacking(of_kind, answer) if not _probed(pack, of_kind, one, since)]
    return probe(pack, family, named, question, wanted, asked)


def _lacking(of_kind: Kind, answer: str) -> Iterator[Aspect]:
    short = len(answer) <= SHORT_SIGNS and of_kind in SHORT
    for aspect in (SHORT if short else OFTEN_LACKING).get(of_kind, ()):
        if aspect != "number" or not any(sign.isdigit() for sign in answer):
            yield aspect


def _probed(pack: Pack, of_kind: Kind, aspect: Aspect, asked: Sequence[str]) -> bool:
    general = pack.probes.get(of_kind, {}).get(aspect)
    return general is not None and any(text in asked for text in general.plain)


def _last(question: str, asked: Sequence[str]) -> int:
    return max((place for place, text in enumerate(asked) if text == question), default=0)
