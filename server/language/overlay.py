"""An organisation's own wording over a pack: which texts it may put in its own words, and the pack
with them. What is asked of whom, in which order and to what end stays the pack's: a question keeps
its kind, a rubric's line its aspect, so that interviews stay comparable in every language.

A text's place is its file and its key, ``families/backend: question[0].text``. Nothing that is
fitted on a pack's texts is fitted anew: what a question asks for stands beside it in the pack, and
samples of what candidates say cannot be worded by anybody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import msgspec

from server.core.events import StageName
from server.core.pack import Packs
from server.core.understanding import Asks
from server.language import schema
from server.language.families import Aspect, Family, Probe, Stage
from server.language.pack import FAMILIES, wrong_particles
from server.language.speech import Pack
from server.language.texts import Speech

_OPEN: Final[Mapping[str, tuple[Any, re.Pattern[str]]]] = {
    FAMILIES: (
        Family,
        re.compile(
            r"focus|competency\.\w{1,20}\.(?:name|levels\[\d\]|lines\[\d{1,3}\]\.text)"
            r"|question\[\d{1,3}\]\.(?:text|simpler)"
        ),
    ),
    "stages": (
        Mapping[StageName, Stage],
        re.compile(
            r"\w{1,20}\.(?:hints\[\d{1,3}\]|competency\.(?:name|levels\[\d\]|lines\[\d{1,3}\]\.text)"
            r"|question\[\d{1,3}\]\.(?:text|simpler))"
        ),
    ),
    "probes": (
        Mapping[Asks, Mapping[Aspect, Probe]],
        re.compile(r"\w{1,20}\.\w{1,20}\.(?:plain\[\d{1,3}\]|simpler)"),
    ),
    # The first words say that an AI asks, which the law has an opinion on, and what is said to
    # whoever is in danger was weighed word by word: neither is anybody's to change.
    "speech": (
        Speech,
        re.compile(
            r"bridge\..{1,40}|closing\..{1,40}|acknowledge\.(?!self_harm\b).{1,40}"
            r"|aside\.(?!agreed\b|declined\b).{1,40}"
        ),
    ),
}
"""What may be worded, by file: the type of what stands in it, and the keys."""
_STEP: Final = re.compile(r"(\w{1,40})|\[(\d{1,3})\]")
_CORE: Final = re.compile(r"question\[\d{1,3}\]\.text$")
_ASKED: Final = re.compile(r"question\[\d{1,3}\]\.|plain\[|simpler$|closing\.question$")
SEPARATOR: Final = ": "


@dataclass(frozen=True, slots=True)
class Own:
    """``text`` in place of ``over``, which is what the pack said when it was written."""

    text: str
    over: str


Wording = Mapping[str, Own]
"""By the place of the text."""


@dataclass(frozen=True, slots=True)
class Settled:
    """``own``: what holds over the pack as it is now, by place; ``stale``: what was written over a
    text that the pack does not have any more, and holds no longer."""

    own: Mapping[str, str]
    stale: Wording


class WordingError(ValueError):
    """``faults``: their ``at`` is the place."""

    def __init__(self, faults: list[schema.Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


def texts(pack: Pack) -> dict[str, str]:
    """Every text that an organisation may word itself, by its place, in the pack's order."""
    return {
        f"{file}{SEPARATOR}{key}": text
        for file, data in _files(pack).items()
        for key, text in _leaves(data, "")
        if _type(file)[1].fullmatch(key)
    }


def sort(place: str) -> Literal["question", "said", "rubric"]:
    """What stands there: something that is asked, something that is only said, or what an answer is
    looked at for, which nobody says aloud."""
    if "competency." in place:
        return "rubric"
    return "question" if _ASKED.search(place) else "said"


