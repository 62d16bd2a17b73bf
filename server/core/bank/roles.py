"""From a role as written in a résumé, Korean or English, to the family of questions it gets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from server.core.bank import role_words

GENERAL = "general"
GENERAL_ROLE = "일반"
"""The role of an interview whose résumé states none."""

_KOREAN_PATTERNS = tuple((family, weight, re.compile(p)) for family, weight, p in role_words.KOREAN)
_ENGLISH_PATTERNS = tuple(
    (family, weight, re.compile(rf"(?<![a-z0-9])(?:{p})(?![a-z0-9])"))
    for family, weight, p in role_words.ENGLISH
)


def family(target_role: str) -> str:
    """The role family: ``security``, ``backend`` ... or ``general`` for what none is known for."""
    return _family(unicodedata.normalize("NFKC", target_role)[:200])


@lru_cache(maxsize=512)
def _family(role: str) -> str:
    role = re.sub(r"\s+", " ", role.casefold()).strip()
    outside = re.sub(r"[(\[{<][^)\]}>]*[)\]}>]?", " ", role).strip()
    return _heaviest(outside) or _heaviest(role) or GENERAL


def _heaviest(role: str) -> str | None:
    closed = re.sub(r"[\s·_-]", "", role)
    spaced = re.sub(r"[_·]|(?<=[가-힣])(?=[a-z])|(?<=[a-z])(?=[가-힣])", " ", role)
    found = [
        (weight, match.end() / max(len(text), 1), family)
        for text, patterns in ((closed, _KOREAN_PATTERNS), (spaced, _ENGLISH_PATTERNS))
        for family, weight, pattern in patterns
        for match in pattern.finditer(text)
    ]
    return max(found)[2] if found else None
