"""Names out of a structured résumé that are fit to be said in a question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from server.core.events import Language

_LONGEST = 28
_MOST = 8
_PERIOD = re.compile(r"[(\[（【〔].*$|[|:：,，;·–—].*$|\s-\s.*$|\b(19|20)\d\d[./년-].*$")
_UNFIT = re.compile(r"[?!<>{}\[\]@\"“”‘’`*#=\\^~|_]|https?|www\.|\d{5,}|\.\s|[.]{2}")
_ENTITY = re.compile(
    r"^\s*+(㈜|\(주\)|주식회사\s+)"
    r"|(㈜|\(주\)|(?:,\s++|(?<!\s)\s++)(Inc|Ltd|LLC|Corp|Co|GmbH)\.?)\s*+$"
)


def names(resume: Mapping[str, object], language: Language) -> dict[str, tuple[str, ...]]:
    """``project``, ``company`` and ``skill`` names, each once, in the résumé's order."""
    return {
        "project": _fit(_field(resume, "projects", "name"), language),
        "company": _fit(_field(resume, "work", "name"), language),
        "skill": _fit(_skills(resume), language),
    }


def _entries(resume: Mapping[str, object], section: str) -> Iterator[Mapping[str, object]]:
    listed = resume.get(section)
    if isinstance(listed, list | tuple):
        yield from (entry for entry in listed if isinstance(entry, Mapping))


def _field(resume: Mapping[str, object], section: str, key: str) -> Iterator[object]:
    return (entry.get(key) for entry in _entries(resume, section))


def _skills(resume: Mapping[str, object]) -> Iterator[object]:
    """A skill's keywords are the skills; its name is one only where it has none."""
    for entry in _entries(resume, "skills"):
        keywords = entry.get("keywords")
        if isinstance(keywords, list | tuple) and keywords:
            yield from keywords
        else:
            yield entry.get("name")


def _fit(found: Iterator[object], language: Language) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for value in found:
        if isinstance(value, str) and (name := _spoken(value, language)):
            seen.setdefault(name.casefold(), name)
        if len(seen) == _MOST:
            break
    return tuple(seen.values())


def _spoken(value: str, language: Language) -> str | None:
    """The name without its legal form, dates and remarks; None for what is no name."""
    name = re.sub(r"\s+", " ", value[:200]).strip()
    name = _ENTITY.sub("", name)
    name = _PERIOD.sub("", name).strip(" .-'\"")
    if not 2 <= len(name) <= _LONGEST or len(name.split()) > 5 or _UNFIT.search(name):
        return None
    # An English voice cannot say Korean names; a Korean one spells Latin names well enough.
    foreign = r"[^\x20-\xff’–]" if language == "en" else r"[^\x20-\xffㄱ-ㅎ가-힣’–]"
    return None if re.search(foreign, name) or not re.search(r"[^\W\d]", name) else name
