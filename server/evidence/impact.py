"""Whether decisions fall on groups unequally: selection rates and impact ratios, as New York City's
rule on automated employment decision tools asks (6 RCNY 5-301), from what people declared.

A number of people so small that it would tell of one of them is withheld.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

Sex = Literal["female", "male", "other"]
Race = Literal["hispanic", "white", "black", "pacific", "asian", "native", "two_or_more"]
SEXES: Final[tuple[Sex, ...]] = get_args(Sex)
RACES: Final[tuple[Race, ...]] = get_args(Race)
Dimension = Literal["sex", "race", "both"]

FEWEST: Final = 5
"""People of a category that is shown."""
FEWEST_DECIDED: Final = 20
"""People that were decided on, for anything to be shown."""
SMALL_SHARE: Final = 0.02
"""An auditor may leave a category below it out of the comparison (6 RCNY 5-301 (d))."""


@dataclass(frozen=True, slots=True)
class Declared:
    """So many people, who declared the same (None: not), and were selected or not."""

    sex: Sex | None
    race: Race | None
    selected: bool
    people: int


@dataclass(frozen=True, slots=True)
class Row:
    """``category``: a sex, a race, or both. ``rate``: of ``people`` those ``selected``; ``ratio``:
    that rate by the highest among the categories that are shown. All None where ``withheld``.
    ``small``: below 2 % of those who declared."""

    category: tuple[str, ...]
    people: int | None
    selected: int | None
    rate: float | None
    ratio: float | None
    withheld: bool
    small: bool


@dataclass(frozen=True, slots=True)
class Table:
    """``unknown``: people who were decided on and did not declare this."""

    dimension: Dimension
    rows: list[Row]
    unknown: int


@dataclass(frozen=True, slots=True)
class Impact:
    """``decided``: people whom somebody decided on, ``selected`` of them. ``tables`` is empty where
    these are too few for anything to be shown."""

    decided: int
    selected: int
    tables: list[Table]


def impact(found: Sequence[Declared]) -> Impact:
    decided = sum(one.people for one in found)
    selected = sum(one.people for one in found if one.selected)
    if decided < FEWEST_DECIDED:
        return Impact(decided, selected, [])
    categories: tuple[tuple[Dimension, Callable[[Declared], tuple[str, ...] | None]], ...] = (
        ("sex", lambda one: (one.sex,) if one.sex else None),
        ("race", lambda one: (one.race,) if one.race else None),
        ("both", lambda one: (one.race, one.sex) if one.race and one.sex else None),
    )
    tables = [_table(name, found, of, selected, decided) for name, of in categories]
    return Impact(decided, selected, tables)


def _table(
    dimension: Dimension,
    found: Sequence[Declared],
    of: Callable[[Declared], tuple[str, ...] | None],
    selected: int,
    decided: int,
) -> Table:
    people, went_on = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    unknown = 0
    for one in found:
        category = of(one)
        if category is None:
            unknown += one.people
        else:
            people[category] += one.people
            went_on[category] += one.people * one.selected
    hidden = _hidden(people, went_on, selected, decided)
    rates = {one: went_on[one] / people[one] for one in people if one not in hidden}
    highest = max(rates.values(), default=0.0)
    known = people.total()
    return Table(
        dimension,
        [
            _row(one, people[one], went_on[one], rates.get(one), highest, known)
            for one in sorted(people, key=_place)
        ],
        unknown,
    )


def _hidden(
    people: Counter[tuple[str, ...]],
    went_on: Counter[tuple[str, ...]],
    selected: int,
    decided: int,
) -> set[tuple[str, ...]]:
    """Too few of them; or all who were selected, or all who were not, are of it, so that of each of
    these it would be known. One alone could be counted from the others: then another goes along."""
    hidden = {
        one
        for one, count in people.items()
        if count < FEWEST or went_on[one] == selected or count - went_on[one] == decided - selected
    }
    shown = [one for one in people if one not in hidden]
    if len(hidden) == 1 and shown:
        hidden.add(min(shown, key=lambda one: (people[one], _place(one))))
    return hidden


def _row(
    category: tuple[str, ...],
    people: int,
    selected: int,
    rate: float | None,
    highest: float,
    known: int,
) -> Row:
    if rate is None:
        return Row(category, None, None, None, None, withheld=True, small=False)
    ratio = rate / highest if highest else None
    small = people < SMALL_SHARE * known
    return Row(category, people, selected, rate, ratio, withheld=False, small=small)


def _place(category: tuple[str, ...]) -> tuple[int, ...]:
    order = (*SEXES, *RACES)
    return tuple(order.index(one) for one in category)
