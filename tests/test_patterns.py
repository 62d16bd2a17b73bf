"""No pattern takes long on any text: people, files and models write what they like."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

import pytest

import server
import workers

LENGTH = 4_000
AT_MOST_S = 0.060
"""Twice what the slowest takes on an idle machine: beside others CPU time, too, is more. What grows
with the square of the text takes twice as long as this and more."""
ROOT = Path(__file__).resolve().parents[1]
METHODS = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")

# How a pattern is read is the standard library's own business; mypy knows nothing of it.
PARSER: Any = importlib.import_module("re._parser")


def module_names() -> list[str]:
    found = [
        module.name
        for package in (server, workers)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]
    return sorted(found)


def held(value: object, depth: int = 4) -> Iterator[re.Pattern[str]]:
    """Patterns in a module's value, however they are wrapped."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, Mapping):
        yield from (one for inner in value.items() for one in held(inner, depth - 1))
    elif depth and isinstance(value, list | tuple | set | frozenset):
        yield from (one for inner in value for one in held(inner, depth - 1))
    elif depth and type(value).__module__.startswith(("server.", "workers.")):
        names = [*getattr(type(value), "__slots__", ()), *getattr(value, "__dict__", ())]
        yield from (one for name in names for one in held(getattr(value, name, None), depth - 1))


@cache
def uses() -> dict[str, set[str]]:
    """By which methods a name of a pattern is used, anywhere in the sources."""
    found: dict[str, set[str]] = {}
    for path in sources():
        for name, method in re.findall(rf"\b(\w+)\.({'|'.join(METHODS)})\(", path.read_text()):
            found.setdefault(name, set()).add(method)
    return found


def sources() -> list[Path]:
    return [path for package in ("server", "workers") for path in (ROOT / package).rglob("*.py")]


def compiled() -> Iterator[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Module by module: where it is, the pattern, and the methods that are used."""
    for name in module_names():
        for key, value in vars(importlib.import_module(name)).items():
            methods = uses().get(key, {"search", "fullmatch"})
            if not key.startswith("__") and getattr(value, "__module__", name) is not None:
                for pattern in held(value):
                    yield f"{name}.{key}", pattern, frozenset(methods)


def inline() -> Iterator[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Written where it is used: ``re.sub("…", …)``."""
    for path in sources():
        text = path.read_text()
        for node in ast.walk(ast.parse(text if "re." in text else "")):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name("re"), attr=method),
                    args=[ast.Constant(str(pattern)), *_],
                ) if method in METHODS:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield where, re.compile(pattern), frozenset({method})


@cache
def patterns() -> list[Any]:
    found: dict[tuple[str, int], tuple[str, re.Pattern[str], frozenset[str]]] = {}
    for where, pattern, methods in [*compiled(), *inline()]:
        key = pattern.pattern, pattern.flags
        _, _, before = found.get(key, (where, pattern, frozenset()))
        found[key] = where, pattern, methods | before
    return [pytest.param(pattern, methods, id=where) for where, pattern, methods in found.values()]


# What might take long: what a repetition takes, over and over, after what leads to it.


def letters(items: Iterable[Any]) -> list[str]:
    """A few that a set of characters takes."""
    negated, some = False, []
    for op, value in items:
        match str(op):
            case "NEGATE":
                negated = True
            case "LITERAL":
                some.append(chr(value))
            case "RANGE":
                some += [chr(value[0]), chr(value[1])]
            case "CATEGORY":
                some += category(str(value))
    if not negated:
        return some[:8]
    return [one for one in "a 가1.,\n-" if one not in some]


def category(name: str) -> list[str]:
    kinds = {"DIGIT": ["1"], "SPACE": [" ", "\n"], "WORD": ["a", "가", "1"]}
    other = {"DIGIT": ["a", " "], "SPACE": ["a", "."], "WORD": [" ", "."]}
    kind = name.rsplit("_", 1)[1]
    return (other if "NOT" in name else kinds)[kind]


