"""How one interview is held: its template, what its opening adds, what its candidate needs, and the
wording that its organisation had when it was created."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import msgspec
import structlog

from server.core.pack import Packs
from server.core.rules import Rules
from server.language.overlay import Wording, WordingError, laid_over, settled
from server.language.speech import Pack
from server.store import openings, templates, wordings
from server.store.interviews import StoredInterview
from server.store.invitations import Adjustments

MORE_TIME: Final = 1.5
"""As much of every pause and of the interview as others have, for who needs more."""
SLOWER: Final = 0.8
"""The rate of the voice, for who needs it slower."""

log = structlog.get_logger()


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
        longer = agreed.rules.lasting(agreed.rules.minutes * (MORE_TIME - 1))
        agreed = replace(agreed, rules=longer, pace=agreed.pace * MORE_TIME)
    return replace(agreed, voice_rate=SLOWER) if needs.slower_voice else agreed


def packs_of(interview: StoredInterview, packs: Packs[Pack]) -> Packs[Pack]:
    """The packs in the words of its organisation. What viva itself says otherwise by now than when
    it was put in other words is said in its own."""
    if not interview.wording:
        return packs
    worded = dict(packs.by_language)
    for language, stored in interview.wording.items():
        if (pack := worded.get(language)) is not None:
            worded[language] = _worded(pack, wordings.read(stored))
    return replace(packs, by_language=worded)


def _worded(pack: Pack, wording: Wording) -> Pack:
    try:
        return laid_over(pack, settled(pack, wording).own)
    except WordingError as error:  # it was right by the rules of an older viva
        places = [fault.at for fault in error.faults]
        log.warning("own wording left out", language=pack.language, places=places)
        return pack


def adjustments_of(interview: StoredInterview) -> Adjustments:
    return msgspec.convert(interview.adjustments or {}, Adjustments)


def _for(opening: openings.Opening, rules: Rules) -> Rules:
    return replace(
        rules,
        languages=opening.languages or rules.languages,
        common=opening.questions,
        company=(*rules.company, *opening.company),
        weights={one.name: one.weight for one in opening.competencies},
    )
