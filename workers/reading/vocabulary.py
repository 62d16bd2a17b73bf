"""Shapes of words that speak for an employer, a school, a degree, a field, a department, a rank."""

from __future__ import annotations

import re
from functools import lru_cache

from workers.reading.labels import squash
from workers.reading.places import is_place
from workers.reading.roles import is_role_word
from workers.reading.words import listed, words

_WORD = re.compile(r"[^\W_][^\W_]*(?:[.'’&+-][^\W_]+)*\.?|\([^\W\d_]\)")
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KINDS = {
    "form": ("history", "forms"),
    "school": ("history", "schools"),
    "degree": ("history", "degrees"),
    "field": ("history", "areas"),
    "dept": ("history", "depts"),
    "rank": ("history", "ranks"),
    "score": ("history", "scores"),
}
_ENDS = {
    name: tuple(sorted((w for w in words(*where) if _EAST.search(w)), key=len, reverse=True))
    for name, where in _KINDS.items()
}
_WHOLE_ONLY = frozenset(("rank", "degree"))
"""Of these an Eastern word must be the whole token, or its end after more than one letter."""
_WHOLE = frozenset(squash(each) for each in listed("placeholders", "whole"))
_PARTS = listed("placeholders", "parts")
COLUMNS = (
    "date",
    "org",
    "dept",
    "title",
    "body",
    "school",
    "area",
    "degree",
    "score",
    "other",
    "project",
    "year",
    "month",
)
_COLUMN = {squash(word): name for name in COLUMNS for word in words("columns", name)}
_LABELS = frozenset(squash(word) for word in words("history", "labels"))


@lru_cache(16_384)
def shapes(token: str) -> frozenset[str]:
    """Which of the kinds the token has the shape of; 'role' and 'place' among them."""
    plain = token.casefold().strip(",;:!?\"'“”")
    found = {name for name in _KINDS if _is(name, plain)}
    if is_role_word(token):
        found.add("role")
    if is_place(token):
        found.add("place")
    return frozenset(found)


def _is(name: str, plain: str) -> bool:
    known = words(*_KINDS[name])
    if plain in known or plain.rstrip(".") in known:
        return True
    if not _EAST.search(plain):
        return name == "school" and plain.endswith(("schule", "universität", "gymnasium"))
    ends = _ENDS[name]
    longest = 1 if name in _WHOLE_ONLY else 0
    if any(plain.endswith(end) and len(plain) > len(end) + longest for end in ends):
        return True
    return name == "form" and any(plain.startswith(form) for form in ends if len(form) >= 3)


def ends_as_form(token: str) -> bool:
    """It ends as employers' names do; others only begin so: the department of solutions."""
    return token.casefold().endswith(_ENDS["form"])


def text_shapes(text: str) -> frozenset[str]:
    return frozenset(kind for token in _WORD.findall(text) for kind in shapes(token))


def column_kind(text: str) -> str | None:
    """What the cells under this column head are; None where it is no known head."""
    return _COLUMN.get(squash(text)) if len(text) < 24 else None


def is_inner_label(text: str) -> bool:
    """'Technologies': what tells of an entry begins with it."""
    return squash(text) in _LABELS


def happening(text: str) -> tuple[str, str, str] | None:
    """What the row says that began or ended, and where, in one word at its end.

    '株式会社… 入社' -> ('株式会社…', 'begins', 'work').
    """
    plain = text.rstrip(" 。.)）")
    for group in ("work", "school"):
        for what in ("begins", "ends"):
            for word in words("history", f"{what}_{group}"):
                if plain.endswith(word) and len(plain) > len(word) + 1:
                    return plain[: -len(word)].strip(" (（"), what, group
    return None


def goes_on(text: str) -> bool:
    """'現在に至る': what was told last has not ended."""
    return any(text.strip(" 。.").startswith(word) for word in words("history", "goes_on"))


@lru_cache(4_096)
def is_placeholder(text: str) -> bool:
    """What a template says where something should be: 'Your position or tagline here'."""
    plain = " ".join(text.casefold().split())
    return squash(plain) in _WHOLE or any(part in plain for part in _PARTS)
