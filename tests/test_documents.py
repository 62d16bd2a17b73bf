"""What the documents point to and name is there: files and headings in them, targets of make,
variables, words of the command, tables of the database and entries of the log."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from server import cli
from server.settings import NAMES
from server.store import dissolution, erasure
from server.store.announcements import Event

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("data/**/*.md")])
LINK = re.compile(r"\]\(([^()\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """Of its headings, as GitHub makes them."""
    text = FENCED.sub("", document.read_text("utf-8"))
    words = (re.sub(r"[^\w\- ]", "", one.lower()) for one in HEADING.findall(text))
    return {one.strip().replace(" ", "-") for one in words}


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """To files of ours, with the heading, if any."""
    for link in LINK.findall(FENCED.sub("", document.read_text("utf-8"))):
        if "://" not in link and not link.startswith("mailto:"):
            path, _, anchor = link.partition("#")
            yield (document.parent / path if path else document), anchor


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target, anchor in links(document):
        assert target.exists(), target
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{target.name}#{anchor}"


def test_there_are_links() -> None:
    assert sum(1 for document in DOCUMENTS for _ in links(document)) > 100


CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = tuple(
    f"{one}/" for one in ("bench", "data", "deploy", "docs", "server", "static", "tests", "workers")
)
MADE = ("server/share/",)
"""Made when viva is set up."""


def named(document: Path) -> Iterator[str]:
    yield from CODE.findall(FENCED.sub("", document.read_text("utf-8")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: str(one.relative_to(ROOT)))
def test_what_is_named_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"[`(^]make ([a-z-]+)", text)) <= targets
    words = cli.parser().words()
    for name in named(document):
        path = name.partition("::")[0]
        if re.fullmatch(r"[\w./*-]+", path) and path.startswith(FOLDERS) and path.find(MADE[0]) < 0:
            assert next(ROOT.glob(path), None), path
        if re.fullmatch(r"VIVA_[A-Z_]+", name) and document.name != "CHANGELOG.md":
            assert name in NAMES
        if spoken := re.match(r"(?:\.venv/bin/)?viva ([a-z][a-z-]*)", name):
            assert spoken[1] in words


PRIVACY = (ROOT / "docs" / "privacy.md").read_text("utf-8")


def test_privacy_says_of_every_table_what_it_holds() -> None:
    tables = {
        *erasure.OF_INTERVIEWS, *erasure.OF_RESUME,
        *dissolution.COUNTED, *dissolution.WITH_PEOPLE, *dissolution.STAYS,
    }  # fmt: skip
    rows = PRIVACY.partition("## What is held where")[2].partition("## ")[0]
    assert tables <= set(CODE.findall(rows))


def test_privacy_tells_of_every_entry_of_the_log() -> None:
    """Whatever a module that writes the log calls so, but for what webhooks are told of as well."""
    written = set()
    for path in (ROOT / "server").rglob("*.py"):
        source = path.read_text("utf-8")
        if re.search(r"\baudit\.(add|seen)\(", source):
            texts = (
                one.value for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Constant)
            )
            written |= {one for one in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", str(one))}
    told = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", PRIVACY.partition("## The log")[2]))
    events = {*get_args(Event), "webhook.test", "websocket.disconnect"}
    assert len(written) > 60
    assert written - told <= events
    assert told <= written