def sample(tree: Iterable[Any], choice: int) -> str:
    """A text that the tree takes, or nearly; another ``choice``, other letters and branches."""
    return "".join(part(str(op), value, choice) for op, value in tree)


def part(op: str, value: Any, choice: int) -> str:
    match op:
        case "LITERAL":
            return chr(int(value))
        case "NOT_LITERAL":
            return "a" if value != ord("a") else "b"
        case "ANY":
            return "a 1"[choice % 3]
        case "IN":
            some = letters(value) or ["a"]
            return some[choice % len(some)]
        case "CATEGORY":
            return category(str(value))[0]
        case "BRANCH":
            return sample(value[1][choice % len(value[1])], choice)
        case "SUBPATTERN":
            return sample(value[3], choice)
        case "ATOMIC_GROUP":
            return sample(value, choice)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return sample(value[2], choice) * max(int(value[0]), 1)
    return ""  # places and looks ahead and behind take nothing


def attacks(tree: Iterable[Any], before: str, choice: int) -> Iterator[tuple[str, str]]:
    """(what leads there, what to repeat)"""
    for op, value in tree:
        match str(op):
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                taken = sample(value[2], choice)
                if value[1] > 3:
                    yield before, taken
                    yield "", before + taken
                yield from attacks(value[2], before, choice)
            case "SUBPATTERN":
                yield from attacks(value[3], before, choice)
            case "ATOMIC_GROUP":
                yield from attacks(value, before, choice)
            case "BRANCH":
                for branch in value[1]:
                    yield from attacks(branch, before, choice)
            case "ASSERT" | "ASSERT_NOT":
                yield from attacks(value[1], before, choice)
        before += part(str(op), value, choice)


def texts(pattern: re.Pattern[str]) -> list[str]:
    tree = list(PARSER.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    found = {("", one) for one in ("a", " ", "가", "1", "\n", ".", "a ", "a.", "1 ", "-")}
    for choice in range(6):
        found |= set(attacks(tree, "", choice))
        found.add(("", sample(tree, choice)))
    return [
        (before + again * (LENGTH // len(again)))[: LENGTH - 1] + end
        for before, again in sorted(found)
        if again
        for end in ("", "\0")
    ]


# How long it takes.


class TooLong(Exception):
    pass


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """CPU time of this process; the expression engine looks at signals now and then."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def run(pattern: re.Pattern[str], method: str, text: str) -> None:
    match method:
        case "sub":
            pattern.sub("", text)
        case "finditer":
            for _ in pattern.finditer(text):
                pass
        case _:
            getattr(pattern, method)(text)


def took(pattern: re.Pattern[str], method: str, text: str) -> float:
    """Seconds of CPU time, the best of ten: on a core that others share it takes longer."""
    best = float("inf")
    for _ in range(10):
        begun = process_time()
        try:
            with limited(10 * AT_MOST_S):
                run(pattern, method, text)
        except TooLong:
            return float("inf")
        best = min(best, process_time() - begun)
        if best <= AT_MOST_S:
            break
    return best


@pytest.mark.parametrize(("pattern", "methods"), patterns())
def test_no_text_takes_long(pattern: re.Pattern[str], methods: frozenset[str]) -> None:
    for text in texts(pattern):
        for method in sorted(methods):
            seconds = took(pattern, method, text)
            assert seconds <= AT_MOST_S, f"{method} of {text[:60]!r}… {seconds * 1_000:.0f} ms"


@pytest.mark.parametrize(
    "slow", [r"(a+)+b", r"\s*,?\s*x", r"\w+@", r"a.*b.*c.*d", r"(?:\d+,)*\d+;"]
)
def test_a_slow_pattern_is_found(slow: str) -> None:
    pattern = re.compile(slow)
    assert any(took(pattern, "search", text) > AT_MOST_S for text in texts(pattern))


def test_all_are_looked_at() -> None:
    assert len(patterns()) > 100
