"""Which sentences show a line of the rubric: what a model replies, as far as it can be believed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from server.evidence.sentences import Sentence
from server.language import numerals

MOST_SENTENCES: Final = 6
MOST_WORDS: Final = 15
"""Of the reason for one line."""
Status = Literal["not_asked", "not_shown", "shown", "unread"]
"""``not_asked``: no question of it was asked. ``not_shown``: it was asked, and no sentence shows
it. ``unread``: no model has looked."""


class Unreadable(ValueError):
    """A reply that is not believed. ``str()``: which rule it breaks, without its words."""


@dataclass(frozen=True, slots=True)
class Found:
    """Of one line, by its place among the criterion's, from 0: numbers of sentences, the clearest
    first. The line after the last of the rubric is what the highest level asks beyond them."""

    line: int
    sentences: tuple[int, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that shows one line. ``runs``: in how many readings it was found."""

    line: int
    sentence: Sentence
    why: str = ""
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    status: Status
    statements: tuple[Statement, ...] = field(default=())


def read(reply: Mapping[str, Any], count: int, allowed: Collection[int]) -> list[Found]:
    """``count`` lines, each said once. Raises Unreadable: also where a number is none of
    ``allowed``, for whoever makes one up may have made up the others."""
    listed = reply.get("lines")
    if not isinstance(listed, list):
        raise Unreadable("no list of lines")
    found: dict[int, Found] = {}
    for item in listed:
        one = _found(item, count, allowed)
        if one.line in found:
            raise Unreadable("a line twice")
        found[one.line] = one
    if len(found) != count:
        raise Unreadable("a line is missing")
    return [found[line] for line in range(count)]


def _found(item: object, count: int, allowed: Collection[int]) -> Found:
    if not isinstance(item, Mapping):
        raise Unreadable("a line that is no object")
    line, numbers, why = item.get("line"), item.get("sentences"), item.get("why", "")
    if type(line) is not int or not 1 <= line <= count:
        raise Unreadable("no such line")
    if not isinstance(numbers, list) or any(type(one) is not int for one in numbers):
        raise Unreadable("sentences that are no numbers")
    if any(one not in allowed for one in numbers):
        raise Unreadable("a sentence out of range")
    said = " ".join(why.split()) if isinstance(why, str) else ""
    return Found(line - 1, tuple(dict.fromkeys(numbers))[:MOST_SENTENCES], said)


def sober(why: str, sources: Sequence[str], invents: Callable[[str, Sequence[str]], bool]) -> str:
    """The reason, or nothing where it is long or brings in a name or a number that the sentences
    and the line do not have. ``invents`` of a text and its sources."""
    counted = set(numerals.numbers(" ".join(sources)))
    figures = [word for word in why.split() if any(c.isdigit() for c in word)]
    added = set(numerals.numbers(" ".join(figures))) - counted
    if len(why.split()) > MOST_WORDS or added or invents(why, sources):
        return ""
    return why


def agreed(
    runs: Sequence[Sequence[Found]], sentences: Mapping[int, Sentence], lines: Sequence[str]
) -> list[Line]:
    """What most readings found. A sentence that is not there, or has no words, is no evidence."""
    return [
        Line(text, "shown" if shown else "not_shown", tuple(shown))
        for place, text in enumerate(lines)
        for shown in [_most(runs, place, sentences)]
    ]


def _most(
    runs: Sequence[Sequence[Found]], place: int, sentences: Mapping[int, Sentence]
) -> list[Statement]:
    votes: dict[int, int] = {}
    reasons: dict[int, str] = {}
    for run in runs:
        for number in run[place].sentences:
            votes[number] = votes.get(number, 0) + 1
            if run[place].why:
                reasons.setdefault(number, run[place].why)
    return [
        Statement(place, sentences[number], reasons.get(number, ""), count)
        for number, count in sorted(votes.items())
        if 2 * count > len(runs) and number in sentences and sentences[number].clear
    ]