def settled(pack: Pack, wording: Wording) -> Settled:
    """Where the pack has the text that was put in other words in another place by now, it is that
    one which is worded."""
    known = texts(pack)
    own, stale = {}, {}
    for place, one in wording.items():
        found = place if known.get(place) == one.over else _moved(known, place, one.over)
        if found is None:
            stale[place] = one
        else:
            own[found] = one.text
    return Settled(own, stale)


def _moved(known: Mapping[str, str], place: str, over: str) -> str | None:
    """The only place of the same kind with this text."""
    kind = _kind(place)
    found = [at for at, text in known.items() if text == over and _kind(at) == kind]
    return found[0] if len(found) == 1 else None


def _kind(place: str) -> str:
    return re.sub(r"\[\d{1,3}\]", "[]", place)


def laid_over(pack: Pack, own: Mapping[str, str]) -> Pack:
    """``own``: texts by place. Raises WordingError, by the schema that packs are read by."""
    if not own:
        return pack
    faults = [
        schema.Fault(place, "unknown", "is no text of the pack that can be put in other words")
        for place in own.keys() - texts(pack).keys()
    ]
    if faults:
        raise WordingError(sorted(faults, key=lambda fault: fault.at))
    parts: dict[str, Any] = {}
    for file, data in _files(pack).items():
        changed = {key: text for at, text in own.items() for key in _keys(at, file)}
        if changed:
            parts[file], wrong = _changed(pack.language, file, data, changed)
            faults += wrong
    if faults:
        raise WordingError(faults)
    families = {file.partition("/")[2]: part for file, part in parts.items() if "/" in file}
    rest = {file: part for file, part in parts.items() if "/" not in file}
    return replace(pack, families={**pack.families, **families}, **rest)


def twice(pack: Pack, own: Mapping[str, str], packs: Packs[Pack]) -> Iterator[schema.Fault]:
    """Questions in own words that ask what another of their list does: one would not be asked.
    ``pack``: with them."""
    core = {place: text for place, text in texts(pack).items() if _CORE.search(place)}
    for place in own.keys() & core.keys():
        beside = place.partition("question[")[0]
        for other, text in core.items():
            if other != place and other.startswith(beside) and packs.same(own[place], text):
                yield schema.Fault(place, "twice", f"asks what {other} asks")
                break


def _files(pack: Pack) -> dict[str, Any]:
    """As they stand in the pack's files."""
    parts = {
        "speech": pack.speech,
        "stages": pack.stages,
        **{f"{FAMILIES}/{name}": family for name, family in pack.families.items()},
        "probes": pack.probes,
    }
    return {file: msgspec.json.decode(msgspec.json.encode(part)) for file, part in parts.items()}


def _type(file: str) -> tuple[Any, re.Pattern[str]]:
    return _OPEN[file.partition("/")[0]]


def _leaves(data: object, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield at, data
    elif isinstance(data, dict):
        for key, inside in data.items():
            yield from _leaves(inside, f"{at}.{key}" if at else key)
    elif isinstance(data, list):
        for index, inside in enumerate(data):
            yield from _leaves(inside, f"{at}[{index}]")


def _keys(place: str, file: str) -> Iterator[str]:
    of, _, key = place.partition(SEPARATOR)
    if of == file:
        yield key


def _changed(
    language: str, file: str, data: Any, changed: Mapping[str, str]
) -> tuple[Any, list[schema.Fault]]:
    faults = []
    for key, text in changed.items():
        _put(data, key, text)
        place = f"{file}{SEPARATOR}{key}"
        faults += [
            schema.Fault(place, "particle", said) for said in wrong_particles(language, text)
        ]
    value, wrong = schema.converted(data, _type(file)[0])
    return value, faults + [replace(one, at=f"{file}{SEPARATOR}{one.at}") for one in wrong]


def _put(data: Any, key: str, text: str) -> None:
    """``key`` is one of those that ``_leaves`` finds."""
    *steps, last = (name or int(index) for name, index in _STEP.findall(key))
    for step in steps:
        data = data[step]
    data[last] = text
