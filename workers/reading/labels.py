"""What forms and résumés call things: labels in front of a value, in any common spelling."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, cast

from workers.reading.words import singles

LabelKind = Literal[
    "role", "weak_role", "objective", "company", "name", "name_alt", "reading", "email", "phone",
    "address", "other",
]  # fmt: skip

_UNWORDED = re.compile(r"[\W_]+")
_PARENTHESES = re.compile(r"[(（\[][^)）\]\n]{0,300}[)）\]]")


@lru_cache(16_384)
def squash(text: str) -> str:
    """Letters and digits only, in small letters: 'E-mail :' becomes 'email'."""
    return _UNWORDED.sub("", unicodedata.normalize("NFKC", text).casefold())


LABELS: dict[str, LabelKind] = {
    squash(word): cast("LabelKind", kind) for word, kind in singles("labels").items()
}
"""Those of kind 'other' are never a role, though some sound like one; a 'weak_role' is a label of
one only in the header."""


@lru_cache(8_192)
def label_kind(text: str) -> LabelKind | None:
    """The kind of label that the whole text is; parenthesised remarks do not count."""
    if len(text) > 60:
        return None
    kind = LABELS.get(squash(text))
    if kind is None and ("(" in text or "[" in text):
        kind = LABELS.get(squash(_PARENTHESES.sub("", text)))
    return kind
