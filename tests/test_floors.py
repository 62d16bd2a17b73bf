"""What can be seen without running: each module's floor (the linter sees only those named in
pyproject.toml), each migration's number."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.assets import share
from server.store.migrations import read_migrations

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]

PURE = {
    "__future__", "collections", "dataclasses", "difflib", "enum", "functools", "itertools", "json",
    "math", "re", "typing", "unicodedata", "uuid", "warnings", "zlib",
}  # fmt: skip
"""What the core may import of the standard library, and nothing else: no I/O, no clock, no chance.
``json`` as a text, ``uuid`` for ids made of names, ``zlib`` for its checksum."""
IMPURE = {
    "open", "print", "input", "exec", "eval", "compile", "globals", "__import__", "breakpoint",
    "uuid1", "uuid4",
}  # fmt: skip
FENCED = dict.fromkeys(("server.core.events", "server.core.understanding"), "server.core.events")
"""Count as one: the vocabulary, which is read as one."""
DEEPEST = 6
MOST_LINES = 5_000
"""Of the core: what somebody can read in a day."""


def layered(contract_id: str) -> set[str]:
    (contract,) = [one for one in CONTRACTS if one["id"] == contract_id]
    return set(re.findall(r"[a-z0-9_.]+", " ".join(contract["layers"])))


def modules(folder: str) -> set[str]:
    names = {path.stem for path in (ROOT / folder).glob("*.py")}
    names |= {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}
    return {f"{folder.replace('/', '.')}.{name}" for name in names - {"__init__"}}


@pytest.mark.parametrize(
    ("folder", "contract"),
    [
        ("server", "floors"),
        ("workers", "floors"),
        ("server/realtime", "realtime-floors"),
        ("server/engines", "engines-floors"),
        ("server/web", "web-floors"),
        ("server/store", "store-floors"),
        ("workers/reading", "reading-floors"),
        ("server/language", "language-floors"),
        ("server/wording", "wording-floors"),
        ("server/core", "core-floors"),
        ("server/core/events", "core-events-floors"),
        ("server/core/turn", "core-turn-floors"),
        ("server/core/dialogue", "core-dialogue-floors"),
    ],
)
def test_every_module_has_its_floor(folder: str, contract: str) -> None:
    own = (
        "workers.pdf_",
        "workers.pictures_",
        "workers.scan_",
        "workers.word_",
    )  # parts of what is so called
    parts = {name for name in modules(folder) if name.startswith(own)}
    assert modules(folder) - parts - layered(contract) == set()


def test_migrations_are_numbered_one_after_another() -> None:
    assert read_migrations(share("migrations"))


CORE = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "server/core").rglob("*.py")
}


def imported(module: str) -> Iterator[str]:
    """What a module of the core imports, a name of a package as the module it is."""
    for node in ast.walk(ast.parse(CORE[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in CORE else node.module


@pytest.mark.parametrize("module", sorted(CORE))
def test_the_core_is_pure(module: str) -> None:
    names = {name.split(".")[0] for name in imported(module) if not name.startswith("server.core")}
    assert names <= PURE
    tree = ast.parse(CORE[module].read_text("utf-8"))
    assert {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & IMPURE == set()


def test_the_core_can_be_read_in_a_day() -> None:
    lines = {module: path.read_text("utf-8").count("\n") for module, path in CORE.items()}
    assert sum(lines.values()) <= MOST_LINES, sorted(lines.items(), key=lambda one: -one[1])[:5]


def test_nothing_in_the_core_is_more_than_six_imports_deep() -> None:
    def fenced(module: str) -> str:
        within = (one for name, one in FENCED.items() if f"{module}.".startswith(f"{name}."))
        return next(within, module)

    graph: dict[str, set[str]] = {}
    for module in CORE:
        known = {fenced(name) for name in imported(module) if name in CORE} - {"server.core"}
        graph.setdefault(fenced(module), set()).update(known - {fenced(module)})

    def chain(module: str) -> list[str]:
        return [module, *max((chain(below) for below in graph[module]), key=len, default=[])]

    longest = max((chain(module) for module in graph), key=len)
    assert len(longest) - 1 <= DEEPEST, " > ".join(longest)
