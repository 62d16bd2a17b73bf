"""What a planned question is to find out, and what a good answer to it would show."""

from __future__ import annotations

from server.core.pack import Pack

_MOST = 4


def competency(pack: Pack, stage: str, family: str | None) -> str:
    """As the role family has it; ``family`` None: as any has."""
    return pack.competency(family, stage).name


def rubric(pack: Pack, stage: str, family: str | None) -> tuple[str, ...]:
    """What the family's work shows at this stage, then what any answer to it would."""
    own, anybody = pack.competency(family, stage), pack.competency(None, stage)
    lines = own.lines if own is anybody else (*own.lines, *anybody.lines)
    return tuple(line.text for line in lines)[:_MOST]
