"""Reads the packs, a folder for each language, and says of a wrong one what is wrong and where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from server.core.events import StageName
from server.core.pack import Packs
from server.core.understanding import Asks
from server.language import pages, schema
from server.language.families import Aspect, Family, Probe, Stage
from server.language.grammar import grammar
from server.language.instructions import Prompts
from server.language.marks import SLOT
from server.language.own_voice import is_own_voice
from server.language.roles import Roles
from server.language.sameness import same
from server.language.speech import GENERAL, Pack
from server.language.texts import (
    Fact,
    FactName,
    MailName,
    Manifest,
    Notice,
    Plural,
    Private,
    ResumeWords,
    Speech,
    Subject,
    Topic,
    Written,
)
from server.language.tongue import spoken

PACKS = Path(__file__).parent.parent / "packs"
FAMILIES = "families"

FILES: dict[str, Any] = {
    "pack": Manifest,
    "speech": Speech,
    "facts": Mapping[FactName, Fact],
    "probes": Mapping[Asks, Mapping[Aspect, Probe]],
    "stages": Mapping[StageName, Stage],
    "topics": Mapping[Private, Topic],
    "resume": ResumeWords,
    "prompts": Prompts,
    "notice": Notice,
    "pages": Mapping[str, str | Plural],
    "company": Mapping[str, Subject],
    "mail": Mapping[MailName, Written],
}
MAY_BE_LEFT_OUT: dict[str, Any] = {
    "resume": ResumeWords({}, {}),
    "pages": {},
    "company": {},
    "mail": {},
}
"""What a pack may do without: pages and mails then speak another language, and a template's facts
are told only to who asks for them in much the same words."""
_WHOLE: dict[str, tuple[str, ...]] = {
    "facts": get_args(FactName),
    "probes": (
        "introduction",
        "motivation",
        "practice",
        "story",
        "case",
        "view",
        "result",
        "reason",
        "lesson",
    ),
    "stages": get_args(StageName),
    "topics": ("other",),
}
"""Which keys a file has to have, where they are names of things that the code knows."""


class PackError(ValueError):
    """``problems``: a line each, with the file and the key."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("A language pack cannot be used:\n" + "\n".join(problems))


def shipped() -> Packs[Pack]:
    """The packs that come with viva. Raises `PackError` where one of them was broken."""
    return known(None)


@cache
def known(more: Path | None) -> Packs[Pack]:
    """The packs that come with viva and those of the folder ``more``, which take the place of the
    shipped one of their language. Raises `PackError`."""
    return together(read_all(PACKS) | (read_all(more) if more else {}))


def together(packs: Mapping[str, Pack]) -> Packs[Pack]:
    chosen = (language for language, pack in packs.items() if pack.manifest.otherwise)
    otherwise = next(chosen, next(iter(packs)))
    if problems := list(pages.strangers(packs, otherwise)):
        raise PackError(problems)
    return Packs(packs, otherwise, Roles(packs.values()).family, same, spoken, is_own_voice)


def read_all(folder: Path) -> dict[str, Pack]:
    """Every pack in ``folder`` by its language, in the order of their names.

    Raises `PackError` with the problems of all of them.
    """
    packs: dict[str, Pack] = {}
    problems: list[str] = []
    for each in sorted(path for path in folder.iterdir() if (path / "pack.toml").is_file()):
        try:
            packs[each.name] = read(each)
        except PackError as error:
            problems += error.problems
    if not packs and not problems:
        problems.append(f"{folder}: holds no pack; a pack is a folder with a pack.toml")
    if problems:
        raise PackError(problems)
    return packs


def read(folder: Path) -> Pack:
    """One pack; its folder's name is its language. Raises `PackError`."""
    language = folder.name
    problems = list(_strangers(folder))
    parts: dict[str, Any] = {}
    for name, type_ in FILES.items():
        parts[name] = _part(folder / f"{name}.toml", type_, problems)
    families = {
        path.stem: _part(path, Family, problems)
        for path in sorted((folder / FAMILIES).glob("*.toml"))
    }
    problems += _family_faults(folder / FAMILIES, families)
    if problems:
        raise PackError(problems)
    return Pack(
        language,
        parts["pack"],
        parts["speech"],
        parts["facts"],
        parts["probes"],
        parts["stages"],
        families,
        parts["topics"],
        parts["resume"],
        parts["prompts"],
        parts["notice"],
        parts["pages"],
        parts["company"],
        parts["mail"],
        grammar(language),
    )


