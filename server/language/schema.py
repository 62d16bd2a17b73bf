"""Whether the texts of a pack's file are what their types say, all at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from server.language.marks import SLOT, Asked, Slots, Spoken

_LONGEST_QUESTION = 220
_MOST_SENTENCES = 2
_OPTIONAL = (
    "titles", "heads", "words", "otherwise", "question", "role_endings",
)  # fmt: skip
_EMPTY = "holds nothing; write at least one"
_QUOTATION = re.compile(r"[“”„«»「」『』\"*#`•]|(?<!\w)['‘’]|['‘’](?!\w)")
_SENTENCE = re.compile(r"(?<![.?!。？！؟])[.?!。？！؟]++(?=\s|$)")
_ASKING = re.compile(r"[?？؟]")


@dataclass(frozen=True, slots=True)
class Fault:
    """``at``: the key; ``code``: stable, for whoever says it in other words than ``said``."""

    at: str
    code: str
    said: str

    def __str__(self) -> str:
        return f"{self.at}: {self.said}"


def converted(data: object, type_: Any) -> tuple[Any, list[Fault]]:
    """``data`` as ``type_`` and what is wrong with it."""
    problems = list(_unlike(data, type_, ""))
    if problems:
        return None, problems
    value = msgspec.convert(data, type_)
    return value, list(_faults(value, type_, ""))


def _unlike(data: object, type_: Any, at: str) -> Iterator[Fault]:
    """Where ``data`` has not the shape of ``type_``."""
    inner = get_args(type_)
    if is_dataclass(type_) and isinstance(data, Mapping):
        yield from _unlike_record(data, type_, at)
    elif get_origin(type_) is Mapping and isinstance(data, Mapping):
        for key, inside in data.items():
            fault = _refused(key, inner[0])
            yield from (_told(at, fault),) if fault else _unlike(inside, inner[1], _join(at, key))
    elif get_origin(type_) is tuple and inner[-1] is ... and isinstance(data, list):
        for index, inside in enumerate(data):
            yield from _unlike(inside, inner[0], f"{at}[{index}]")
    elif fault := _refused(data, type_):
        yield _told(at, fault)


def _unlike_record(data: Mapping[str, object], type_: Any, at: str) -> Iterator[Fault]:
    """A misspelt optional key would be lost without a word, so an unknown one is told."""
    hints = _hints(type_)
    for key in data.keys() - hints.keys():
        close = get_close_matches(key, hints, 1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(hints)}"
        yield Fault(_join(at, key), "shape", f"is not known; {hint}")
    for one in fields(type_):
        if one.name in data:
            yield from _unlike(data[one.name], hints[one.name], _join(at, one.name))
        elif one.default is MISSING and one.default_factory is MISSING:
            yield Fault(_join(at, one.name), "shape", "is missing")


@cache
def _hints(type_: Any) -> dict[str, Any]:
    return get_type_hints(type_, include_extras=True)


def _refused(data: object, type_: Any) -> str | None:
    try:
        msgspec.convert(data, type_)
    except msgspec.ValidationError as error:
        return str(error).partition(" - at `")[0]
    return None


def _told(at: str, fault: str) -> Fault:
    return Fault(at or "the file", "shape", f"{fault[:1].lower()}{fault[1:]}")


def _join(at: str, key: object) -> str:
    return f"{at}.{key}" if at else str(key)


def _faults(value: object, type_: Any, at: str) -> Iterator[Fault]:
    """Every text that is not what its annotations ask for."""
    if isinstance(value, str):
        yield from (Fault(at, *fault) for fault in _text_faults(value, _marks(type_)))
    elif is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        for one in fields(value):
            inside = getattr(value, one.name)
            if inside != "" or one.default != "":  # an optional text may be left empty
                yield from _faults(inside, hints[one.name], _join(at, one.name))
    elif isinstance(value, Mapping):
        for key, inside in value.items():
            yield from _faults(inside, get_args(type_)[1], _join(at, key))
    elif isinstance(value, tuple) and not value:
        yield from () if _may_be_empty(at) else (Fault(at, "empty", _EMPTY),)
    elif isinstance(value, tuple):
        for index, inside in enumerate(value):
            yield from _faults(inside, get_args(type_)[0], f"{at}[{index}]")


def _may_be_empty(at: str) -> bool:
    """Lists that have a default; what is said has to have a wording."""
    return at.rpartition(".")[2] in _OPTIONAL


def _marks(type_: Any) -> tuple[object, ...]:
    """The annotations of a text's type, also inside ``X | None``."""
    found = getattr(type_, "__metadata__", ())
    return found or tuple(mark for part in get_args(type_) for mark in _marks(part))


def _text_faults(text: str, marks: Collection[object]) -> Iterator[tuple[str, str]]:
    """Code and words of each."""
    if not text.strip():
        yield "empty", "is empty"
        return
    allowed = [name for mark in marks if isinstance(mark, Slots) for name in mark.names]
    for slot in SLOT.finditer(text):
        if slot[1] not in allowed and marks:
            may = f"may be {', '.join(allowed)}" if allowed else "has no slot here"
            yield "slot", f"{{{slot[1]}}} is filled by nothing: it {may}"
    asked = any(isinstance(mark, Asked) for mark in marks)
    if asked or any(isinstance(mark, Spoken) for mark in marks):
        yield from _spoken_faults(text)
    if asked:
        yield from _question_faults(text)


def _spoken_faults(text: str) -> Iterator[tuple[str, str]]:
    if "\n" in text.strip():
        yield "lines", "is spoken, so it is one line"
    if found := _QUOTATION.search(text):
        yield "quoted", f"is spoken, so it has no {found[0]} in it"


def _question_faults(text: str) -> Iterator[tuple[str, str]]:
    if len(_ASKING.findall(text)) > 1:
        yield "several", "asks more than one question"
    if len(_SENTENCE.findall(text)) > _MOST_SENTENCES:
        yield "sentences", f"is longer than {_MOST_SENTENCES} sentences"
    if len(text) > _LONGEST_QUESTION:
        yield "long", f"is longer than {_LONGEST_QUESTION} characters"
