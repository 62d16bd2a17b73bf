"""What is asked when an answer lacks something: the pack's words for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from server.core.pack import Aspect, Line, Pack, Stage, StageName
from server.core.understanding import Asks


class Asking(NamedTuple):
    """``line``: the line of the rubric that it asks for, None where the rubric has none for it."""

    text: str
    aspect: Aspect
    line: str | None


def asks(
    pack: Pack, family: str, stage: StageName, question: str, read: Asks | None = None
) -> Asks:
    """What the question asks for: as the pack says of it, else as it was ``read``, else as its
    stage's questions do."""
    asked = (one for one in pack.questions(family, stage) if question in (one.text, one.simpler))
    found = next(asked, None)
    return pack.kind(found) if found else read or pack.stages[stage].kind


def probe(
    pack: Pack,
    family: str,
    stage: StageName,
    kind: Asks,
    aspect: Aspect,
    before: Collection[str] = (),
) -> Asking | None:
    """The first that asks for ``aspect`` and was not asked ``before``."""
    lines = (line.text for line in _lines(pack, family, stage) if line.aspect == aspect)
    line = next(lines, None)
    texts = (text for text in wordings(pack, kind, aspect) if text not in before)
    return next((Asking(text, aspect, line) for text in texts), None)


def wordings(pack: Pack, kind: Asks, aspect: Aspect) -> tuple[str, ...]:
    """None where the language has no words for it yet."""
    found = pack.probes.get(kind, {}).get(aspect)
    return found.plain if found else ()


def simpler(pack: Pack, text: str) -> str | None:
    """What is meant by a probe of the pack, in other words."""
    every = (probe for kind in pack.probes.values() for probe in kind.values())
    return next((probe.simpler for probe in every if text in probe.plain), None)


def _lines(pack: Pack, family: str, stage: StageName) -> tuple[Line, ...]:
    """The family's lines, then those of the stage for what the family's do not ask."""
    return tuple(_once(pack.competency(family, stage).lines, pack.stages[stage]))


def _once(own: Sequence[Line], stage: Stage) -> Iterator[Line]:
    yield from own
    asked = {line.text for line in own}
    yield from (line for line in stage.competency.lines if line.text not in asked)
