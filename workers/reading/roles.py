"""Words that make a phrase the name of a job, in the languages of résumés."""

from __future__ import annotations

import re
from functools import lru_cache

from workers.reading.words import words

_WORDS = words("roles", "words")
_FIELDS = words("roles", "fields")
_ENDS = tuple(sorted(words("roles", "ends"), key=len, reverse=True))
_RANKS = words("history", "ranks") | words("roles", "posts")
_FIELD_ENDS = tuple(words("roles", "field_ends"))
_ABBREVIATIONS = re.compile(
    r"(?<![A-Za-z])(?:PM|PO|PL|PMO|DBA|SRE|QA|SE|MD|AE|TA|CEO|CTO|CFO|COO|UX|UI|UI/UX|DevOps|MLOps)"
    r"(?![A-Za-z])"
)
_LONG = 10
"""Longer Latin words may be compounds: 'Softwareentwickler'."""
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*", re.UNICODE)
_PLURAL = re.compile(r"(?<=[a-z]{3})s$")


@lru_cache(16_384)
def is_role_word(token: str) -> bool:
    """The word alone names somebody who works: 'engineer'."""
    plain = token.casefold().strip(".,:;!?()[]\"'“”")
    if plain in _WORDS or _PLURAL.sub("", plain) in _WORDS:
        return True
    if "-" in plain and plain.rsplit("-", 1)[1] in _WORDS:
        return True
    return plain.endswith(_ENDS) and (not plain.isascii() or len(plain) > _LONG)


@lru_cache(8_192)
def has_role_word(text: str) -> bool:
    return any(is_role_word(token) for token in _TOKEN.findall(text)) or bool(
        _ABBREVIATIONS.search(text) and len(text) < 40
    )


def names_a_field(text: str) -> bool:
    """The phrase names a line of work without a person: 'Product Design'."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return False
    last = tokens[-1].casefold()
    return last in _FIELDS or last.endswith(_FIELD_ENDS)


def names_a_post(text: str) -> bool:
    """What somebody does and their rank at it, in a language that says the rank last."""
    tokens = text.split()
    return len(tokens) > 1 and (tokens[-1] in _RANKS or names_a_field(text))


def role_word_at(tokens: list[str]) -> int | None:
    """Index of the last word of the first role phrase among the tokens, or None.

    'Head of Marketing' and 'Designer & Illustrator' are one phrase.
    """
    found = None
    for index, token in enumerate(tokens):
        if is_role_word(token):
            found = index
        elif found is not None and not _goes_on(tokens, index, found):
            break
        elif found is not None and token[:1].isupper():
            found = index
        if found == index and token.endswith((",", ".", ";", ":")):
            break
    return found


def _goes_on(tokens: list[str], index: int, found: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if tokens[index] in ("&", "and", "/"):
        return is_role_word(following)
    if tokens[index] == "of":
        return index == found + 1 and following[:1].isupper()
    return tokens[found + 1] == "of" and index == found + 2 and tokens[index][:1].isupper()
