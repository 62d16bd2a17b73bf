"""A plan from the bank: which stages, which questions, with which of the résumé's names."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from server.core.bank import facts, questions
from server.core.bank.family import Family, Wording
from server.core.bank.roles import family
from server.core.events import Language
from server.core.korean import fill

STAGES = ("motivation", "experience", "knowledge", "problem_solving", "collaboration")
"""In the order they are asked, between the introduction and the closing."""

# Which stage gets the next question as a plan grows.
_PRIORITY = (
    "experience", "knowledge", "problem_solving", "collaboration", "motivation",
    "knowledge", "experience", "knowledge", "problem_solving", "experience",
)  # fmt: skip
_USES = 2
_SLOT = re.compile(r"\{(\w+)\}")


class Dealt(NamedTuple):
    stage: str
    text: str
    simpler: str


def plan(
    target_role: str,
    language: Language,
    resume: Mapping[str, object],
    count: int,
    *,
    seed: str = "",
) -> list[Dealt]:
    """``count`` questions in the order to ask them; fewer only when the bank runs out.

    The same arguments give the same plan; another ``seed`` gives other questions.
    """
    dealer = _Dealer(language, family(target_role), facts.names(resume, language), seed)
    dealt: list[Dealt] = []
    turn = 0
    while len(dealt) < count and dealer.left:
        stage = _PRIORITY[turn % len(_PRIORITY)]
        turn += 1
        wording = dealer.deal(stage)
        if wording is not None:
            dealt.append(Dealt(stage, *wording))
    return sorted(dealt, key=lambda question: STAGES.index(question.stage))


class _Dealer:
    """Deals each template once and each of the résumé's names in turn, ``_USES`` times."""

    def __init__(
        self, language: Language, name: str, names: Mapping[str, Sequence[str]], seed: str
    ) -> None:
        self._seed = seed
        self._names = {
            slot: sorted(found, key=self._order(slot)) * _USES for slot, found in names.items()
        }
        own, shared, resumed = questions.of(language, name)
        self._piles = {stage: list(self._pile(stage, own, shared, resumed)) for stage in STAGES}

    @property
    def left(self) -> bool:
        return any(self._piles.values())

    def deal(self, stage: str) -> Wording | None:
        pile = self._piles[stage]
        while pile:
            template = pile.pop(0)
            slots = set(_SLOT.findall(template.text))
            if all(self._names.get(slot) for slot in slots):
                names = {slot: self._names[slot].pop(0) for slot in slots}
                return Wording(*(fill(text, **names) for text in template))
        return None

    def _pile(self, stage: str, own: Family, shared: Family, resumed: Family) -> Iterator[Wording]:
        """Experience starts from the résumé, the rest from the role; what fits anybody is last,
        save in collaboration, where a role has few questions of its own."""
        if stage == "collaboration":
            every = (*own.of(stage), *resumed.of(stage), *shared.of(stage))
            yield from self._shuffled(every, stage)
            return
        sources = (resumed, own) if stage == "experience" else (own, resumed)
        piles = [self._shuffled(source.of(stage), stage) for source in sources]
        while any(piles):
            yield from [pile.pop(0) for pile in piles if pile]
        yield from self._shuffled(shared.of(stage), stage)

    def _shuffled(self, wordings: Sequence[Wording], stage: str) -> list[Wording]:
        place = self._order(stage)
        return sorted(wordings, key=lambda wording: place(wording.text))

    def _order(self, salt: str) -> Callable[[str], int]:
        return lambda item: zlib.crc32(f"{self._seed}|{salt}|{item}".encode(errors="replace"))
