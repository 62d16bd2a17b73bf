"""What a planned question is to find out, and what a good answer to it would show."""

from __future__ import annotations

from server.core.pack import Pack, Stage

_MOST = 4


def competency(pack: Pack, stage: str, family: str | None) -> str:
    """As the role family has it; ``family`` None: as any has."""
    own = pack.family(family).competency if family else {}
    found = {str(name): one.name for name, one in own.items()}.get(stage)
    return found or _stage(pack, stage).competency.name


def rubric(pack: Pack, stage: str, family: str | None) -> tuple[str, ...]:
    """What the family's work shows at this stage, then what any answer to it would."""
    own = pack.family(family).competency if family else {}
    lines = {str(name): one.lines for name, one in own.items()}.get(stage, ())
    anybody = _stage(pack, stage).competency.lines
    return tuple(line.text for line in (*lines, *anybody))[:_MOST]


def _stage(pack: Pack, stage: str) -> Stage:
    """A stage that is not known is about experience."""
    return {str(name): one for name, one in pack.stages.items()}.get(
        stage, pack.stages["experience"]
    )
