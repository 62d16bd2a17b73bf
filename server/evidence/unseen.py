"""What whoever looks for evidence does not see: who the candidate is, how old, of which school, and
what they only say to win time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from server.language.persons import AGE, called

MARK: Final = "▢"
_EDGES: Final = ".,!?…·;:\"'()[]“”‘’"


def hidden(resume: Mapping[str, Any]) -> list[str]:
    """What of the résumé names the person or a school, the longest first."""
    return sorted({one for one in _names(resume) if len(one) > 1}, key=lambda one: -len(one))


def _names(resume: Mapping[str, Any]) -> Iterator[str]:
    header = resume.get("header") or {}
    for name in (header.get("name"), header.get("name_alt")):
        if isinstance(name, str) and name.strip():
            yield from called(name.strip())
    for school in resume.get("education") or ():
        named = school.get("institution") if isinstance(school, Mapping) else None
        if isinstance(named, str) and named.strip():
            yield named.strip()


def veiled(text: str, names: Collection[str], fillers: Collection[str]) -> str:
    """The text as it is shown to a model."""
    for name in names:
        text = re.sub(rf"(?<![^\W_]){re.escape(name)}", MARK, text, flags=re.IGNORECASE)
    text = AGE.sub(MARK, text)
    kept = [word for word in text.split() if word.strip(_EDGES).casefold() not in fillers]
    return " ".join(kept)
