"""How one interview is held: its template, what its opening adds, and what its candidate needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from server.core.rules import Rules
from server.store import openings, templates
from server.store.interviews import StoredInterview
from server.store.invitations import Adjustments

MORE_TIME: Final = 1.5
"""As much of every pause and of the interview as others have, for who needs more."""
SLOWER: Final = 0.8
"""The rate of the voice, for who needs it slower."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """``pace``: 1 is an interview's usual patience; ``voice_rate``: 1 is the voice's usual one."""

    rules: Rules
    pace: float = 1.0
    voice_rate: float = 1.0


def conduct(interview: StoredInterview, usual: Rules | None = None) -> Conduct:
    """``usual``: where the interview has no template."""
    agreed = Conduct(usual or Rules())
    if interview.template is not None:
        template = templates.read(interview.template)
        agreed = Conduct(template.rules(), template.pace)
    if interview.opening is not None:
        agreed = replace(agreed, rules=_for(openings.read(interview.opening), agreed.rules))
    needs = adjustments_of(interview)
    if needs.more_time:
        agreed = replace(agreed, rules=_longer(agreed.rules), pace=agreed.pace * MORE_TIME)
    return replace(agreed, voice_rate=SLOWER) if needs.slower_voice else agreed


def adjustments_of(interview: StoredInterview) -> Adjustments:
    return msgspec.convert(interview.adjustments or {}, Adjustments)


def _for(opening: openings.Opening, rules: Rules) -> Rules:
    return replace(
        rules,
        languages=opening.languages or rules.languages,
        common=opening.questions,
        company=(*rules.company, *opening.company),
    )


def _longer(rules: Rules) -> Rules:
    stages = tuple(
        replace(stage, minutes=None if stage.minutes is None else stage.minutes * MORE_TIME)
        for stage in rules.stages
    )
    return replace(rules, minutes=rules.minutes * MORE_TIME, stages=stages)
