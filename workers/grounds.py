"""What in a résumé a question rests on: the entries that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from server.core.events import RestsOn
from server.document.confidence import is_sure
from workers.reading.words import pattern

_NAMES = (
    ("projects", ("name",)),
    ("work", ("name", "position")),
    ("certificates", ("name",)),
    ("awards", ("title",)),
    ("education", ("area",)),
)
_TEXTS = (
    ("projects", ("description",)),
    ("work", ("summary",)),
    ("selfIntroduction", ("answer",)),
)
_MOST = 3
_SHORTEST = 2
_LONGEST_QUOTE = 160
_LONGEST_WORDLIKE = 4
"""Up to here a name has to be written as the résumé writes it: Go is not go."""
_FORM = rf"{pattern('forms_left_out')}|,?\s(?:Inc|Ltd|LLC|Corp|Co|GmbH)\.?(?=\s|$)"
"""What a company is by law, which nobody says."""
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]{2,}|[^\W\d_A-Za-z]{3,}|\d+(?:[.,]\d+)?%?")
_TERMS_IN_COMMON = 3


def rests_on(question: str, resume: Mapping[str, object]) -> tuple[RestsOn, ...]:
    """The names of the résumé that the question says, else the passage it shares most terms with,
    else the role; empty where the résumé states none of these."""
    named = [one for one in _names(resume) if _says(question, one.quote)]
    if named:
        return tuple(sorted(named, key=lambda one: -len(one.quote))[:_MOST])
    passage = _passage(question, resume)
    if passage is not None:
        return (passage,)
    header = resume.get("header")
    role = header.get("target_role") if isinstance(header, Mapping) else None
    if not isinstance(role, str) or not role.strip():
        return ()
    return (RestsOn("header.target_role", role.strip()[:_LONGEST_QUOTE]),)


def _names(resume: Mapping[str, object]) -> Iterator[RestsOn]:
    for section, fields in _NAMES:
        for at, entry in _entries(resume, section):
            for field in fields:
                value = entry.get(field)
                sure = is_sure(entry, "entry") and is_sure(entry, field)
                if sure and isinstance(value, str) and value.strip():
                    quote = value.strip()[:_LONGEST_QUOTE]
                    yield RestsOn(f"{section}[{at}].{field}", quote)
    for at, entry in _entries(resume, "skills"):
        keywords = entry.get("keywords")
        listed = list(keywords) if isinstance(keywords, list | tuple) else []
        for n, keyword in enumerate(listed):
            if isinstance(keyword, str) and keyword.strip():
                yield RestsOn(f"skills[{at}].keywords[{n}]", keyword.strip()[:_LONGEST_QUOTE])
        name = entry.get("name")
        if not listed and isinstance(name, str) and name.strip():
            yield RestsOn(f"skills[{at}].name", name.strip()[:_LONGEST_QUOTE])


def _passage(question: str, resume: Mapping[str, object]) -> RestsOn | None:
    asked = _terms(question)
    best, most = None, _TERMS_IN_COMMON - 1
    for passage in _passages(resume):
        shared = len(asked & _terms(passage.quote))
        if shared > most:
            best, most = passage, shared
    return best


def _passages(resume: Mapping[str, object]) -> Iterator[RestsOn]:
    for section, fields in _TEXTS:
        for at, entry in _entries(resume, section):
            for field in fields if is_sure(entry, "entry") else ():
                value = entry.get(field)
                if isinstance(value, str) and value.strip():
                    yield RestsOn(f"{section}[{at}].{field}", value.strip()[:_LONGEST_QUOTE])
    for section in ("work", "projects"):
        for at, entry in _entries(resume, section):
            highlights = entry.get("highlights") if is_sure(entry, "entry") else None
            for n, value in enumerate(highlights if isinstance(highlights, list | tuple) else ()):
                if isinstance(value, str) and value.strip():
                    path = f"{section}[{at}].highlights[{n}]"
                    yield RestsOn(path, value.strip()[:_LONGEST_QUOTE])


def _terms(text: str) -> set[str]:
    return {term.casefold() for term in _TERM.findall(text)}


def _entries(
    resume: Mapping[str, object], section: str
) -> Iterator[tuple[int, Mapping[str, object]]]:
    listed = resume.get(section)
    for at, entry in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if isinstance(entry, Mapping):
            yield at, entry


def _says(question: str, name: str) -> bool:
    """Also where the question leaves out the legal form and remarks around a name."""
    bare = re.sub(r"[(\[（].*$|[|:：,，;].*$", "", re.sub(_FORM, "", name)).strip()
    if len(bare) < _SHORTEST:
        return False
    pattern = rf"(?<![A-Za-z0-9]){re.escape(bare)}(?![A-Za-z0-9])"
    loosely = re.IGNORECASE if len(bare) > _LONGEST_WORDLIKE else 0
    return re.search(pattern, question, loosely) is not None
