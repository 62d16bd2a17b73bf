"""Candidates of one opening beside each other: what they were asked alike stands in one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Planned:
    """A question of one candidate's plan. ``texts``: as it is worded, in every language."""

    question_id: str
    ordinal: int
    texts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """``questions``: of each candidate the one that stands here, None where they have none."""

    questions: tuple[Planned | None, ...]

    @property
    def common(self) -> bool:
        """Everybody has it."""
        return all(self.questions)


def aligned(plans: Sequence[Sequence[Planned]]) -> list[Row]:
    """What is worded alike in any language is the same question, wherever it stands in a plan. In
    the order of the first plan that has it; what only one candidate was asked comes last."""
    rows: list[list[Planned | None]] = []
    for place, plan in enumerate(plans):
        for question in sorted(plan, key=lambda one: one.ordinal):
            row = next((one for one in rows if one[place] is None and _same(one, question)), None)
            if row is None:
                row = [None] * len(plans)
                rows.append(row)
            row[place] = question
    shared = [row for row in rows if sum(one is not None for one in row) > 1]
    alone = [row for row in rows if sum(one is not None for one in row) == 1]
    return [Row(tuple(row)) for row in (*shared, *alone)]


def _same(row: Sequence[Planned | None], question: Planned) -> bool:
    return any(one is not None and one.texts & question.texts for one in row)
