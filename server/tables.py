"""The tables in the documentation that are made from the code: ``python -m server.tables``.

Each stands between ``<!-- NAME -->`` and ``<!-- end of NAME -->`` in its page.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo

from server import cli
from server.engines import registry
from server.environment import may_be
from server.manual import STATUSES, Parser
from server.settings import Settings, variable
from server.web import problems
from server.web.problems import Kind

NAMED: Final = re.compile(r"(?<![`\w-])((?:VIVA|DATABASE|REDIS)_[A-Z_]+|--[a-z][a-z-]+)(?![`\w])")
WORD: Final = re.compile(r"[\w.:/-]+")


def settings() -> str:
    """Every variable, what it is when it is not set, and what it is for; those of engines last."""
    fields = Settings.model_fields
    rows = [
        (f"`{variable(name)}`", _default(fields[name]), _meaning(fields[name]))
        for name in sorted(fields, key=lambda name: name not in Settings.__annotations__)
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
    kinds = {name: kind for name, kind in vars(problems).items() if isinstance(kind, Kind)}
    said: dict[tuple[str, int], list[str]] = {}
    for kind in kinds.values():
        for code in (kind.code, *kind.other_codes):
            said.setdefault((code, kind.status), []).append(kind.detail)
    rows = [
        (f"`{code}`", str(status), " Or: ".join(dict.fromkeys(details)))
        for (code, status), details in sorted(said.items())
    ]
    return _table(("code", "status", "what `detail` says"), rows)


TABLES: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "settings": ("docs/settings.md", settings),
    "engines": ("docs/deploy.md", engines),
    "problems": ("docs/problems.md", refusals),
    "commands": ("docs/cli.md", commands),
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
