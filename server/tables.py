"""The tables in the documentation that are made from the code: ``python -m server.tables``.

Each stands between ``<!-- NAME -->`` and ``<!-- end of NAME -->`` in its page.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import itertools
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from prometheus_client.metrics import MetricWrapperBase
from pydantic.fields import FieldInfo

from server import call_metrics, cli, metrics
from server.engines import registry
from server.environment import may_be
from server.language import pack
from server.language.families import Family
from server.language.marks import Asked, Slots, Spoken
from server.manual import STATUSES, Parser
from server.settings import Settings, variable
from server.web import problems, problems_accounts, problems_reports
from server.web.problems import Kind

NAMED: Final = re.compile(r"(?<![`\w-])((?:VIVA|DATABASE|REDIS)_[A-Z_]+|--[a-z][a-z-]+)(?![`\w])")
WORD: Final = re.compile(r"[\w.:/-]+")


def settings() -> str:
    """Every variable, what it is when it is not set, and what it is for; those of engines last."""
    known = Settings.model_fields
    rows = [
        (f"`{variable(name)}`", _default(known[name]), _meaning(known[name]))
        for name in sorted(known, key=lambda name: name not in Settings.__annotations__)
    ]
    return _table(("variable", "default", "what it is"), rows)


def engines() -> str:
    """Every engine, the best of its role first, and by which variables it is set."""
    rows = []
    for role in registry.roles():
        for row in registry.rows(role):
            names = [f"`{variable(name)}`" for name in row.settings.model_fields]
            languages = ", ".join(row.covers) or "any"
            rows.append((role, row.name, row.what, languages, " ".join(names) or "–"))
    return _table(("role", "engine", "what it is", "languages", "set by"), rows)


def commands() -> str:
    """Every word of the command, as ``--help`` explains it, in its groups."""
    known = cli.parser()
    words, parts = known.words(), []
    for title, names in known.groups.items():
        parts.append(f"## {title[0].upper()}{title[1:]}")
        parts += [one for name in names for one in _command(f"viva {name}", words[name][1])]
    return "\n\n".join(parts)


def _command(name: str, one: Parser) -> Iterator[str]:
    if inner := one.words():
        for word, (_, parser) in inner.items():
            yield from _command(f"{name} {word}", parser)
        return
    yield f"### {name}"
    yield from (_as_code(part) for part in str(one.description).split("\n\n"))
    if rows := [_argument(action) for action in one.arguments()]:
        yield _table(("argument", "what it is"), rows)
    own = {status: what for status, what in one.statuses.items() if STATUSES.get(status) != what}
    if own:
        yield "Exit status " + "; ".join(
            f"**{status}**: {_as_code(what)}" for status, what in own.items()
        )
    if one.examples:
        lines = "\n".join(f"{line}   # {what}" for line, what in one.examples)
        yield f"```\n{lines}\n```"


def _argument(action: argparse.Action) -> tuple[str, str]:
    name = ", ".join(action.option_strings) or str(action.metavar or "|".join(action.choices or ()))
    value = action.metavar or ("|".join(action.choices) if action.choices else action.dest.upper())
    if action.option_strings and action.nargs != 0:
        name = f"{name} {value}"
    if action.nargs == "+":
        name = f"{name} …"
    told = str(action.help).replace("%(default)s", str(action.default))
    return f"`{name}`".replace("|", "\\|"), _as_code(told)


def _as_code(text: str) -> str:
    """Variables and options are set as such."""
    return NAMED.sub(r"`\1`", text)


def refusals() -> str:
    """Every code of a problem, in order, with what is said under it."""
    kinds = {
        name: kind
        for module in (problems, problems_accounts, problems_reports)
        for name, kind in vars(module).items()
        if isinstance(kind, Kind)
    }
    said: dict[tuple[str, int], list[str]] = {}
    for kind in kinds.values():
        for code in (kind.code, *kind.other_codes):
            said.setdefault((code, kind.status), []).append(kind.detail)
    rows = [
        (f"`{code}`", str(status), " Or: ".join(dict.fromkeys(details)))
        for (code, status), details in sorted(said.items())
    ]
    return _table(("code", "status", "what `detail` says"), rows)


def figures() -> str:
    """What is measured, with what its labels may be where that is fixed."""
    named = {**vars(metrics), **vars(call_metrics)}.values()
    there = {one for one in named if isinstance(one, MetricWrapperBase)}
    fixed = {**metrics.FIXED, **call_metrics.FIXED}
    rows = []
    for one in there:
        (family,) = one.describe()
        values = ", ".join(f"`{value}`" for value in fixed.get(one, ()))
        labels = ", ".join(f"`{name}`" for name in one._labelnames)  # noqa: SLF001 - has no other way
        told = f"{labels} ({values})" if values else labels or "–"
        rows.append((f"`{family.name}`", family.type, told, family.documentation))
    return _table(("name", "kind", "labels", "what it is"), sorted(rows))


def packs() -> str:
    """Every key of the files of a language pack, and what it is for."""
    files = {f"{name}.toml": type_ for name, type_ in pack.FILES.items()}
    parts = []
    for name, type_ in {**files, f"{pack.FAMILIES}/NAME.toml": Family}.items():
        parts.append(f"## {name}")
        if name.removesuffix(".toml") in pack.MAY_BE_LEFT_OUT:
            parts.append("The file may be left out.")
        parts.append(_table(("key", "what it is", "what it holds"), _keys(type_, "")))
    return "\n\n".join(parts)


def _keys(type_: Any, at: str) -> Iterator[tuple[str, str, str]]:
    """Of a type of the packs' schema and those inside it; ``[]`` is one of several."""
    inner = get_args(type_)
    if is_dataclass(type_) and isinstance(type_, type):
        hints, said = get_type_hints(type_, include_extras=True), _said_of(type_)
        for one in fields(type_):
            key = f"{at}.{one.name}" if at else one.name
            optional = one.default is not MISSING or one.default_factory is not MISSING
            if one.name in said:
                holds = _holds(hints[one.name]) + ("; may be left out" if optional else "")
                yield f"`{key}`", said[one.name], holds
            yield from _keys(hints[one.name], key)
    elif get_origin(type_) is Mapping:
        name = "NAME" if "NAME" not in at else "KIND"
        if isinstance(inner[1], UnionType):
            yield f"`{name}`", "A text of the pages, by its name", "a text, or by a number:"
        elif names := get_args(inner[0]):
            yield f"`{at}.{name}`" if at else f"`{name}`", "one of these", _either(names)
        yield from _keys(inner[1], f"{at}.{name}" if at else name)
    elif get_origin(type_) is tuple and inner[-1] is ...:
        yield from _keys(inner[0], f"{at}[]")
    else:
        yield from (row for one in inner for row in _keys(one, at) if is_dataclass(one))


