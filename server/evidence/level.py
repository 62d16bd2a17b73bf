"""The level that lines suggest, and whether several readings agree on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from server.evidence.lines import Found

Level = Literal["definitely_no", "no", "yes", "strong_yes"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
RUNS: Final = 7
"""Readings of the same, each with another order, wording and seed."""
AGREED: Final = 6
"""So many have to come to the same level for it to be suggested."""
FEWEST_FOR_ALL: Final = 3
"""Lines there must be for all of them to stand for the highest level, where nobody wrote what that
asks beyond them."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``level`` None: withheld, because the readings disagree or too few succeeded. ``spread``: how
    many readings came to each level; ``sentences``: the numbers it rests on."""

    level: Level | None
    agree: int
    runs: int
    spread: Mapping[Level, int] = field(default_factory=dict)
    sentences: tuple[int, ...] = ()


def level(shown: Sequence[bool], *, beyond: bool | None) -> Level:
    """A pure function of the lines found. ``shown``: of each line of the rubric that was asked,
    whether a sentence shows it. ``beyond``: whether one shows what the highest level asks besides;
    None where nobody wrote that.

    None shown is the lowest level, at most half the second, more than half the third; the fourth
    takes what is asked beyond the lines, or, where nothing is, all of three lines or more.
    """
    count, found = len(shown), sum(shown)
    if found == 0:
        return "definitely_no"
    if 2 * found <= count:
        return "no"
    every = found == count and count >= FEWEST_FOR_ALL
    return "strong_yes" if (every if beyond is None else beyond) else "yes"


def level_of(run: Sequence[Found], lines: int, *, anchored: bool) -> Level:
    """Of one reading of so many lines; ``anchored``: one more says what the highest level asks."""
    shown = [bool(one.sentences) for one in run[:lines]]
    return level(shown, beyond=bool(run[lines].sentences) if anchored else None)


def suggest(
    runs: Sequence[Sequence[Found]], lines: int, rests_on: Sequence[int], *, anchored: bool
) -> Suggestion:
    """``runs``: those that succeeded; ``rests_on``: the sentences that most of them found."""
    counted = Counter(level_of(run, lines, anchored=anchored) for run in runs)
    spread: dict[Level, int] = {one: counted[one] for one in LEVELS if counted[one]}
    if not spread:
        return Suggestion(None, 0, 0)
    most, agree = max(spread.items(), key=lambda one: one[1])
    # Where lines are shown to most readings, but by other sentences each time, nothing carries it.
    carried = bool(rests_on) or most == "definitely_no"
    suggested = most if agree >= AGREED and carried else None
    return Suggestion(suggested, agree, len(runs), spread, tuple(rests_on))