def _part(path: Path, type_: Any, problems: list[str]) -> Any:
    if path.stem in MAY_BE_LEFT_OUT and not path.exists():
        return MAY_BE_LEFT_OUT[path.stem]
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        problems.append(f"{path}: is missing")
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path}: cannot be read: {error}")
        return None
    value, faults = schema.converted(data, type_)
    language = path.parent.parent.name if path.parent.name == FAMILIES else path.parent.name
    problems += [f"{path}: {fault}" for fault in faults]
    whole = _WHOLE.get(path.stem, ())
    problems += [f"{path}: {key}: is missing" for key in whole if key not in data]
    problems += [f"{path}: {fault}" for fault in wrong_particles(language, text)]
    return value


def wrong_particles(language: str, text: str) -> Iterator[str]:
    """Forms after a slot that this language's code does not know."""
    forms = grammar(language).particles
    for slot in SLOT.finditer(text):
        if slot[2] and slot[2] not in forms:
            known = f"known are {', '.join(forms)}" if forms else "this language has none"
            yield f"[{slot[2]}] after {{{slot[1]}}} is no particle; {known}"


def _family_faults(folder: Path, families: Mapping[str, Family | None]) -> Iterator[str]:
    """What one family's file cannot know: the others."""
    if GENERAL not in families:
        yield f"{folder / GENERAL}.toml: is missing; it is for any role"
    seen: dict[str, str] = {}
    for name, family in families.items():
        if family is None:
            continue
        path = folder / f"{name}.toml"
        if family.under not in (None, *families):
            yield f"{path}: under: there is no family {family.under}"
        for title in (*family.titles, *family.heads, *family.words, *family.otherwise):
            if (other := seen.setdefault(title.casefold(), name)) != name:
                yield f"{path}: {title} stands in {other}.toml as well; a title has one family"


def _strangers(folder: Path) -> Iterator[str]:
    """Files that nothing would read."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".toml" and path.stem not in FILES:
            yield f"{path}: is no file of a pack; known are {', '.join(FILES)}"


def differences(one: Pack, other: Pack) -> list[str]:
    """Where two languages would not ask the same: families, questions and what they look for."""
    found = [
        f"{pack.language}: {FAMILIES}/{name}.toml is missing, {than.language} has it"
        for pack, than in ((one, other), (other, one))
        for name in sorted(than.families.keys() - pack.families.keys())
    ]
    for name in sorted(one.families.keys() & other.families.keys()):
        shapes = (_shape(pack.families[name]) for pack in (one, other))
        found += _unlike(f"{FAMILIES}/{name}.toml", one.language, other.language, *shapes)
    stages = (
        {key: value for stage in pack.stages for key, value in _stage_shape(pack, stage).items()}
        for pack in (one, other)
    )
    return found + _unlike("stages.toml", one.language, other.language, *stages)


def _shape(family: Family) -> dict[str, object]:
    return {
        "question": [(question.stage, question.kind) for question in family.question],
        **{
            f"competency.{stage}": [line.aspect for line in competency.lines]
            for stage, competency in family.competency.items()
        },
    }


def _stage_shape(pack: Pack, stage: StageName) -> dict[str, object]:
    own = pack.stages[stage]
    return {
        f"{stage}.question": [question.kind for question in own.question],
        f"{stage}.kind": own.kind,
        f"{stage}.competency": [line.aspect for line in own.competency.lines],
    }


def _unlike(
    file: str, here: str, there: str, one: dict[str, object], other: dict[str, object]
) -> list[str]:
    return [
        f"{file}: {key} is {one.get(key)} in {here} and {other.get(key)} in {there}"
        for key in sorted(one.keys() | other.keys())
        if one.get(key) != other.get(key)
    ]