def _said_of(type_: type) -> dict[str, str]:
    """Of each field the string that stands below it in the source."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(type_))).body
    assert isinstance(made, ast.ClassDef)
    said = {}
    for one, below in itertools.pairwise(made.body):
        if isinstance(one, ast.AnnAssign) and isinstance(below, ast.Expr):
            said[ast.unparse(one.target)] = " ".join(ast.literal_eval(below.value).split())
    return said


def _holds(hint: Any) -> str:
    """What a value of the packs' schema may be."""
    inner, marks = get_args(hint), getattr(hint, "__metadata__", ())
    if marks:
        slots = [
            f"`{{{name}}}`" for mark in marks if isinstance(mark, Slots) for name in mark.names
        ]
        asked, spoken = (any(isinstance(mark, kind) for mark in marks) for kind in (Asked, Spoken))
        what = "a question" if asked else "words that are spoken" if spoken else "a text"
        return f"{what}, with {', '.join(slots)}" if slots else what
    if get_origin(hint) is tuple:
        many = "several" if inner[-1] is ... else {2: "two", 4: "four"}[len(inner)]
        return f"{many}: {_holds(inner[0])}"
    if get_origin(hint) is Mapping:
        return "a table"
    if get_origin(hint) is Literal:
        return _either(inner)
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        return _holds(inner[0])
    return {str: "a text", bool: "`true` or `false`"}.get(hint, "a table")


def _either(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


TABLES: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "settings": ("docs/settings.md", settings),
    "engines": ("docs/deploy.md", engines),
    "problems": ("docs/problems.md", refusals),
    "commands": ("docs/cli.md", commands),
    "metrics": ("docs/metrics.md", figures),
    "packs": ("docs/packs.md", packs),
}


def renewed(page: str, name: str, table: str) -> str:
    """The page with this table in its place. Raises ValueError where it has no place for it."""
    place = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    found, times = place.subn(lambda match: f"{match[1]}{table}\n{match[2]}", page)
    if times != 1:
        raise ValueError(f"the page has {times} places for the table {name}")
    return found


def _default(field: FieldInfo) -> str:
    if isinstance(field.json_schema_extra, dict) and "default" in field.json_schema_extra:
        return str(field.json_schema_extra["default"])
    value: Any = field.default
    if isinstance(value, tuple):
        value = ",".join(value)
    return "–" if value is None or value in ("", {}) else f"`{value}`"


def _meaning(field: FieldInfo) -> str:
    words = may_be(field).replace("a number from ", "").replace(" to ", "–")
    if words and "`" not in words and all(WORD.fullmatch(one) for one in words.split(", ")):
        words = words if words[0].isdigit() else ", ".join(f"`{one}`" for one in words.split(", "))
    return f"{field.description}: {words}" if words else str(field.description)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
    for name, (path, table) in TABLES.items():
        page = root / path
        page.write_text(renewed(page.read_text(), name, table()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
