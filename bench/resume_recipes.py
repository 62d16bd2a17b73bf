"""Heads of entries composed at random: what stands in which row, where the dates are, what is bold.

Templates differ in these few choices and combine them freely; the fixed ways in
``bench.resume_heads`` are what single ones do.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.resume_sheet import Parts, Sheet

_PRINTS = (
    "bold",
    "bold",
    "plain",
    "plain",
    "italic",
    "grey",
    "large",
    "large bold",
    "accent",
    "caps bold",
)
_JOINS = (" ", " ", ", ", ", ", " | ", " - ", " – ", " — ", " · ", " • ", " / ", " @ ", "  ")
_ONE_ROW = ("right", "right", "join", "bracket", "left", "under")
_ROWS = (
    "right",
    "right",
    "right_second",
    "join_second",
    "own",
    "bracket_second",
    "left",
    "left_over",
    "stacked",
    "last",
)


@dataclass(frozen=True)
class Recipe:
    """``first`` leads ('a', the employer, or 'b', the title); the second stands beside it or below."""

    first: str
    below: bool
    date: str
    place: str
    extra: str
    prints: tuple[str, str, str]
    join: str
    marker: str
    link: bool

    @property
    def unseen(self) -> bool:
        """It is one of the ways that are held out when they are to be new to the reader."""
        if self.first == "b" and not self.below:
            return self.date == "under"
        if self.first == "b":
            return self.date == "bracket"
        return self.below and self.date in ("join", "left")


def draw(dice: random.Random) -> Recipe:
    below = dice.random() < 0.7
    one, other, join = dice.choice(_PRINTS), dice.choice(_PRINTS), dice.choice(_JOINS)
    if not join.strip() and one == other:  # nothing would tell them apart
        join = ", "
    return Recipe(
        dice.choice("ab"), below, dice.choice(_ROWS if below else _ONE_ROW),
        dice.choice(("beside_first", "beside_second", "right_other", "with_date", "own")),
        dice.choice(("first", "second", "own")),
        (one, other, dice.choice(("plain", "grey", "italic", "bold", "accent"))),
        join, dice.choice(("", "", "", "", "• ", "■ ", "○ ", "\uf111 ")),
        dice.random() < 0.08,
    )  # fmt: skip


def recipe(dice: random.Random, held_out: bool) -> Recipe:
    """One that is not among those held out, unless these are wanted."""
    while (found := draw(dice)).unseen and not held_out:
        pass
    return found


def _set(how: str, text: str) -> str:
    return f'<span class="{how}">{text}</span>' if text else ""


def _join(how: str, *parts: str) -> str:
    return how.join(part for part in parts if part)


def head_free(s: Sheet, p: Parts) -> str:
    how = s.style.school_recipe if s.section == "education" else s.style.recipe
    one, two = (p["a"], p["b"]) if how.first == "a" else (p["b"], p["a"])
    first, second = _set(how.prints[0], one), _set(how.prints[1], two)
    date = _set(how.prints[2], p["stacked" if how.date == "stacked" else "date"])
    rights = ["", ""]
    own: list[str] = []
    place = p["place"]
    if how.extra == "first":
        first = _join(how.join, first, p["extra"])
    elif how.extra == "second":
        second = _join(how.join, second, p["extra"])
    else:
        own.append(p["extra"])
    if how.place == "with_date" and how.date in ("own", "under", "last"):
        date = _join(how.join, date, place)
    elif how.place == "beside_first":
        first = _join(", ", first, place)
    elif how.place == "right_other" and how.date in ("right", "right_second") and how.below:
        rights[how.date == "right"] = place
    elif how.place == "own":
        own.append(place)
    else:
        second = _join(", ", second, place)
    return _rows(s, how, first, second, date, rights, own)


def _rows(
    s: Sheet, how: Recipe, first: str, second: str, date: str, rights: list[str], own: list[str]
) -> str:
    left = date if how.date in ("left", "left_over", "stacked") else ""
    if how.date in ("right", "right_second"):
        rights[how.date == "right_second"] = date
    elif how.date.startswith(("join", "bracket")):
        first, second = _inline(how, first, second, date)
    elif how.date == "own":
        second = f"{_line(date)}{second}" if how.below else second
    elif not left:
        own = [*own[:1], date, *own[1:]] if how.date == "last" else [date, *own]
    if how.date == "left_over":
        left, first = f"{date}<div>{first}</div>", ""
    rows = [_line(first, rights[0]), _line(second, rights[1])]
    if not how.below:
        rows = [_line(_join(how.join, first, second), rights[0])]
    rows += [_line(each) for each in own]
    if how.link:
        rows.append(_line(s.t("text", "https://www.example.com")))
    if how.marker and rows[0]:
        rows[0] = rows[0].replace("<span>", f"<span>{s.t('text', how.marker)}", 1)
    head = "".join(rows)
    return f"<td class=when>{left}</td><td>{head}" if left else head


def _inline(how: Recipe, first: str, second: str, date: str) -> tuple[str, str]:
    """The dates after the first or the second, in brackets or joined."""
    later = how.date.endswith("second") and second
    one = second if later else first
    one = f"{one} ({date})" if how.date.startswith("bracket") else _join(how.join, one, date)
    return (first, one) if later else (one, second)


def _line(left: str, right: str = "") -> str:
    if not left and not right:
        return ""
    aside = f"<span class=right>{right}</span>" if right else ""
    return f"<div class=row><span>{left}</span>{aside}</div>"
