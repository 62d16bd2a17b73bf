"""What is asked when an answer lacks something: the pack's words for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from server.core.pack import Aspect, Kind, Line, Pack, Stage, StageName


class Asking(NamedTuple):
    """``line``: the line of the rubric that it asks for, None where the rubric has none for it."""

    text: str
    aspect: Aspect
    line: str | None


def kind(pack: Pack, family: str, stage: StageName, question: str) -> Kind:
    """What the question asks for: as the pack says of it, else as its stage's questions do."""
    asked = (one for one in pack.questions(family, stage) if question in (one.text, one.simpler))
    found = next(asked, None)
    return pack.kind(found) if found else pack.stages[stage].kind


def probe(
    pack: Pack,
    family: str,
    stage: StageName,
    question: str,
    missing: Sequence[Aspect],
    before: Collection[str] = (),
) -> Asking | None:
    """The first that asks for one of ``missing``, most wanted first, and was not asked ``before``.

    What the family asks of its own line comes before the pack's words for any. None where nothing
    is missing or everything was asked.
    """
    general = pack.probes.get(kind(pack, family, stage, question), {})
    lines = _lines(pack, family, stage)
    for aspect in missing:
        of_aspect = [line for line in lines if line.aspect == aspect]
        for line in of_aspect:
            for text in line.probes:
                if text not in before:
                    return Asking(text, aspect, line.text)
        about = of_aspect[0].text if of_aspect else None
        for text in general[aspect].plain if aspect in general else ():
            if text not in before:
                return Asking(text, aspect, about)
    return None


def _lines(pack: Pack, family: str, stage: StageName) -> tuple[Line, ...]:
    """The family's lines, then those of the stage for what the family's do not ask."""
    return tuple(_once(pack.competency(family, stage).lines, pack.stages[stage]))


def _once(own: Sequence[Line], stage: Stage) -> Iterator[Line]:
    yield from own
    asked = {line.text for line in own}
    yield from (line for line in stage.competency.lines if line.text not in asked)
