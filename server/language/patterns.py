"""Long regular expressions and lists of words, written over several lines."""

from __future__ import annotations

import re


def joined(text: str) -> str:
    """The pattern without its line breaks and the indentation after them; other spaces count."""
    return re.sub(r"\n\s*", "", text)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
