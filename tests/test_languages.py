"""What code knows of a language is in ``server/language``; whatever is said is in the packs, and
the words of résumés are in ``workers/reading/words``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.assets import share
from server.language.pack import shipped

ROOT = Path(__file__).resolve().parents[1]
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff]")
TAGS = frozenset(shipped().by_language)
KNOWS = ROOT / "server" / "language"
THE_SERVERS_OWN = 'element.lang = known ? language() : "en";'
"""What the server says in its own words is English."""


def sources() -> Iterator[Path]:
    for package in ("server", "workers"):
        for path in (ROOT / package).rglob("*.py"):
            if not path.is_relative_to(KNOWS):
                yield path


def languages_in(source: str) -> list[str]:
    """Lines in which the tag of a language stands as a value, or Hangul stands at all."""
    tree = ast.parse(source)
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    found = [f"{node.lineno}: {node.value!r}" for node in constants if node.value in TAGS]
    lines = enumerate(source.splitlines(), start=1)
    return found + [f"{number}: {line}" for number, line in lines if HANGUL.search(line)]


@pytest.mark.parametrize("path", [*sources()], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_language_stands_in_code(path: Path) -> None:
    assert languages_in(path.read_text("utf-8")) == []


@pytest.mark.parametrize("code", ['x = "ko"', 'f({"en": 1})', "# 한글", 'y = "네"', '"""가."""'])
def test_one_that_does_is_found(code: str) -> None:
    assert languages_in(code) != []


def test_none_stands_in_the_pages_scripts() -> None:
    tag = re.compile(rf"""["'`]({"|".join(TAGS)})["'`]""")
    for path in (share("static") / "js").glob("*.js"):
        source = path.read_text("utf-8")
        assert not HANGUL.search(source), path.name
        found = [line.strip() for line in source.splitlines() if tag.search(line)]
        assert set(found) <= {THE_SERVERS_OWN}, path.name
